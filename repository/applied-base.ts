import { isDeepStrictEqual } from 'node:util';
import { baseVersion, concerns, mostSince, type AppliedBase, type Written } from '../domain/applied-base.ts';
import { ofSync } from './change-parts.ts';
import { row, rows, type Queryable } from './database.ts';

/**
 * The base of a connector, if it was read with this revision and version, and with the revisions that the connectors to which its links
 * lead still have: by another revision a value may match otherwise.
 */
export async function findAppliedBase(
  db: Queryable,
  connector: number,
  revision: number,
  version: string,
): Promise<AppliedBase | undefined> {
  const found = await row<{ base: AppliedBase | null }>(
    db,
    'select unchanged_base as base from syncline.connector where id = ?',
    [connector],
  );
  const base = found?.base;
  if (base?.revision !== revision || base.version !== baseVersion(version)) return undefined;
  return (await isLinkedAs(db, connector, base.linked)) ? base : undefined;
}

/** The revisions in use of the other connectors to which the links of a connector lead, by number. */
export async function linkedRevisions(db: Queryable, connector: number): Promise<Record<string, number>> {
  const found = await rows<{ id: number; revision: number }>(
    db,
    `select distinct c.id, coalesce(c.active_revision, 0) as revision
     from syncline.link_property p join syncline.entity_type s on s.id = p.entity_type
       join syncline.entity_type t on t.id = p.target join syncline.connector c on c.id = t.connector
     where s.connector = ? and c.id <> s.connector and not p.retired`,
    [connector],
  );
  return Object.fromEntries(found.map(({ id, revision }) => [String(id), revision]));
}

/** Whether the other connectors to which the links lead still have these revisions. */
export const isLinkedAs = async (
  db: Queryable,
  connector: number,
  linked: Record<string, number> = {},
): Promise<boolean> => isDeepStrictEqual(linked, await linkedRevisions(db, connector));

/** The base, if equal files under equal conditions mean that nothing changed. */
export async function findUnchangedBase(
  db: Queryable,
  connector: number,
  revision: number,
  version: string,
): Promise<AppliedBase | undefined> {
  const base = await findAppliedBase(db, connector, revision, version);
  return base && !base.due && (base.since ?? []).length === 0 ? base : undefined;
}

/** Whether the base is still this one, and nothing else has been written since. */
export async function isAppliedBase(
  db: Queryable,
  connector: number,
  { base, since }: { base: number; since?: readonly number[] },
): Promise<boolean> {
  const found = await row(
    db,
    `select 1 from syncline.connector where id = ? and (unchanged_base ->> 'sync')::bigint = ?
       and coalesce(unchanged_base -> 'since', '[]') = ?::jsonb`,
    [connector, base, JSON.stringify(since ?? [])],
  );
  return found !== undefined;
}

/**
 * Records that a sync wrote. The connectors concerned count the write. Their bases stay, and name the sync if what it wrote can
 * concern a row of theirs. A base of an earlier version, which may still have workers, goes.
 * @param base the new one of the connector itself, null if the sync leaves none: an earlier base stays and names it
 */
export async function countWrite(
  tx: Queryable,
  sync: { no: number; connector: number },
  sharing: readonly number[],
  base: AppliedBase | null,
): Promise<void> {
  await tx.raw('update syncline.connector set writes = writes + 1 where id = any(?)', [[...sharing]]);
  const others = await rows<{ id: number; base: AppliedBase }>(
    tx,
    'select id, unchanged_base as base from syncline.connector where id = any(?) and id <> ? and unchanged_base is not null',
    [[...sharing], sync.connector],
  );
  const written = others.length > 0 ? await writtenBy(tx, sync.no) : undefined;
  const concerned = others.filter((each) => written && concerns(written, each.base)).map(({ id }) => id);
  if (base) await setUnchangedBase(tx, sync.connector, base);
  else concerned.push(sync.connector);
  await tx.raw(
    `update syncline.connector set unchanged_base = case
       when unchanged_base -> 'linked' is not null and jsonb_array_length(coalesce(unchanged_base -> 'since', '[]')) < ? then
         jsonb_set(unchanged_base, '{since}', coalesce(unchanged_base -> 'since', '[]') || to_jsonb(?::bigint)) end
     where id = any(?) and unchanged_base is not null`,
    [mostSince, sync.no, concerned],
  );
}

async function writtenBy(tx: Queryable, sync: number): Promise<Written> {
  const types = await rows<{ type: number; inserted: boolean; deleted: boolean; properties: string[] }>(
    tx,
    `select c.entity_type as type, bool_or(c.operation = 'i') as inserted, bool_or(c.operation = 'd') as deleted,
       coalesce(array_agg(distinct k.name) filter (where k.name is not null), '{}') as properties
     from syncline.change c left join lateral jsonb_object_keys(c.after) k(name) on c.operation = 'u'
     where ${ofSync(sync, 'c')} and c.fate is null group by 1`,
  );
  const links = await rows<{ property: number }>(
    tx,
    `select distinct c.property from syncline.link_change c where ${ofSync(sync, 'c')} and c.fate is null
     union select distinct c.before_property from syncline.link_change c
     where ${ofSync(sync, 'c')} and c.fate is null and c.before_property is not null`,
  );
  return {
    types: new Map(types.map(({ type, ...each }) => [type, each])),
    links: new Set(links.map(({ property }) => property)),
  };
}

export async function setUnchangedBase(tx: Queryable, connector: number, base: AppliedBase | null): Promise<void> {
  await tx.raw('update syncline.connector set unchanged_base = ?::jsonb where id = ?', [
    base === null ? null : JSON.stringify(base),
    connector,
  ]);
}

/** Whether the changes of all these syncs are still kept; a sync whose row is gone has none. */
export async function keepsChanges(db: Queryable, syncs: readonly number[]): Promise<boolean> {
  if (syncs.length === 0) return true;
  const found = await row<{ n: number }>(
    db,
    'select count(*)::int as n from syncline.sync where no = any(?) and changes_removed_at is null',
    [[...syncs]],
  );
  return found?.n === syncs.length;
}

/** How many of these syncs are of the connector and compared only the lines that differed. */
export async function countNarrowed(db: Queryable, connector: number, syncs: readonly number[]): Promise<number> {
  if (syncs.length === 0) return 0;
  const found = await row<{ n: number }>(
    db,
    `select count(*)::int as n from syncline.sync where no = any(?) and connector = ? and preparation -> 'narrowed' is not null`,
    [[...syncs], connector],
  );
  return found?.n ?? 0;
}
