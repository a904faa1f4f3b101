import { ofSyncs } from './change-parts.ts';
import { row, rows, type Queryable } from './database.ts';
import { comparedBy } from './match-by.ts';
import { frozenKeys, removedKeys, removedLinks, stagedLinks, stagedRows, type Staging } from './staging.ts';

/**
 * A narrowed comparison has the lines that differ in hand. What it finds may also concern a row that is in both exports: a sync has
 * changed what the row stands for since the earlier export was applied; or the row leads to a resource that is deleted, or that gets or
 * gives up a value by which links are matched. Such rows are found here, by what is stored, and taken as if they had gone and come.
 */
export interface SoughtLead {
  /** Link property. */
  id: number;
  entityType: number;
  target: number;
  by: string | null;
  folds?: boolean;
  from: 'column' | 'table';
}

export interface Sources {
  staging: Staging;
  /** Numbers of the entity types that are staged. */
  types: readonly number[];
  since: readonly number[];
}

/** More are not sought. */
const most = 200_000;

/** Of a key, or of a link, that syncs have written since. */
interface Since {
  /** It was not there when the earlier export was applied. */
  came: boolean;
  /** A row of it is staged. */
  staged: boolean;
  /** A row of it is gone. */
  removed: boolean;
}

/** What happened first decides; what one sync deletes and inserts again was there. */
const came = `(array_agg(c.operation order by o.place, c.operation))[1] = 'i' as came`;
const inOrder = 'join unnest(?::bigint[]) with ordinality o(sync, place) on o.sync = c.sync';

/** Keys of an entity type that syncs have written since. */
export const writtenKeys = (
  db: Queryable,
  { staging, since }: Pick<Sources, 'staging' | 'since'>,
  type: number,
): Promise<(Since & { key: string })[]> => {
  const has = (table: string) => `exists (select from ${table} h where h.key = w.key)`;
  return rows(
    db,
    `select w.key, w.came, ${has(stagedRows(staging, type))} or ${has(frozenKeys(staging, type))} as staged,
       ${has(removedKeys(staging, type))} as removed
     from (
       select c.key, ${came} from syncline.change c ${inOrder}
       where ${ofSyncs(since, 'c')} and c.entity_type = ${String(type)} and c.fate is null group by c.key
     ) w limit ${String(most + 1)}`,
    [[...since]],
  );
};

/** Links of a table, as keys of their ends, that syncs have written since. One that was moved was there, and has come. */
export const writtenLinks = (
  db: Queryable,
  { staging, since }: Pick<Sources, 'staging' | 'since'>,
  property: number,
): Promise<(Since & { source: string; target: string })[]> => {
  const has = (table: string) => `exists (select from ${table} h where h.source = w.source and h.target = w.target)`;
  return rows(
    db,
    `select w.source, w.target, w.came, ${has(stagedLinks(staging, property))} as staged,
       ${has(removedLinks(staging, property))} as removed
     from (
       select e.source, e.target, (array_agg(e.operation order by e.place, e.operation))[1] = 'i' as came
       from syncline.link_change c ${inOrder} cross join lateral (
         values (c.source_key, c.target_key, case c.operation when 'u' then 'i' else c.operation end, o.place),
           (c.source_key, c.before_target_key, 'd', o.place)) e(source, target, operation, place)
       where ${ofSyncs(since, 'c')} and c.property = ${String(property)} and c.fate is null and e.target is not null
       group by e.source, e.target
     ) w limit ${String(most + 1)}`,
    [[...since]],
  );
};

/** Keys of resources whose links of a column came, went or moved since. */
export const relinkedKeys = (
  db: Queryable,
  { staging, since }: Pick<Sources, 'staging' | 'since'>,
  { id, entityType }: Pick<SoughtLead, 'id' | 'entityType'>,
): Promise<string[]> =>
  keys(
    db,
    `select distinct c.source_key as key from syncline.link_change c
     where ${ofSyncs(since, 'c')} and c.property = ${String(id)} and c.fate is null
       and ${notInHand(staging, entityType, 'c.source_key')}`,
  );

/** Keys of resources that became managed, or no longer are, by syncs since: a revert may do so without changing them. */
export const flaggedKeys = (
  db: Queryable,
  { staging, since }: Pick<Sources, 'staging' | 'since'>,
  type: number,
): Promise<string[]> =>
  keys(
    db,
    `select distinct r.key from syncline.managed_change m
       join syncline.resource r on r.entity_type = ${String(type)} and r.id = m.resource
     where m.sync = any(?) and m.entity_type = ${String(type)} and ${notInHand(staging, type, 'r.key')}`,
    [[...since]],
  );

/** How many links of a property came since, less those that went. */
export async function linksSince(db: Queryable, property: number, since: readonly number[]): Promise<number> {
  if (since.length === 0) return 0;
  const found = await row<{ n: number }>(
    db,
    `select coalesce(sum(case operation when 'i' then 1 when 'd' then -1 else 0 end), 0)::int as n
     from syncline.link_change c where ${ofSyncs(since, 'c')} and c.property = ${String(property)} and c.fate is null`,
  );
  return found?.n ?? 0;
}

/** Statistics of the keys in hand: without them the planner would go through all that is stored, however few they are. */
export async function analyzeInHand(
  db: Queryable,
  { staging, types }: Pick<Sources, 'staging' | 'types'>,
): Promise<void> {
  for (const type of types)
    await db.raw(`analyze ${stagedRows(staging, type)} (key); analyze ${removedKeys(staging, type)} (key)`);
}

/** Keys of resources, not in hand, whose links of a column may lead elsewhere now, or nowhere. @param targets ids of `touchedTargets` */
export const sourcesToSeek = (
  db: Queryable,
  lead: SoughtLead,
  { staging }: Pick<Sources, 'staging'>,
  targets: readonly string[],
): Promise<string[]> =>
  keys(
    db,
    `select distinct s.key from syncline.link l
       join syncline.resource s on s.entity_type = ${String(lead.entityType)} and s.id = l.source
     where l.property = ${String(lead.id)} and l.target = any(?::bigint[]) and ${notInHand(staging, lead.entityType, 's.key')}`,
    [[...targets]],
  );

/** Links of a table, not in hand, that may lead nowhere now. @param targets ids of `touchedTargets` */
export const linksToSeek = (
  db: Queryable,
  lead: SoughtLead,
  { staging }: Pick<Sources, 'staging'>,
  targets: readonly string[],
): Promise<{ source: string; target: string }[]> => {
  const inHand = (table: string) => `exists (select from ${table} h where h.source = s.key and h.target = e.key)`;
  return rows(
    db,
    `select distinct s.key as source, e.key as target from syncline.link l
       join syncline.resource s on s.entity_type = ${String(lead.entityType)} and s.id = l.source
       join syncline.resource e on e.entity_type = ${String(lead.target)} and e.id = l.target
     where l.property = ${String(lead.id)} and l.target = any(?::bigint[])
       and not ${inHand(stagedLinks(staging, lead.id))} and not ${inHand(removedLinks(staging, lead.id))}
     limit ${String(most + 1)}`,
    [[...targets]],
  );
};

export const tooMany = (found: readonly unknown[]): boolean => found.length > most;

/** Ids of stored resources that are deleted, or that get, give up or share a value by which the links are matched. */
export async function touchedTargets(
  db: Queryable,
  { target, by, folds = false }: SoughtLead,
  { staging, types, since }: Sources,
): Promise<string[]> {
  const parts: string[] = [];
  const bindings: string[] = [];
  const type = String(target);
  const add = (sql: string, names = 0) => {
    parts.push(sql);
    for (let n = 0; n < names; n++) bindings.push(by ?? '');
  };
  const value = (alias: string) => comparedBy({ folds }, `${alias}.attributes ->> ?`);
  if (types.includes(target)) {
    const staged = stagedRows(staging, target);
    add(`select r.id from ${removedKeys(staging, target)} d join syncline.resource r on r.entity_type = ${type} and r.key = d.key
         where not exists (select from ${staged} s where s.key = d.key)`);
    if (by !== null) {
      add(
        `select r.id from ${staged} s join syncline.resource r on r.entity_type = ${type} and r.key = s.key
         where ${value('r')} is distinct from ${value('s')}`,
        2,
      );
      add(
        `select r.id from ${staged} s join syncline.resource r on r.entity_type = ${type} and ${value('r')} = ${value('s')}
         where r.key <> s.key`,
        2,
      );
    }
  }
  if (by !== null && since.length > 0) {
    const written = `syncline.change c where ${ofSyncs(since, 'c')} and c.entity_type = ${type} and c.fate is null`;
    add(`select c.resource as id from ${written} and c.operation = 'u' and jsonb_exists(c.after, ?)`, 1);
    add(
      `select r.id from (
         select n.id, ${value('n')} as value from syncline.resource n where n.entity_type = ${type} and n.id in (
           select c.resource from ${written} and (c.operation = 'i' or c.operation = 'u' and jsonb_exists(c.after, ?)))
       ) n join syncline.resource r on r.entity_type = ${type} and ${value('r')} = n.value where r.id <> n.id`,
      3,
    );
  }
  if (parts.length === 0) return [];
  const found = await rows<{ id: string }>(db, `${parts.join(' union ')} limit ${String(most + 1)}`, bindings);
  return found.map(({ id }) => id);
}

const notInHand = (staging: Staging, type: number, key: string) =>
  `not exists (select from ${stagedRows(staging, type)} h where h.key = ${key})
   and not exists (select from ${removedKeys(staging, type)} h where h.key = ${key})`;

async function keys(
  db: Queryable,
  sql: string,
  bindings: readonly (string | number[] | string[])[] = [],
): Promise<string[]> {
  const found = await rows<{ key: string }>(db, `${sql} limit ${String(most + 1)}`, bindings);
  return found.map(({ key }) => key);
}
