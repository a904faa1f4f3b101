import { directoryName } from '../domain/directory/directory-file.ts';
import { appliedRules, rulesInUse } from '../repository/directory/rules.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway } from './failures.ts';
import { Problem } from './problems.ts';
import { startSync } from './start-sync.ts';

/**
 * Maps everything if a file that was saved has changed the mappings in use. A sync of the directory that is open goes on; reconcile starts
 * another one when it has ended.
 */
export async function startMapping(deps: Dependencies, by: string): Promise<void> {
  const inUse = await rulesInUse(deps.db);
  if (!inUse || inUse.hash === (await appliedRules(deps.db, inUse.directory.id))) return;
  if (inUse.rules.length === 0) return;
  try {
    await startSync(deps, {
      connector: { id: inUse.directory.id, name: directoryName },
      configRevision: inUse.directory.activeRevision ?? inUse.directory.newestRevision,
      mode: 'complete',
      tasks: ['map'],
      scope: null,
      dryRun: false,
      trigger: 'configuration',
      priority: 'normal',
      by,
    });
  } catch (error) {
    if (!isTemporalAway(error) && !(error instanceof Problem && ['sync-running', 'sync-held'].includes(error.code)))
      throw error;
  }
}
