import { pollsOf } from '../domain/poll.ts';
import { pollDefaultsOf } from '../connectors/registry.ts';
import type { Database } from '../repository/database.ts';
import { polledConnectors } from '../repository/polls.ts';
import type { WorkflowRegister } from './dependencies.ts';

/**
 * Starts the polls that the tables ask for and that do not run. Wakes the polls that follow an older revision or should
 * end: a poll reads the tables itself, and ends if its connection is not polled. A repeat changes nothing.
 */
export async function reconcilePolls(db: Database, workflows: WorkflowRegister): Promise<void> {
  const open = new Map((await workflows.openPolls()).map((poll) => [idOf(poll), poll]));
  for (const { name, revision, file, followed } of await polledConnectors(db))
    for (const { connection } of pollsOf(file, pollDefaultsOf)) {
      const id = idOf({ connector: name, connection });
      const known = open.get(id);
      open.delete(id);
      if (known?.own === false) continue;
      if (!known || followed[connection] !== revision) await workflows.wakePoll(name, connection, true);
    }
  // one that does not tell whose it is ends at its next look; another installation's is left alone
  for (const { connector, connection, own } of open.values())
    if (own === true) await workflows.wakePoll(connector, connection, false);
}

const idOf = ({ connector, connection }: { connector: string; connection: string }) => `${connector}:${connection}`;
