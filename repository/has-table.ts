import { row, type Queryable } from './database.ts';

/**
 * Whether the schema syncline has a table. Read from the catalog: to_regclass answers from a cache of the session, which
 * after a wait for a lock does not know yet what the one that held it has made.
 */
export async function hasTable(db: Queryable, name: string): Promise<boolean> {
  const found = await row(db, `select 1 from pg_class where relnamespace = 'syncline'::regnamespace and relname = ?`, [
    name,
  ]);
  return found !== undefined;
}
