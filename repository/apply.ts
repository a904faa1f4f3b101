import { amount } from '../domain/amount.ts';
import { SyncError } from '../domain/errors.ts';
import type { ManagedBy } from '../domain/managed.ts';
import { row, rows, touched, withoutLoops, type Queryable } from './database.ts';
import { attachBuiltLinks } from './built-links.ts';
import { ofSync } from './change-parts.ts';
import { isProposed } from './fate.ts';
import { createLinkPartition, hasLinkPartition, loadLinkPartition } from './link-partition.ts';
import { applyFlags, flagOfInserted, managedModes } from './managed.ts';
import { markOvertaken } from './overtaken.ts';

export interface ApplyResult {
  resources: { inserted: number; updated: number; deleted: number };
  links: { inserted: number; updated: number; deleted: number };
  overtaken: number;
  /** Change rows that the sync proposed, no matter what happened to them. */
  changes: number;
  /** Entity types and link properties with so many changes that the planner needs new statistics. */
  grown: { types: number[]; properties: number[] };
}

/**
 * Executes exactly the change rows of a sync that have no fate, inside the caller's transaction, which holds the row
 * locks of every connector concerned. If nothing has written to those connectors since the diff (`undisturbed`), every
 * `before` is still right. Else the rows whose `before` is wrong are marked first. Each statement must touch as many rows as
 * it has change rows, or the whole apply is undone.
 * @throws SyncError `change-set-altered`
 */
export async function applyChanges(tx: Queryable, sync: number, undisturbed: boolean): Promise<ApplyResult> {
  const overtaken = undisturbed ? 0 : await markOvertaken(tx, sync);
  const resources = { inserted: 0, updated: 0, deleted: 0 };
  const links = { inserted: 0, updated: 0, deleted: 0 };
  const allTypes = await changedTypes(tx, sync);
  const allProperties = await changedProperties(tx, sync);
  const changes = [...allTypes, ...allProperties].reduce((sum, { all }) => sum + all, 0);
  const types = allTypes.filter(isDone);
  const properties = allProperties.filter(isDone);
  const fresh = new Set<number>();
  for (const p of properties) if (!(await hasLinkPartition(tx, p.id))) fresh.add(p.id);
  for (const p of properties)
    if (fresh.has(p.id) && (p.i < manyRows || p.u > 0)) {
      await createLinkPartition(tx, p.id);
      fresh.delete(p.id);
    }
  const managed = await managedModes(tx);
  // deletes first, so that a key may go and come again; nobody sees a link without both its ends before the commit
  for (const p of properties) links.deleted += await exactly(tx, p.d, deleteLinks(sync, p.id, 'd', 'target'));
  for (const p of properties) await exactly(tx, p.left, deleteLinks(sync, p.id, 'u', 'before_target'));
  for (const t of types) resources.deleted += await exactly(tx, t.d, deleteResources(sync, t.id));
  for (const t of types)
    if (t.i > 0)
      resources.inserted += await withoutLoops(tx, () =>
        exactly(tx, t.i, insertResources(sync, t.id, managed.get(t.id))),
      );
  await applyFlags(tx, sync, managed);
  for (const t of types) resources.updated += await exactly(tx, t.u, updateResources(sync, t.id));
  for (const p of properties) links.updated += await exactly(tx, p.u, insertLinks(sync, p.id, 'u'));
  for (const p of properties)
    links.inserted += fresh.has(p.id)
      ? await load(tx, sync, p, undisturbed)
      : await exactly(tx, p.i, insertLinks(sync, p.id, 'i'));
  for (const t of types) await countStored(tx, 'entity_type', t);
  for (const p of properties) await countStored(tx, 'link_property', p);
  const grown = (changed: Changed[]) => changed.filter(({ i, u, d }) => i + u + d > 1000).map(({ id }) => id);
  return { resources, links, overtaken, changes, grown: { types: grown(types), properties: grown(properties) } };
}

interface Changed {
  id: number;
  /** Proposed change rows; the others are those that are done, without a fate. */
  all: number;
  i: number;
  u: number;
  d: number;
  /** Of a link property: links that a move takes away, and those that one brings (`u`), are counted by their own property. */
  left: number;
}

const isDone = ({ i, u, d, left }: Changed) => i + u + d + left > 0;

const counts = `count(*)::int as "all", ${(['i', 'u', 'd'] as const)
  .map((operation) => `count(*) filter (where operation = '${operation}' and fate is null)::int as ${operation}`)
  .join(', ')}`;

function changedTypes(tx: Queryable, sync: number): Promise<Changed[]> {
  return rows(
    tx,
    `select entity_type as id, ${counts}, 0 as left from syncline.change where ${ofSync(sync)} and ${isProposed()} group by 1 order by 1`,
  );
}

async function changedProperties(tx: Queryable, sync: number): Promise<Changed[]> {
  const proposed = `syncline.link_change where ${ofSync(sync)} and ${isProposed()}`;
  const found = await rows<Changed & { across: number }>(
    tx,
    `select property as id, ${counts}, count(*) filter (where operation = 'u' and fate is null and before_property is null)::int as left,
       count(before_property)::int as across
     from ${proposed} group by 1 order by 1`,
  );
  if (found.every(({ across }) => across === 0)) return found;
  const all = new Map<number, Changed>(found.map((each) => [each.id, each]));
  for (const { id, left } of await rows<Pick<Changed, 'id' | 'left'>>(
    tx,
    `select before_property as id, count(*) filter (where fate is null)::int as left from ${proposed} and before_property is not null group by 1`,
  )) {
    const known = all.get(id) ?? { id, all: 0, i: 0, u: 0, d: 0, left: 0 };
    all.set(id, { ...known, left: known.left + left });
  }
  return [...all.values()].sort((a, b) => a.id - b.id);
}

async function exactly(tx: Queryable, expected: number, sql: string): Promise<number> {
  if (expected === 0) return 0;
  return same(expected, await touched(tx, sql));
}

function same(expected: number, done: number): number {
  if (done !== expected)
    throw new SyncError(
      'change-set-altered',
      `Apply met ${amount(done, 'row')} where the change set has ${String(expected)}: what is stored is not what the change set was made for. Nothing was applied.`,
    );
  return done;
}

async function countStored(
  tx: Queryable,
  table: 'entity_type' | 'link_property',
  { id, i, d, u, left }: Changed,
): Promise<void> {
  const more = i - d + (table === 'link_property' ? u - left : 0);
  if (more !== 0) await tx.raw(`update syncline.${table} set stored = stored + ? where id = ?`, [more, id]);
}

const of = (sync: number, operation: string) =>
  `${ofSync(sync, 'c')} and c.operation = '${operation}' and c.fate is null`;

function insertResources(sync: number, type: number, managed: ManagedBy = null): string {
  const { join, flag } = flagOfInserted(sync, type, managed);
  return `
  insert into syncline.resource_${String(type)} (id, entity_type, key, attributes, managed)
  select c.resource, ${String(type)}, c.key, c.after, ${flag} from syncline.change c ${join}
  where ${of(sync, 'i')} and c.entity_type = ${String(type)}`;
}

const updateResources = (sync: number, type: number) => `
  update syncline.resource_${String(type)} r set attributes = jsonb_strip_nulls(r.attributes || c.after)
  from syncline.change c
  where ${of(sync, 'u')} and c.entity_type = ${String(type)} and r.id = c.resource and r.hash = c.before_hash`;

const deleteResources = (sync: number, type: number) => `
  delete from syncline.resource_${String(type)} r using syncline.change c
  where ${of(sync, 'd')} and c.entity_type = ${String(type)} and r.id = c.resource and r.hash = c.before_hash`;

/** From so many rows on, a new partition is created from the rows, instead of inserting them one by one. */
const manyRows = 10_000;

/**
 * The links of a property that has no partition. If the comparison has built them, nobody has written since, and all of them are
 * applied, then what it built is the partition.
 */
async function load(tx: Queryable, sync: number, { id, i, all }: Changed, undisturbed: boolean): Promise<number> {
  const built = undisturbed && i === all ? await attachBuiltLinks(tx, sync, id) : undefined;
  if (built !== undefined) return same(i, built);
  return same(i, await loadLinkPartition(tx, id, newLinks(sync, id, 'i')));
}

const insertLinks = (sync: number, property: number, operation: 'i' | 'u') => `
  insert into syncline.link_${String(property)} (property, source, target) ${newLinks(sync, property, operation)}`;

const newLinks = (sync: number, property: number, operation: 'i' | 'u') => `
  select ${String(property)}, source, target from syncline.link_change c
  where ${of(sync, operation)} and c.property = ${String(property)}`;

const deleteLinks = (sync: number, property: number, operation: 'u' | 'd', target: 'target' | 'before_target') => `
  delete from syncline.link_${String(property)} l using syncline.link_change c
  where ${of(sync, operation)} and ${operation === 'u' ? leaves(property) : `c.property = ${String(property)}`}
    and l.source = c.source and l.target = c.${target}`;

/** Of moves: those whose link was one of the property before. */
const leaves = (property: number) =>
  `(c.before_property = ${String(property)} or c.before_property is null and c.property = ${String(property)})`;

/** Whether no sync has written to the connectors that a diff looked at since it looked. */
export async function isUndisturbed(tx: Queryable, basis: Record<string, number>): Promise<boolean> {
  for (const [connector, writes] of Object.entries(basis)) {
    const now = await row<{ writes: number }>(tx, 'select writes from syncline.connector where id = ?', [
      Number(connector),
    ]);
    if (now?.writes !== writes) return false;
  }
  return true;
}
