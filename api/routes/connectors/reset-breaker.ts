import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { canReset } from '../../../domain/breaker.ts';
import { breakersOf, type BreakerView } from '../../../repository/polls.ts';
import { installationId } from '../../../repository/installation.ts';
import type { pollConnection } from '../../../workflows/index.ts';
import { resetBreakerSignal } from '../../../workflows/messages.ts';
import type { Dependencies } from '../../dependencies.ts';
import { requireOwnNames, requireOwnWorkflow } from '../../own-names.ts';
import { notFound, Problem } from '../../problems.ts';
import { requireActiveFile, requireConnector } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { breakerSchema } from '../../schemas/breaker.ts';

/** For a worker to read the signal and to store the result. */
const patience = 10_000;

export const resetBreakerRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/connections/{connection}/reset-breaker',
  tag: 'connectors',
  summary: 'Close the circuit breaker of a polled connection and synchronise at once',
  description:
    'The count of failures starts again at 0. If the breaker was open, the sync that starts is a complete one. 409 if the connection is not polled, or its breaker is closed without failures. A signal `resetBreaker` to the workflow `poll:<connector>:<connection>` does the same.',
  params: { name: z.string(), connection: z.string() },
  answers: {
    200: { description: 'The breaker, closed', schema: breakerSchema },
    202: {
      description: 'A worker will close it. The breaker as it is until then',
      schema: breakerSchema,
    },
  },
  problems: [404, 409, 503],
  async handle({ deps, params: { name, connection } }) {
    const connector = await requireConnector(deps.db, name);
    const { file } = await requireActiveFile(deps.db, connector);
    if (!file.connections.some((each) => each.name === connection))
      throw notFound(
        `${name} has no connection ${connection}; it has ${file.connections.map((each) => each.name).join(', ')}.`,
      );
    if (!connector.active)
      throw new Problem('conflict', `${name} is deactivated, so it is not polled: activate it first.`);
    const before = await breakerOf(deps, connector.id, connection);
    if (!before)
      throw new Problem(
        'conflict',
        `The connection ${connection} of ${name} is not polled: it has no poll in the connector file.`,
      );
    if (!canReset(before))
      throw new Problem(
        'conflict',
        `There is nothing to reset: the breaker of ${connection} is closed and its last sync did not fail.`,
      );
    requireOwnNames(deps);
    await requireOwnWorkflow(deps, deps.names.pollWorkflowId(name, connection));
    const id = await installationId(deps.db);
    await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
      deps.temporal.workflow.signalWithStart<typeof pollConnection>('pollConnection', {
        ...deps.names.pollStart(name, connection, id),
        signal: resetBreakerSignal,
      }),
    );
    const until = Date.now() + patience;
    for (;;) {
      const now = await breakerOf(deps, connector.id, connection);
      const taken = now !== undefined && (!canReset(now) || now.failures < before.failures);
      if (taken) return { status: 200, body: now };
      if (Date.now() > until) return { status: 202, body: now ?? before };
      await sleep(100);
    }
  },
});

const breakerOf = async (deps: Dependencies, connector: number, connection: string): Promise<BreakerView | undefined> =>
  (await breakersOf(deps.db, connector)).find((each) => each.connection === connection);
