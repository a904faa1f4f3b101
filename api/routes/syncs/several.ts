import { usersTypes } from '../../../domain/managed.ts';
import { limitToUsers } from '../../check-sync-request.ts';
import { route } from '../../route.ts';
import { severalRequestSchema, startedSchema } from '../../schemas/sync.ts';
import { startSeveral, type Started } from '../../start-several.ts';

const answers = {
  202: { description: 'The result of each connector; at least one sync was started', schema: startedSchema },
  200: { description: 'No sync was started; each item says why', schema: startedSchema },
};

const answer = (items: Started[]) => ({
  status: items.some(({ sync }) => sync) ? 202 : 200,
  body: { items, nextCursor: null },
});

export const inventoryRoute = route({
  method: 'post',
  path: '/v1/syncs',
  tag: 'syncs',
  summary: 'Sync inventory: a complete sync of every active connector, or of those named',
  description:
    'Users are created and removed, and all links are synchronised; the attributes of existing resources of `users: true` types are left to Sync users. A connector with a sync that is running or held is skipped, and says so.',
  body: severalRequestSchema,
  bodyRequired: false,
  answers,
  problems: [422, 503],
  async handle({ deps, body, by }) {
    return answer(
      await startSeveral(deps, body.connectors, by, (file) =>
        // without users there is nothing to leave alone: it is a sync of everything
        usersTypes(file).length > 0 ? { users: 'leave' } : null,
      ),
    );
  },
});

export const syncUsersRoute = route({
  method: 'post',
  path: '/v1/sync-users',
  tag: 'syncs',
  summary: 'Sync users: the attributes of existing resources of `users: true` types',
  description: 'It creates and removes none, and changes no links. A connector without such types is left out.',
  body: severalRequestSchema,
  bodyRequired: false,
  answers,
  problems: [422, 503],
  async handle({ deps, body, by }) {
    const items = await startSeveral(deps, body.connectors, by, (file) => limitToUsers(file, { users: 'only' }));
    return answer(body.connectors ? items : items.filter(({ reason }) => reason !== 'no-users'));
  },
});
