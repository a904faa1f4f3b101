import pg from 'pg';
import { taskOf } from '../../domain/task-results.ts';
import { noCauses, type FoundCauses } from './index.ts';
import type { Transaction } from '../database.ts';
import { logSync } from '../sync-log.ts';
import type { SyncRow } from '../syncs.ts';

/** Classes of SQLSTATE of a statement that cannot be executed with these data, while the connection and the transaction can go on. */
const faultsOfStatements = /^(22|42|54)/;

/**
 * Searches for the causes of a change set. Causes explain and decide nothing, so a fault of the search does not end the sync:
 * the search is undone, the sync names no cause, and its log says so. Every other error is thrown.
 */
export async function searchCauses(
  tx: Transaction,
  sync: SyncRow,
  search: () => Promise<FoundCauses>,
): Promise<FoundCauses> {
  await tx.raw('savepoint causes');
  try {
    const found = await search();
    await tx.raw('release savepoint causes');
    return found;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && faultsOfStatements.test(error.code ?? ''))) throw error;
    await tx.raw('rollback to savepoint causes');
    await logSync(
      tx,
      sync.no,
      taskOf(sync, 'synchronize'),
      'warn',
      `The search for likely causes failed (SQLSTATE ${error.code ?? ''}), so this sync names none. Its changes and limits are not affected. Please report this with the log.`,
    );
    return noCauses;
  }
}
