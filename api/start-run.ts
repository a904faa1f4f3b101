import type { Task } from '../domain/sync.ts';
import { appliedRules } from '../repository/directory/rules.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway } from './failures.ts';
import { Problem } from './problems.ts';
import { startSync } from './start-sync.ts';

/** A connector whose resources are made by rules, as they are now. */
interface MadeByRules {
  connector: { id: number; name: string };
  revision: number;
  /** Tells its rules from others. */
  rules: string;
  tasks: Task[];
}

/**
 * Runs everything by the rules in use, unless that was done. A run that is open goes on; reconcile starts another one when it has
 * ended.
 */
export async function startRun(deps: Dependencies, made: MadeByRules, by: string): Promise<void> {
  const { connector, revision, rules, tasks } = made;
  if (rules === (await appliedRules(deps.db, connector.id))) return;
  try {
    await startSync(deps, {
      connector,
      configRevision: revision,
      mode: 'complete',
      tasks,
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
