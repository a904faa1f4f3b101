import { clearedBy, clearerOf, speaks, type FailureClearer } from '../domain/spoken-for.ts';
import type { SyncFailure, SyncStatus } from '../domain/sync.ts';
import { allowWork, row, rows, type Queryable, type Transaction } from './database.ts';
import { keyTextSql } from './resolve-rows.ts';
import type { SyncRow } from './syncs.ts';

/**
 * Open errors: what went wrong for an object, a table or a sync, from when it was first seen until a sync clears it.
 * The end of each sync updates them from its own errors, in SQL, at a cost in proportion to the errors.
 */

/** So many are kept for each connector. The others are counted. */
export const keptPerConnector = 10_000;

/** What the end of a sync needs to know of it. */
export type EndedSync = Pick<
  SyncRow,
  'no' | 'connector' | 'mode' | 'scope' | 'tasks' | 'trigger' | 'dryRun' | 'applied' | 'preparation'
>;

/**
 * Takes over the errors of a held sync, and clears nothing. A repeat changes nothing.
 * Dry runs leave no trace.
 */
export async function seeErrors(tx: Transaction, sync: EndedSync, kept = keptPerConnector): Promise<void> {
  if (sync.dryRun) return;
  await collectSeen(tx, sync, null);
  const readAt = await beganToRead(tx, sync);
  await forgetOutdated(tx, sync, readAt);
  await keepSeen(tx, sync, readAt, kept);
}

/**
 * The end of a sync: its errors are open, and an error of an object that it read without the error is cleared. To be called
 * in the transaction that ends the sync, so that it happens once.
 */
export async function settleErrors(
  tx: Transaction,
  sync: EndedSync,
  ended: { status: SyncStatus; failure: SyncFailure | null },
  kept = keptPerConnector,
): Promise<void> {
  if (!sync.dryRun && ended.status !== 'skipped') {
    // what has been applied is there, no matter what happened to the workflow afterwards
    await collectSeen(tx, sync, ended.status === 'failed' && !sync.applied ? ended.failure : null);
    const readAt = await beganToRead(tx, sync);
    await forgetOutdated(tx, sync, readAt);
    if (speaks(sync)) await clearSpokenFor(tx, sync, readAt);
    await keepSeen(tx, sync, readAt, kept);
  }
  await tx.raw('delete from syncline.open_error_read where sync = ?', [sync.no]);
}

/** Of two syncs that overlap, this shows which one read the newer state of the source. */
async function beganToRead(tx: Queryable, sync: EndedSync): Promise<string> {
  const found = await row<{ at: string }>(
    tx,
    'select coalesce(export_started_at, created_at) as at from syncline.sync where no = ?',
    [sync.no],
  );
  if (!found) throw new Error('the sync is gone');
  return found.at;
}

const identity = (columns: string) => `md5(jsonb_build_array(${columns})::text)::uuid`;
const columns =
  'identity, entity_type, source_table, line, position, column_name, property, key, code, message, effect, cleared_by, occurrences';

/**
 * seen: the errors of the sync, each once. Object, property and code identify an error of a row or link. Errors whose
 * object cannot be named are one error of their table. Warnings and errors of a retired entity type are left out.
 */
async function collectSeen(tx: Transaction, sync: EndedSync, failure: SyncFailure | null): Promise<void> {
  await allowWork(tx);
  // one sync of a connector at a time: two that end at once would insert the same error
  await tx.raw(`select pg_advisory_xact_lock(hashtext('syncline-open-error'), ?)`, [sync.connector]);
  await tx.raw(
    `create temp table seen on commit drop as
     select distinct on (identity) ${columns.replace('occurrences', 'count(*) over (partition by identity) as occurrences')}
     from (
       select e.seq, e.entity_type, e.source_table, e.line, e.position, e.column_name, e.property, e.key, e.code, e.message, e.effect,
         'read' as cleared_by, ${identity(
           'e.entity_type, e.property, e.key, e.code, e.effect, case when e.key is null then e.source_table end',
         )} as identity
       from syncline.sync_error e
         join syncline.entity_type t on t.name = e.entity_type and t.connector = ? and not t.retired
       where e.sync = ? and e.effect <> 'warning'
     ) e order by identity, seq`,
    [sync.connector, sync.no],
  );
  if (failure) await addFailure(tx, failure, clearerOf(sync));
  await tx.raw('analyze seen (identity, entity_type, key, effect)');
}

async function addFailure(tx: Transaction, failure: SyncFailure, clearer: FailureClearer): Promise<void> {
  const { code, message, table = null, line = null, column = null } = failure;
  await tx.raw(
    `insert into seen (${columns})
     values (${identity('?::text, ?::text, ?::text')}, null, ?, ?, null, ?, null, null, ?, ?, 'sync-failed', ?, 1)`,
    [code, table, clearer, table, line, column, code, message, clearer],
  );
}

/** Leaves out errors of objects that an applied sync has read later without these errors. */
async function forgetOutdated(tx: Transaction, sync: EndedSync, readAt: string): Promise<void> {
  const later = await rows<EndedSync>(
    tx,
    `select o.no, o.connector, o.mode, o.scope, o.tasks, o.trigger, o.dry_run as "dryRun", o.applied, o.preparation
     from syncline.sync o where o.connector = ? and o.no <> ? and o.applied and o.ended_at is not null
       and o.mode = 'complete' and o.export_started_at > ?::timestamptz order by o.no`,
    [sync.connector, sync.no, readAt],
  );
  for (const each of later.filter(speaks)) {
    const covered = coverage(each);
    await tx.raw(
      `delete from seen e where e.cleared_by = 'read' and ${covered.sql}
         and not exists (select from syncline.sync_error x where x.sync = ? and x.entity_type = e.entity_type
           and x.key = e.key and x.effect = 'row-rejected')
         and not exists (select from syncline.open_error o where o.connector = ? and o.identity = e.identity)`,
      [...covered.bindings, each.no, sync.connector],
    );
  }
}

/**
 * Whether a sync compares the links of all rows that it reads: a limited sync may read all rows and compare fewer
 * links.
 */
const comparesLinks = ({ scope }: EndedSync) => scope?.managedOnly !== true && scope?.users !== 'only';

/** Which errors `e` of rows and links a complete sync can clear, as a condition. */
function coverage(sync: EndedSync): { sql: string; bindings: (string | string[])[] } {
  const conditions: string[] = [];
  const bindings: (string | string[])[] = [];
  if (sync.scope?.entityTypes) {
    conditions.push('e.entity_type = any(?)');
    bindings.push(sync.scope.entityTypes);
  }
  if (sync.scope?.keys) {
    conditions.push(
      `(e.entity_type, to_jsonb(e.key)) in (
         select t.key, k.value from jsonb_each(?::jsonb) t cross join lateral jsonb_array_elements(t.value) k)`,
    );
    bindings.push(JSON.stringify(sync.scope.keys));
    // a source that did not say whether it has the key has not shown it again
    conditions.push(
      `not exists (select from syncline.sync_error u where u.sync = ? and u.entity_type = e.entity_type and u.key = e.key
         and u.code = 'unknown-resource' and u.column_name is not null)`,
    );
    bindings.push(String(sync.no));
  }
  if (!comparesLinks(sync)) conditions.push(`e.effect <> 'link-rejected'`);
  const tables = sync.preparation?.tables ?? [];
  if (tables.some(({ certified }) => !certified)) {
    // a table that may have been cut short does not show which objects are missing
    conditions.push('e.source_table = any(?)');
    bindings.push(tables.filter(({ certified }) => certified).map(({ table }) => table));
  }
  return { sql: conditions.length === 0 ? 'true' : conditions.join(' and '), bindings };
}

/**
 * Clears the errors of objects that the sync has read without these errors. An object whose row was rejected has not
 * been synchronised: its other errors stay.
 */
async function clearSpokenFor(tx: Transaction, sync: EndedSync, readAt: string): Promise<void> {
  const covered =
    sync.mode === 'complete'
      ? coverage(sync)
      : {
          sql: 'e.id in (select error from syncline.open_error_read where sync = ?)',
          bindings: [String(sync.no)],
        };
  const spokenFor = `e.connector = ? and not exists (select from seen s where s.identity = e.identity)
    and case when e.cleared_by <> 'read' then e.cleared_by = any(?)
      else not exists (select from seen s
          where s.entity_type = e.entity_type and s.key = e.key and s.effect = 'row-rejected')
        and ${covered.sql} end`;
  const bindings = [sync.connector, clearedBy(sync), ...covered.bindings];
  await tx.raw(`delete from syncline.open_error e where ${spokenFor} and e.read_at <= ?::timestamptz`, [
    ...bindings,
    readAt,
  ]);
  // a sync that began to read later has ended earlier, and seen it again: it has been there since then
  await tx.raw(
    `update syncline.open_error e set first_seen = e.last_seen where ${spokenFor} and e.read_at > ?::timestamptz
       and e.first_seen <= ?::timestamptz`,
    [...bindings, readAt, readAt],
  );
  if (sync.mode === 'complete' && !sync.scope?.keys && comparesLinks(sync))
    await tx.raw(
      `delete from syncline.open_error_surplus e where e.connector = ? and (?::text[] is null or e.entity_type = any(?))`,
      [sync.connector, sync.scope?.entityTypes ?? null, sync.scope?.entityTypes ?? null],
    );
}

/** Renews the open errors that were seen again and opens the new ones, as many as are kept; the rest is counted. */
async function keepSeen(tx: Transaction, sync: EndedSync, readAt: string, kept: number): Promise<void> {
  const when = `case s.effect when 'sync-failed' then clock_timestamp() else ?::timestamptz end`;
  await tx.raw(
    `update syncline.open_error e set last_seen = ${when}, read_at = ?::timestamptz, sync = ?,
       source_table = s.source_table, line = s.line, position = s.position, column_name = s.column_name, message = s.message,
       occurrences = s.occurrences
     from seen s where e.connector = ? and e.identity = s.identity and e.read_at <= ?::timestamptz`,
    [readAt, readAt, sync.no, sync.connector, readAt],
  );
  await tx.raw(
    `with renewed as (
       update syncline.open_error e set first_seen = least(e.first_seen, ${when})
       from seen s where e.connector = ? and e.identity = s.identity returning e.identity
     )
     delete from seen s using renewed r where r.identity = s.identity`,
    [readAt, sync.connector],
  );
  // failures of syncs are few, and always kept
  await tx.raw(
    `with fitting as (
       select * from seen order by cleared_by = 'read', source_table, line
       limit greatest((select count(*) from seen where cleared_by <> 'read'),
         ? - (select count(*) from syncline.open_error where connector = ?))
     ), opened as (
       insert into syncline.open_error (connector, ${columns}, first_seen, last_seen, read_at, sync)
       select ?, ${columns}, ${when}, ${when}, ?::timestamptz, ? from fitting s returning identity
     )
     delete from seen s using opened o where o.identity = s.identity`,
    [kept, sync.connector, sync.connector, readAt, readAt, readAt, sync.no],
  );
  await countSurplus(tx, sync);
  await tx.raw('drop table seen');
  await lookUpStored(tx, sync.connector);
}

/** The errors that are left in `seen` were not kept. If the sync has not read all of a type, the figure is a minimum. */
async function countSurplus(tx: Transaction, sync: EndedSync): Promise<void> {
  const types = await rows<{ name: string; id: number | null; keys: number | null }>(
    tx,
    `select s.entity_type as name, t.id, cardinality(t.key_properties) as keys
     from (select distinct entity_type from seen) s left join syncline.entity_type t on t.name = s.entity_type`,
  );
  for (const { name, id, keys } of types) {
    const stored =
      id === null
        ? 'false'
        : `exists (select from syncline.resource_${String(id)} r where r.key = ${keyTextSql('s.key', keys ?? 1)})`;
    await tx.raw(
      `insert into syncline.open_error_surplus as o (connector, entity_type, rejected_rows, rejected_stored, rejected_links)
       select ?, s.entity_type, count(*) filter (where s.effect = 'row-rejected'),
         count(*) filter (where s.effect = 'row-rejected' and ${stored}), count(*) filter (where s.effect = 'link-rejected')
       from seen s where s.entity_type = ? group by s.entity_type
       on conflict (connector, entity_type) do update set
         rejected_rows = greatest(o.rejected_rows, excluded.rejected_rows),
         rejected_stored = greatest(o.rejected_stored, excluded.rejected_stored),
         rejected_links = greatest(o.rejected_links, excluded.rejected_links)`,
      [sync.connector, name],
    );
  }
}

/** Whether there is a resource under the key of an open error, now that a sync has written. */
async function lookUpStored(tx: Transaction, connector: number): Promise<void> {
  const types = await rows<{ id: number; name: string; keys: number }>(
    tx,
    `select t.id, t.name, cardinality(t.key_properties) as keys from syncline.entity_type t
     where t.connector = ? and t.name in (select entity_type from syncline.open_error where connector = ?)`,
    [connector, connector],
  );
  for (const { id, name, keys } of types)
    await tx.raw(
      `update syncline.open_error e set stored = now.stored from (
         select o.id, exists (select from syncline.resource_${String(id)} r where r.key = ${keyTextSql('o.key', keys)}) as stored
         from syncline.open_error o where o.connector = ? and o.entity_type = ?
       ) now where now.id = e.id and e.stored <> now.stored`,
      [connector, name],
    );
}

/** Open errors of entity types that a revision has dropped are deleted. */
export async function forgetRetired(tx: Queryable, connector: number): Promise<void> {
  for (const table of ['open_error', 'open_error_surplus'])
    await tx.raw(
      `delete from syncline.${table} e where e.connector = ? and e.entity_type is not null and not exists (
         select from syncline.entity_type t where t.name = e.entity_type and t.connector = e.connector and not t.retired)`,
      [connector],
    );
}
