import type { ChangeFilter } from '../change-filter.ts';
import { allowWork, type Database } from '../database.ts';

/**
 * Reads with the memory that a filter needs. The rows that a cause explains are found by a hash table of resources. With the
 * 4 MB of Postgres, the planner goes through the resources again for each link where they are many.
 */
export function withWork<Result>(
  db: Database,
  filter: ChangeFilter,
  read: (db: Database) => Promise<Result>,
): Promise<Result> {
  if (filter.cause === undefined) return read(db);
  return db.transaction(async (tx) => {
    await allowWork(tx);
    return read(tx);
  });
}
