import type { MatchedProperty } from '../domain/match-value.ts';
import type { Queryable } from './database.ts';
import { hasTable } from './has-table.ts';

/**
 * The table `match`: values of indexed properties, by entity type. Triggers of the migration 0055 keep it, for the entity types
 * that have a partition of it.
 */

interface IndexableProperty extends MatchedProperty {
  name: string;
  indexed?: boolean;
  retired: boolean;
}

export const matchTable = (entityType: number) => `syncline.match_${String(entityType)}`;

const indexedOf = (properties: readonly IndexableProperty[]) =>
  new Map(properties.filter(({ indexed, retired }) => indexed && !retired).map(({ name, type }) => [name, type]));

/**
 * Brings the table to the properties that a revision indexes. The caller holds the lock of the connector, so nobody writes resources
 * meanwhile, and has stored the properties.
 */
export async function keepIndexed(
  tx: Queryable,
  entityType: number,
  before: readonly IndexableProperty[],
  now: readonly IndexableProperty[],
): Promise<void> {
  const [had, has] = [indexedOf(before), indexedOf(now)];
  const differ = (a: typeof had, b: typeof had) => [...a].filter(([name, type]) => b.get(name) !== type);
  const dropped = differ(had, has).map(([name]) => name);
  const added = differ(has, had).map(([name]) => name);
  if (dropped.length > 0)
    await tx.raw(`delete from ${matchTable(entityType)} where property = any(?::text[])`, [dropped]);
  if (added.length === 0) return;
  const known = await hasTable(tx, `match_${String(entityType)}`);
  if (!known) await tx.raw(`create table ${matchTable(entityType)} (like syncline.match)`);
  await tx.raw(
    `insert into ${matchTable(entityType)} (entity_type, property, value, place, resource)
     select r.entity_type, p.name, syncline.match_form(p.type, r.attributes ->> p.name), left(r.key, 100), r.id
     from syncline.resource_${String(entityType)} r cross join syncline.indexed_properties(?) p
     where p.name = any(?::text[])`,
    [entityType, added],
  );
  if (!known) await finish(tx, entityType);
  await tx.raw(`analyze ${matchTable(entityType)}`);
}

/** The indexes are made after the rows. Attaching does not lock readers out. */
async function finish(tx: Queryable, entityType: number): Promise<void> {
  const table = matchTable(entityType);
  await tx.raw(`
    create unique index on ${table} (resource, property);
    create index on ${table} (property, value, place);
    create index on ${table} (property, value desc nulls last, place);
    alter table syncline.match attach partition ${table} for values in (${String(entityType)});
    select syncline.follow_match(${String(entityType)})`);
}

/** With the entity type. */
export async function dropMatches(tx: Queryable, entityType: number): Promise<void> {
  await tx.raw(`drop table if exists ${matchTable(entityType)}`);
}
