import type { ConnectorFile } from '../domain/connector-file.ts';
import { tasks, type SyncScope } from '../domain/sync.ts';
import { activeConnectors, findConnector, type ConnectorRow } from '../repository/connectors.ts';
import type { SyncView } from '../repository/sync-views.ts';
import type { Dependencies } from './dependencies.ts';
import { problemOf } from './failures.ts';
import { invalid, Problem } from './problems.ts';
import { requireActiveFile } from './require-connector.ts';
import { startSync } from './start-sync.ts';
import { syncBody } from './sync-body.ts';

/** The result of one connector: the started sync, or why none was started. */
export interface Started {
  connector: string;
  syncId: string | null;
  status: string;
  sync: ReturnType<typeof syncBody> | null;
  /** A problem code. */
  reason: string | null;
  detail: string | null;
  /** The open sync because of which this one could not start. */
  met: string | null;
}

/**
 * Starts a complete sync of each connector. If one cannot start, the others still do.
 * @param names the named connectors, else all active ones
 * @param scopeOf the limits of the sync of a connector; a Problem if there is nothing to do
 * @throws Problem if a name is unknown, or no sync could start because Temporal or Postgres does not answer
 */
export async function startSeveral(
  deps: Dependencies,
  names: readonly string[] | undefined,
  by: string,
  scopeOf: (file: ConnectorFile) => SyncScope | null,
): Promise<Started[]> {
  const connectors = await connectorsNamed(deps, names);
  const outcomes: (SyncView | Problem)[] = [];
  for (let at = 0; at < connectors.length; at += atOnce)
    outcomes.push(
      ...(await Promise.all(
        connectors.slice(at, at + atOnce).map((connector) => startOrTell(deps, connector, by, scopeOf)),
      )),
    );
  const away = outcomes.find((each) => each instanceof Problem && each.status >= 500);
  if (away instanceof Problem && outcomes.every((each) => each instanceof Problem)) throw away;
  return outcomes.map((outcome, i) => {
    const { name } = connectors[i] ?? { name: '' };
    return outcome instanceof Problem ? skipped(name, outcome) : begun(name, outcome);
  });
}

/** Connectors at a time: each may wait a little for its first step. */
const atOnce = 8;

async function startOrTell(
  deps: Dependencies,
  connector: ConnectorRow,
  by: string,
  scopeOf: (file: ConnectorFile) => SyncScope | null,
): Promise<SyncView | Problem> {
  try {
    const { revision, file } = await requireActiveFile(deps.db, connector);
    return await startSync(deps, {
      connector,
      configRevision: revision,
      mode: 'complete',
      tasks: [...tasks],
      scope: scopeOf(file),
      dryRun: false,
      trigger: 'manual',
      priority: 'normal',
      by,
    });
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return problem;
  }
}

async function connectorsNamed(deps: Dependencies, names: readonly string[] | undefined): Promise<ConnectorRow[]> {
  if (names === undefined) return activeConnectors(deps.db);
  const found: ConnectorRow[] = [];
  for (const [i, name] of names.entries()) {
    const connector = await findConnector(deps.db, name);
    if (!connector) throw invalid(`/connectors/${String(i)}`, `There is no connector ${name}.`);
    if (!found.some(({ id }) => id === connector.id)) found.push(connector);
  }
  return found;
}

const begun = (connector: string, sync: SyncView): Started => ({
  connector,
  syncId: sync.id,
  status: sync.status,
  sync: syncBody(sync),
  reason: null,
  detail: null,
  met: null,
});

const skipped = (connector: string, problem: Problem): Started => ({
  connector,
  syncId: null,
  status: 'skipped',
  sync: null,
  reason: problem.code,
  detail: problem.message,
  met: typeof problem.members['syncId'] === 'string' ? problem.members['syncId'] : null,
});
