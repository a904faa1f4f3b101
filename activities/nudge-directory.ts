import { directoryName } from '../domain/directory/directory-file.ts';
import { rulesInUse } from '../repository/directory/rules.ts';
import type { Dependencies } from './dependencies.ts';
import { nudgeRun, type NudgeDependencies } from './nudge-run.ts';
import { nudgeOrdersOf, nudgeTargets } from './provisioning/nudge-targets.ts';

/**
 * Starts a sync of the directory if there is work for it.
 * @param cause the sync whose changes are the work; undefined: reconcile found that work waits
 */
export async function nudge(needed: NudgeDependencies, cause?: string): Promise<void> {
  const inUse = await rulesInUse(needed.db);
  if (!inUse || inUse.rules.length === 0 || !inUse.directory.active) return;
  const { id, activeRevision, newestRevision } = inUse.directory;
  const revision = activeRevision ?? newestRevision;
  await nudgeRun(needed, { id, name: directoryName, revision, rules: inUse.hash, tasks: ['map'] }, cause);
}

/** Starts what follows from the changes of a sync: mapping, computing, or the sending of orders. */
export async function nudgeAfter(needed: NudgeDependencies, cause: string): Promise<void> {
  await nudge(needed, cause);
  await nudgeTargets(needed, cause);
  await nudgeOrdersOf(needed, cause);
}

export function createNudgeActivities(dependencies: Dependencies) {
  /** What a sync has changed may be work for the directory. A repeat finds the sync that the first one started. */
  const nudgeDirectory = (cause: string): Promise<void> => nudgeAfter(dependencies, cause);
  return { nudgeDirectory };
}
