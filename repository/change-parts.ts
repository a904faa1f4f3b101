import { row, rows, touched, type Database, type Queryable } from './database.ts';
import { hasTable } from './has-table.ts';

/**
 * The partitions of the change rows. Syncs share partitions, a thousand sync numbers each. A change set of `manyRows` rows
 * or more has a partition of its own, which gets its indexes after the rows: 2,000,000 link changes take half as long this
 * way. Rows that are no longer kept are dropped with their partition.
 */

type Kind = 'change' | 'link_change';
const kinds: readonly Kind[] = ['change', 'link_change'];
const syncsPerPart = 1000;
/** From so many rows on a change set has partitions of its own. */
export const manyRows = 50_000;
/** From so many rows of one sync on, the planner has to know of them: it would join so many by loops within seconds. */
const manyShared = 1000;

const sharedNumber = (sync: number) => Math.floor(sync / syncsPerPart);
const sharedPart = (sync: number) => -1 - sharedNumber(sync);
const sharedName = (kind: Kind, sync: number) => `${kind}_shared_${String(sharedNumber(sync))}`;
const ownName = (kind: Kind, sync: number) => `${kind}_own_${String(sync)}`;
/** The partition of a change set of `manyRows` rows or more. */
export const ownTable = (kind: Kind, sync: number) => `syncline.${ownName(kind, sync)}`;

/** The partitions that rows of these syncs can stand in: a list for `in (…)`. */
const partsOf = (...syncs: number[]) =>
  [...new Set(syncs.flatMap((sync) => [sync, sharedPart(sync)]))].join(', ') || 'null';

/** Condition for the change rows of several syncs, which reads their partitions alone. */
export const ofSyncs = (syncs: readonly number[], alias = '') => {
  const of = alias === '' ? '' : `${alias}.`;
  return `${of}part in (${partsOf(...syncs)}) and ${of}sync in (${syncs.join(', ') || 'null'})`;
};

/** Condition for the change rows of one sync. */
export const ofSync = (sync: number, alias = '') => ofSyncs([sync], alias);

/**
 * Condition for the change rows of one sync whose keys another row gives: they are looked up by key. If the planner saw the
 * number of the sync, and had no statistics of the sync yet, it would go through all its rows for each key.
 */
export const ofSyncByKey = (sync: number, alias: string) =>
  `${alias}.part in (${partsOf(sync)}) and ${alias}.sync + 0 = ${String(sync)}`;

/**
 * Makes the shared partitions of a sync if they do not exist, in a short transaction of its own. Others that make the same
 * partitions wait for it. Attaching does not lock out readers or writers.
 */
export async function ensureSharedParts(db: Database, sync: number): Promise<void> {
  if ((await missingParts(db, sync)).length === 0) return;
  await db.transaction(async (tx) => {
    await tx.raw(`select pg_advisory_xact_lock(hashtext('syncline-change-parts'))`);
    for (const kind of await missingParts(tx, sync)) {
      await tx.raw(`create table syncline.${sharedName(kind, sync)} (like syncline.${kind} including defaults)`);
      await attach(tx, kind, sharedName(kind, sync), sharedPart(sync));
    }
  });
}

async function missingParts(db: Queryable, sync: number): Promise<Kind[]> {
  const missing: Kind[] = [];
  for (const kind of kinds) if (!(await hasTable(db, sharedName(kind, sync)))) missing.push(kind);
  return missing;
}

/** Attaching makes the indexes that the table lacks. */
async function attach(tx: Queryable, kind: Kind, table: string, part: number): Promise<void> {
  await tx.raw(`alter table syncline.${kind} attach partition syncline.${table} for values in (${String(part)})`);
}

/**
 * Writes change rows of a sync, inside the transaction that compares; they are read back once `finishParts` has run.
 * @param columns of the table, without part and sync
 * @param select gives them
 * @param expected how many rows, as far as is known
 * @returns how many rows were written
 */
export async function writeChanges(
  tx: Queryable,
  {
    kind,
    sync,
    columns,
    select,
    expected,
  }: { kind: Kind; sync: number; columns: string; select: string; expected: number },
  bindings: readonly (string | string[] | number[])[] = [],
): Promise<number> {
  const own = ownName(kind, sync);
  if (expected >= manyRows) {
    if (!(await hasTable(tx, own)))
      await tx.raw(
        `create table syncline.${own} (like syncline.${kind} including defaults, check (part = ${String(sync)}));
         alter table syncline.${own} alter column part set default ${String(sync)}, alter column sync set default ${String(sync)}`,
      );
    return touched(tx, `insert into syncline.${own} (${columns}) ${select}`, [...bindings]);
  }
  return touched(
    tx,
    `insert into syncline.${kind} (part, sync, ${columns})
     select ${String(sharedPart(sync))}, ${String(sync)}, rows.* from (${select}) rows`,
    [...bindings],
  );
}

/**
 * Leaves one of each link that was written several times for a property, in a partition of the sync's own.
 * @returns how many rows went
 */
export async function removeRepeatedLinks(tx: Queryable, sync: number, property: number): Promise<number> {
  const own = ownTable('link_change', sync);
  if (!(await hasRepeatedLinks(tx, own, property))) return 0;
  return touched(
    tx,
    `delete from ${own} d using (
       select source, target, min(seq) as first from ${own} where property = ? group by source, target having count(*) > 1
     ) repeated
     where d.property = ? and d.source = repeated.source and d.target = repeated.target and d.seq > repeated.first`,
    [property, property],
  );
}

/**
 * Both ids of a link make one number as long as they have 31 bits, and plain numbers are sorted in less than half the time:
 * 0.9 s for two million links by one process, against 2.1 s for pairs by two.
 */
async function hasRepeatedLinks(tx: Queryable, table: string, property: number): Promise<boolean> {
  const ids = await row<{ small: boolean }>(tx, 'select last_value < 2147483648 as small from syncline.resource_id');
  const link = ids?.small ? '(source << 32) | target' : '(source, target)';
  const found = await row<{ repeated: boolean }>(
    tx,
    `select count(distinct ${link}) < count(*) as repeated from ${table} where property = ?`,
    [property],
  );
  return found?.repeated ?? false;
}

/** Makes what `writeChanges` wrote readable: large change sets get their indexes, statistics and place. */
export async function finishParts(tx: Queryable, sync: number): Promise<void> {
  for (const kind of kinds) {
    const analyzed = `(sync, operation, fate, ${kind === 'change' ? 'entity_type, resource' : 'property, source, target'})`;
    const shared = `syncline.${sharedName(kind, sync)}`;
    // the transaction waits for nobody: if another session has the partition, it does the same at this moment
    if (await hasManyRows(tx, shared, sync)) await tx.raw(`analyze (skip_locked) ${shared} ${analyzed}`);
    const own = ownName(kind, sync);
    if (!(await hasTable(tx, own))) continue;
    const second = kind === 'change' ? 'entity_type, key, sync' : 'source_key, property, sync';
    await tx.raw(
      `create index on syncline.${own} (sync, seq); create index on syncline.${own} (${second});
       analyze syncline.${own} ${analyzed}`,
    );
    await attach(tx, kind, own, sync);
  }
}

/**
 * Autovacuum makes statistics some time later, and never if the sync has few of the rows of a partition. Until then the
 * planner takes the rows of the sync for one row.
 */
async function hasManyRows(tx: Queryable, shared: string, sync: number): Promise<boolean> {
  const last = await row(
    tx,
    `select from ${shared} where sync = ? order by seq offset ${String(manyShared - 1)} limit 1`,
    [sync],
  );
  return last !== undefined;
}

/** Removes the change rows of one sync from shared partitions. `dropParts` drops its own partitions. */
export async function removeSharedChanges(tx: Queryable, syncs: readonly number[]): Promise<number> {
  let removed = 0;
  for (const kind of kinds)
    removed += await touched(tx, `delete from syncline.${kind} where part < 0 and ${ofSyncs(syncs)}`);
  return removed;
}

/**
 * Drops the partitions whose rows are no longer kept: the own partition of a sync whose changes are removed or that no
 * longer exists, and a shared partition if this is true for all its thousand syncs. Each is detached first without locking
 * readers out, so this runs outside a transaction, and waits for those that began before it. A repeat continues where it
 * stopped.
 */
export async function dropParts(db: Database): Promise<number> {
  const parts = await rows<{ name: string; parent: string; attached: boolean; pending: boolean }>(
    db,
    `with part as (
       select c.oid, c.relname, substring(c.relname from '^((link_|)change)_') as parent,
         substring(c.relname from '_(own|shared)_') as sort, substring(c.relname from '([0-9]+)$')::bigint as number
       from pg_class c where c.relnamespace = 'syncline'::regnamespace and c.relkind = 'r'
         and c.relname ~ '^(link_|)change_(own|shared)_[0-9]+$'
     )
     select 'syncline.' || relname as name, 'syncline.' || parent as parent, i.inhrelid is not null as attached,
       coalesce(i.inhdetachpending, false) as pending
     from part p left join pg_inherits i on i.inhrelid = p.oid
     where case sort
       when 'own' then not exists (select from syncline.sync s where s.no = number and s.changes_removed_at is null)
       else (number + 1) * ${String(syncsPerPart)} <= (select max(no) from syncline.sync)
         and not exists (select from syncline.sync s where s.no / ${String(syncsPerPart)} = number
           and (s.changes_removed_at is null or s.ended_at is null)) end`,
  );
  for (const { name, parent, attached, pending } of parts) {
    if (attached)
      await db.raw(`alter table ${parent} detach partition ${name} ${pending ? 'finalize' : 'concurrently'}`);
    await db.raw(`drop table if exists ${name}`);
  }
  return parts.length;
}
