import type { ManagedBy } from '../domain/managed.ts';
import { row, rows, type Queryable } from './database.ts';

/** Managed and unmanaged resources, as they are stored. The flag of a resource is in its row. */

/** Every resource of a type becomes managed. */
export async function manageAll(tx: Queryable, entityType: number): Promise<void> {
  await tx.raw(`update syncline.resource_${String(entityType)} set managed = true where not managed`);
}

export interface ManagedChoice {
  managed: boolean;
  by: string;
  at: string;
}

/** What a person chose last for a key. */
export function findChoice(db: Queryable, entityType: number, key: string): Promise<ManagedChoice | undefined> {
  return row(
    db,
    `select managed, chosen_by as by, chosen_at as at from syncline.managed_choice where entity_type = ? and key = ?`,
    [entityType, key],
  );
}

/**
 * Records a choice and sets the flag, inside the caller's transaction. A sync that is being applied does not change it: only
 * rules do, and they decide for other types.
 */
export async function chooseManaged(
  tx: Queryable,
  entityType: number,
  key: string,
  managed: boolean,
  by: string,
): Promise<void> {
  await tx.raw(
    `insert into syncline.managed_choice (entity_type, key, managed, chosen_by) values (?, ?, ?, ?)
     on conflict (entity_type, key) do update
       set managed = excluded.managed, chosen_by = excluded.chosen_by, chosen_at = clock_timestamp()`,
    [entityType, key, managed, by],
  );
  await tx.raw(`update syncline.resource_${String(entityType)} set managed = ? where key = ? and managed <> ?`, [
    managed,
    key,
    managed,
  ]);
}

/** The keys, of those asked for, that are stored. */
export async function storedKeys(db: Queryable, entityType: number, keys: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ key: string }>(
    db,
    `select key from syncline.resource_${String(entityType)} where key = any(?::text[])`,
    [[...keys]],
  );
  return new Set(found.map(({ key }) => key));
}

/**
 * The same choice for many keys at once, inside a transaction that holds the row of the connector: a sync that is being applied
 * goes through the same rows in another order.
 * @returns how many resources had the other flag
 */
export async function chooseManagedOfMany(
  tx: Queryable,
  entityType: number,
  keys: readonly string[],
  managed: boolean,
  by: string,
): Promise<number> {
  const changed = await row<{ n: number }>(
    tx,
    `with wanted as (select distinct unnest(?::text[]) as key),
     chosen as (
       insert into syncline.managed_choice (entity_type, key, managed, chosen_by)
       select ?::int, key, ?::boolean, ?::text from wanted order by key
       on conflict (entity_type, key) do update
         set managed = excluded.managed, chosen_by = excluded.chosen_by, chosen_at = clock_timestamp()),
     flagged as (
       update syncline.resource_${String(entityType)} r set managed = ?::boolean
       from wanted w where r.key = w.key and r.managed <> ?::boolean returning 1)
     select count(*)::int as n from flagged`,
    [[...keys], entityType, managed, by, managed, managed],
  );
  return changed?.n ?? 0;
}

/** Who decides now which resources of a type are managed. */
export async function managedModes(tx: Queryable): Promise<Map<number, ManagedBy>> {
  const found = await rows<{ id: number; by: ManagedBy }>(
    tx,
    'select id, managed_by as by from syncline.entity_type where managed_by is not null',
  );
  return new Map(found.map(({ id, by }) => [id, by]));
}

/**
 * The flag of a resource that a sync inserts: from the rule, or the choice for its key. A resource that comes back by a
 * revert has the flag that it had, unless a person has chosen since. SQL over `change c`, with the join that it needs.
 */
export function flagOfInserted(sync: number, type: number, by: ManagedBy): { join: string; flag: string } {
  if (by === 'rule')
    return {
      join: `left join syncline.managed_change m on m.sync = ${String(sync)} and m.entity_type = ${String(type)}
        and m.resource = c.resource`,
      flag: 'coalesce(c.managed, m.managed, true)',
    };
  if (by === 'hand')
    return {
      join: `left join syncline.managed_choice m on m.entity_type = ${String(type)} and m.key = c.key`,
      flag: 'coalesce(m.managed, c.managed, false)',
    };
  return { join: '', flag: 'true' };
}

/**
 * Sets the flags that a sync found, before the sync changes the resources. Only resources that are still as the sync saw
 * them get a flag. If a later revision has no rule, the flags of a rule are not set. The rows of flags that were set are
 * kept with the changes of the sync, for a revert.
 */
export async function applyFlags(tx: Queryable, sync: number, modes: ReadonlyMap<number, ManagedBy>): Promise<void> {
  const found = await rows<{ type: number }>(
    tx,
    'select distinct entity_type as type from syncline.managed_change where sync = ?',
    [sync],
  );
  const ruled = found.map(({ type }) => type).filter((type) => modes.get(type) === 'rule');
  await tx.raw(
    'delete from syncline.managed_change where sync = ? and (before_hash is null or not entity_type = any(?::int[]))',
    [sync, ruled],
  );
  for (const type of ruled) {
    const resource = `syncline.resource_${String(type)}`;
    const mine = 'm.sync = ? and m.entity_type = ?';
    await tx.raw(
      `delete from syncline.managed_change m where ${mine} and not exists (
         select from ${resource} r where r.id = m.resource and r.hash = m.before_hash and r.managed <> m.managed)`,
      [sync, type],
    );
    await tx.raw(
      `update ${resource} r set managed = m.managed from syncline.managed_change m where ${mine} and m.resource = r.id`,
      [sync, type],
    );
  }
}
