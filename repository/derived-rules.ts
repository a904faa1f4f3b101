import type { Task } from '../domain/sync.ts';
import type { Queryable } from './database.ts';
import { rulesInUse } from './directory/rules.ts';
import { targetRules } from './provisioning/targets.ts';

/** Tells the rules in use, by which a sync of the directory or of a target works, from others; undefined: there are none. */
export const currentRules = async (
  db: Queryable,
  { connector, tasks }: { connector: number; tasks: readonly Task[] },
): Promise<string | undefined> => (tasks.includes('map') ? (await rulesInUse(db))?.hash : targetRules(db, connector));
