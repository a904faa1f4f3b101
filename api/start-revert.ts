import { amount } from '../domain/amount.ts';
import type { ConnectorRow } from '../repository/connectors.ts';
import { appliedSyncs, type UndoneSync } from '../repository/revert/undone.ts';
import type { SyncView } from '../repository/sync-views.ts';
import type { Dependencies } from './dependencies.ts';
import { invalid, Problem } from './problems.ts';
import { requireActiveFile } from './require-connector.ts';
import type { RevertBody } from './schemas/revert.ts';
import { startSync } from './start-sync.ts';
import { requireSync } from './sync-body.ts';

/** So many syncs can be undone by one. */
const mostReverts = 1000;

/**
 * Starts the sync that undoes others.
 * @param undone the newest first
 * @throws Problem `sync-not-applied`, `changes-removed`, and as every start does
 */
export async function startRevert(
  deps: Dependencies,
  connector: ConnectorRow,
  undone: readonly Omit<UndoneSync, 'no'>[],
  { then, dryRun, reason }: RevertBody,
  by: string,
): Promise<SyncView> {
  for (const { id, applied, changesRemoved } of undone) {
    if (!applied) throw new Problem('sync-not-applied', `The sync ${id} was not applied: there is nothing to undo.`);
    if (changesRemoved)
      throw new Problem(
        'changes-removed',
        `The changes of the sync ${id} were removed by the clean-up, having been kept long enough: it cannot be undone.`,
      );
  }
  const { revision } = await requireActiveFile(deps.db, connector);
  return startSync(deps, {
    connector,
    configRevision: revision,
    mode: 'complete',
    tasks: ['synchronize'],
    scope: null,
    dryRun,
    trigger: 'revert',
    priority: 'normal',
    by,
    revert: { reverts: undone.map(({ id }) => id).reverse(), then, reason },
  });
}

/**
 * The syncs that a revert of a connector undoes, the newest first.
 * @param which the newest so many, or all that were applied after one
 * @throws Problem `invalid` where there are not so many, or that sync is none to go back to
 */
export async function newestSyncs(
  deps: Dependencies,
  connector: ConnectorRow,
  { last, to }: { last?: number | undefined; to?: string | undefined },
): Promise<UndoneSync[]> {
  if (to === undefined) {
    const found = await appliedSyncs(deps.db, connector.id, { limit: last ?? 1 });
    if (found.length < (last ?? 1))
      throw invalid('/last', `${connector.name} has ${amount(found.length, 'applied sync')} that changed something.`);
    return found;
  }
  const sync = await requireSync(deps.db, to);
  if (sync.connector !== connector.name || !sync.applied)
    throw invalid('/to', `The sync ${to} is no applied sync of ${connector.name}.`);
  const found = await appliedSyncs(deps.db, connector.id, { after: to, limit: mostReverts + 1 });
  if (found.length === 0) throw invalid('/to', `No sync has changed anything of ${connector.name} after this one.`);
  if (found.length > mostReverts)
    throw invalid('/to', `More than ${String(mostReverts)} syncs have changed something after this one.`);
  return found;
}
