import pg from 'pg';
import { row, rows, touched, type Database, type Queryable } from './database.ts';
import { hasTable } from './has-table.ts';

/**
 * The links of a first load as a comparison has built them: a table that nobody reads, with its rows and indexes. Apply makes it the
 * partition of its property, unless something has come between. See docs/decisions/0073-built-links.md.
 */

const { DatabaseError } = pg;

const name = (sync: number, property: number) => `built_links_${String(sync)}_${String(property)}`;
const partition = (property: number) => `link_${String(property)}`;

/** The indexes of a partition: what its name ends in, and the columns. */
const indexes = [
  { ending: 'source_target_idx', unique: 'unique', columns: 'source, target' },
  { ending: 'target_source_idx', unique: '', columns: 'target, source' },
] as const;

/**
 * Builds the links of a property out of the change rows of a comparison, inside its transaction.
 * @param changes the table that they stand in
 * @returns false if a link occurs twice; then nothing is built
 */
export async function buildLinks(tx: Queryable, sync: number, property: number, changes: string): Promise<boolean> {
  await tx.raw('savepoint before_built_links');
  try {
    await build(tx, sync, property, changes);
  } catch (error) {
    if (!isRepeated(error)) throw error;
    await tx.raw('rollback to savepoint before_built_links');
    return false;
  }
  await tx.raw('release savepoint before_built_links');
  return true;
}

/** Whether two rows have the same values in an index that allows them once only. */
const isRepeated = (error: unknown) => error instanceof DatabaseError && error.code === '23505';

async function build(tx: Queryable, sync: number, property: number, changes: string): Promise<void> {
  const table = name(sync, property);
  // autovacuum would stop the apply that renames the table for a second
  await tx.raw(
    `drop table if exists syncline.${table};
     create table syncline.${table} with (autovacuum_enabled = false) as
       select property, source, target from ${changes} where property = ${String(property)};
     alter table syncline.${table} alter property set not null, alter source set not null, alter target set not null,
       add constraint of_property check (property = ${String(property)})`,
  );
  for (const { ending, unique, columns } of indexes)
    await tx.raw(`create ${unique} index ${table}_${ending} on syncline.${table} (${columns})`);
}

/**
 * Makes the built links the partition of their property, which has none yet. The constraint spares the look at each row, and
 * attaching does not lock readers out.
 * @returns how many links, or undefined if none were built
 */
export async function attachBuiltLinks(tx: Queryable, sync: number, property: number): Promise<number | undefined> {
  const table = name(sync, property);
  if (!(await hasTable(tx, table))) return undefined;
  const found = await row<{ n: number }>(tx, `select count(*)::int as n from syncline.${table}`);
  const attached = partition(property);
  for (const { ending } of indexes)
    await tx.raw(`alter index syncline.${table}_${ending} rename to ${attached}_${ending}`);
  await tx.raw(
    `alter table syncline.${table} rename to ${attached};
     alter table syncline.link attach partition syncline.${attached} for values in (${String(property)});
     alter table syncline.${attached} drop constraint of_property;
     alter table syncline.${attached} reset (autovacuum_enabled)`,
  );
  return found?.n ?? 0;
}

/** Drops what comparisons of syncs have built that have ended. @returns how many tables */
export async function dropBuiltLinks(db: Database): Promise<number> {
  const built = await rows<{ name: string }>(
    db,
    `select relname as name from pg_class
     where relnamespace = 'syncline'::regnamespace and relkind = 'r' and relname ~ '^built_links_[0-9]+_[0-9]+$'
       and not exists (select from syncline.sync where no = split_part(relname, '_', 3)::bigint and ended_at is null)`,
  );
  for (const each of built) await touched(db, `drop table if exists syncline.${each.name}`);
  return built.length;
}
