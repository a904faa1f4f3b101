import { row, type Queryable } from './database.ts';

/** The UUID of the installation that this database is. */
export async function installationId(db: Queryable): Promise<string> {
  const ask = () => row<{ id: string }>(db, 'select id from syncline.installation');
  const known = await ask();
  if (known) return known.id;
  await db.raw('insert into syncline.installation default values on conflict do nothing');
  const made = await ask();
  if (!made) throw new Error('the installation has no row');
  return made.id;
}
