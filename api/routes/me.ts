import type { Config } from '../../config.ts';
import { nameOf } from '../../domain/people.ts';
import { route } from '../route.ts';
import { meSchema, roles } from '../schemas/me.ts';

export const meRoute = route({
  method: 'get',
  path: '/v1/me',
  tag: 'operation',
  summary: 'Who asks, and what this person may do',
  description: 'Without logins, whoever reaches the API is `user:local` and has every role.',
  answers: { 200: { description: 'Who asks', schema: meSchema } },
  handle: ({ by, deps: { config } }) =>
    Promise.resolve({
      status: 200,
      body: { by, name: nameOf(by), login: 'off', roles: [...roles], workflows: workflowsAt(config), connectors: null },
    }),
});

function workflowsAt({ temporal: { uiUrl, namespace } }: Config): string | null {
  return uiUrl === undefined ? null : `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}
