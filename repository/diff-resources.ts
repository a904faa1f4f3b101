import { ofSyncs, writeChanges } from './change-parts.ts';
import type { DiffInput, DiffType, TypeResult } from './diff-input.ts';
import {
  deleted,
  folded,
  inserted,
  isLimited,
  isManagedOnly,
  isRecreated,
  operationsOf,
  removed,
  scoped,
  updated,
} from './diff-input.ts';
import { createLeftOut, judgeFolded, limitToManaged, writeFlags } from './diff-managed.ts';
import { touched, type Queryable } from './database.ts';
import { narrowTo, refuseCaseVariants } from './narrow.ts';
import { suppressResources, withholdResources, writeSuppressed } from './refusals/suppress-resources.ts';
import { keyArraySql } from './resolve-rows.ts';
import { freezeByIdentity } from './resolve-tombstones.ts';
import { frozenKeys, stagedRows } from './staging.ts';

/**
 * Compares the staged rows of one entity type with the repository, by key and hash, and writes what differs as change
 * rows. Leaves the temporary tables inserted (id, key), updated (id, key, before, after, before_hash) and deleted
 * (id, key), which the links are resolved against.
 */
export async function diffResources(tx: Queryable, input: DiffInput, type: DiffType): Promise<TypeResult> {
  const id = String(type.id);
  const source = input.mode === 'incremental' ? folded(type.id) : stagedRows(input.staging, type.id);
  if (type.scopeKeys) {
    await tx.raw(
      `create temp table ${scoped(type.id)} on commit drop as select distinct unnest(?::text[]) collate "C" as key`,
      [type.scopeKeys],
    );
    await tx.raw(`analyze ${scoped(type.id)}`);
    // if the table was not read to its end, a missing key does not mean that the resource is gone
    if (input.mode === 'complete' && type.certified) await warnOfUnknownKeys(tx, input, type, source);
  }
  await freezeByIdentity(tx, input, type);
  if (input.narrowed) await narrowTo(tx, input, type);
  if (input.mode === 'incremental') await judgeFolded(tx, input, type);
  const operations = operationsOf(input, type);
  const limit = (alias: string) => `and ${alias}.key in (select key from ${scoped(type.id)})`;

  const found = { inserted: 0, updated: 0, deleted: 0 };
  found.inserted = await touched(
    tx,
    `create temp table ${inserted(type.id)} on commit drop as
     select nextval('syncline.resource_id') as id, s.key
     from ${source} s left join syncline.resource r on r.entity_type = ${id} and r.key = s.key
     where (r.id is null or ${isRecreated(input, 's')}) ${type.scopeKeys ? limit('s') : ''}`,
  );
  // after inserted, which has the others too: links to those are left out, not dangling
  if (isManagedOnly(type)) await limitToManaged(tx, type, source);
  // narrowed, the rows that are staged are all about these keys, but not the resources that are stored
  const staged = isLimited(type) ? limit('s') : '';
  const stored = isLimited(type) || input.narrowed ? limit('r') : '';
  found.updated = await createUpdated(tx, input, type, source, staged);

  // Zero rows of a complete source delete everything here. The hold on zero rows catches this.
  const gone =
    input.mode === 'incremental'
      ? `select r.id, r.key from ${removed(type.id)} s join syncline.resource r on r.entity_type = ${id} and r.key = s.key
         where true ${stored}`
      : `select r.id, r.key from syncline.resource r
         where r.entity_type = ${id} ${stored}
           and not exists (select from ${source} s where s.key = r.key)
           and not exists (select from ${frozenKeys(input.staging, type.id)} f where f.key = r.key)`;
  found.deleted = await touched(tx, `create temp table ${deleted(type.id)} on commit drop as ${gone}`);

  if (input.narrowed) await refuseCaseVariants(tx, input, type);
  const overtaken = await leaveOutOvertaken(tx, input, type);
  const suppressed = await suppressResources(tx, input, type, source);
  const withheld = await withholdResources(tx, input, type);
  if (!operations.includes('update')) await tx.raw(`truncate ${updated(type.id)}`);
  if (!operations.includes('delete')) {
    // what may not go does not come again either
    await tx.raw(`delete from ${inserted(type.id)} i using ${deleted(type.id)} d where d.key = i.key`);
    await tx.raw(`truncate ${deleted(type.id)}`);
  }
  await tx.raw(`analyze ${inserted(type.id)}; analyze ${updated(type.id)} (id, key); analyze ${deleted(type.id)}`);

  const write = (expected: number, columns: string, select: string) =>
    writeChanges(tx, { kind: 'change', sync: input.sync, expected, columns, select });
  // Resources that are left out stay in the table, so links to them are left out and not dangling.
  const left = await createLeftOut(tx, input, type);
  const writeDeleted = (which: string) =>
    write(
      found.deleted,
      'entity_type, operation, resource, key, before, before_hash, managed',
      `select ${id}, 'd', d.id, d.key, r.attributes, r.hash, r.managed
       from ${deleted(type.id)} d join syncline.resource r on r.entity_type = ${id} and r.id = d.id
       where ${which} exists (select from ${inserted(type.id)} i where i.key = d.key)`,
    );
  // resources that are deleted and inserted again come first: their history then has that order
  const recreatedRows = input.mode === 'incremental' ? await writeDeleted('') : 0;
  const insertedRows = operations.includes('insert')
    ? await write(
        found.inserted,
        'entity_type, operation, resource, key, after',
        `select ${id}, 'i', i.id, i.key, s.attributes from ${inserted(type.id)} i join ${source} s on s.key = i.key
         where true ${left}`,
      )
    : 0;
  const updatedRows = await write(
    found.updated,
    'entity_type, operation, resource, key, before, after, before_hash',
    `select ${id}, 'u', id, key, before, after, before_hash from ${updated(type.id)}`,
  );
  const deletedRows = recreatedRows + (await writeDeleted('not'));
  await writeSuppressed(tx, input, type, suppressed);
  const flags = await writeFlags(tx, input, type, source, staged, left);
  return { inserted: insertedRows, updated: updatedRows, deleted: deletedRows, withheld, overtaken, suppressed, flags };
}

/** A requested key that is neither in the source nor stored is most likely a typing error. */
async function warnOfUnknownKeys(tx: Queryable, input: DiffInput, type: DiffType, source: string): Promise<void> {
  await tx.raw(
    `insert into syncline.sync_error (sync, entity_type, source_table, key, code, message, effect)
     select ?, ?, ?, ${keyArraySql('k.key', type.keyCount)}, 'unknown-resource',
       'The sync was asked for this key. No row of the source that it takes has it, and it is not stored: check the key.', 'warning'
     from ${scoped(type.id)} k
     where not exists (select from ${source} s where s.key = k.key)
       and not exists (select from ${frozenKeys(input.staging, type.id)} f where f.key = k.key)
       and not exists (select from syncline.resource r where r.entity_type = ${String(type.id)} and r.key = k.key)`,
    [input.sync, type.name, type.table],
  );
}

/** Hashes find the candidates (they spare reading the wide rows), the values themselves decide. */
async function createUpdated(
  tx: Queryable,
  input: DiffInput,
  type: DiffType,
  source: string,
  limited: string,
): Promise<number> {
  const id = String(type.id);
  const retired = type.retiredProperties;
  const stored = retired.length > 0 ? '(r.attributes - ?::text[])' : 'r.attributes';
  const storedHash = retired.length > 0 ? `jsonb_hash_extended(${stored}, 0)` : 'r.hash';
  return touched(
    tx,
    `create temp table ${updated(type.id)} on commit drop as
     select r.id, r.key, d.before, d.after, r.hash as before_hash
     from ${source} s join syncline.resource r on r.entity_type = ${id} and r.key = s.key
     cross join lateral (
       select jsonb_object_agg(k, ${stored} -> k) as before, jsonb_object_agg(k, s.attributes -> k) as after
       from jsonb_object_keys(${stored} || s.attributes) as properties(k)
       where ${stored} -> k is distinct from s.attributes -> k
     ) d
     where ${storedHash} <> s.hash and ${stored} <> s.attributes and not ${isRecreated(input, 's')} ${limited}`,
    retired.length > 0 ? Array.from({ length: 5 }, () => retired) : [],
  );
}

async function leaveOutOvertaken(tx: Queryable, input: DiffInput, type: DiffType): Promise<number> {
  if (input.laterSyncs.length === 0) return 0;
  let count = 0;
  for (const table of [inserted(type.id), updated(type.id), deleted(type.id)]) {
    count += await touched(
      tx,
      `delete from ${table} t using (
         select distinct key from syncline.change where ${ofSyncs(input.laterSyncs)} and entity_type = ? and fate is null
       ) later where later.key = t.key`,
      [type.id],
    );
  }
  return count;
}

/** Empty stand-ins for a type that the sync does not touch, so that its links resolve by the same statements. */
export async function leaveUntouched(tx: Queryable, type: number): Promise<void> {
  await tx.raw(
    `create temp table if not exists ${inserted(type)} (id bigint, key text collate "C") on commit drop;
     create temp table if not exists ${deleted(type)} (id bigint, key text collate "C") on commit drop;
     create temp table if not exists ${updated(type)} (id bigint, key text collate "C", before jsonb, after jsonb, before_hash bigint) on commit drop`,
  );
}
