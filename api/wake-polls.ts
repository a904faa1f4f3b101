import { WorkflowNotFoundError } from '@temporalio/client';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { pollsOf } from '../domain/poll.ts';
import { pollDefaultsOf } from '../connectors/registry.ts';
import { findConnector, findRevision, type ConnectorRow } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { installationId } from '../repository/installation.ts';
import type { pollConnection } from '../workflows/index.ts';
import { wakePollSignal } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { requireOwnNames, requireOwnWorkflow } from './own-names.ts';

/** If Temporal does not answer for longer, reconcile wakes them within a minute. */
const patience = 2_000;

/** The file that a connector uses, if it uses one. */
export async function fileInUse(db: Queryable, connector: ConnectorRow): Promise<ConnectorFile | undefined> {
  if (connector.activeRevision === null) return undefined;
  return (await findRevision(db, connector.id, connector.activeRevision))?.file;
}

/**
 * After a change of a connector: starts its polls, and lets all of them read the change. It never fails: reconcile does the
 * rest later.
 * @param before the file that was in use, whose polls may have to end
 */
export async function wakePolls(deps: Dependencies, name: string, before?: ConnectorFile): Promise<void> {
  try {
    const connector = await findConnector(deps.db, name);
    const file = connector && (await fileInUse(deps.db, connector));
    const polled = file ? connectionsOf(file) : [];
    const earlier = before ? connectionsOf(before) : [];
    for (const connection of new Set([...polled, ...earlier]))
      await wake(deps, name, connection, connector?.active === true && polled.includes(connection));
  } catch (error) {
    deps.log.warn({ err: error, connector: name }, 'polls could not be woken; reconcile wakes them');
  }
}

const connectionsOf = (file: ConnectorFile) => pollsOf(file, pollDefaultsOf).map(({ connection }) => connection);

async function wake(deps: Dependencies, name: string, connection: string, start: boolean): Promise<void> {
  const { connection: temporal, workflow } = deps.temporal;
  requireOwnNames(deps);
  await requireOwnWorkflow(deps, deps.names.pollWorkflowId(name, connection));
  const id = await installationId(deps.db);
  await temporal.withDeadline(Date.now() + patience, async () => {
    if (start) {
      await workflow.signalWithStart<typeof pollConnection>('pollConnection', {
        ...deps.names.pollStart(name, connection, id),
        signal: wakePollSignal,
      });
      return;
    }
    try {
      await workflow.getHandle(deps.names.pollWorkflowId(name, connection)).signal(wakePollSignal);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  });
}
