import { row, type Queryable } from './database.ts';
import { keyArraySql, type ResolvedRows } from './resolve-rows.ts';
import { frozenKeys, namedIdentities, stagedRows, type Staging } from './staging.ts';

/**
 * Settles the rows of delta files. Commands of one key build on each other: if one of them cannot be used, none of this
 * key is used, and each is listed. Withheld deletes, of files that may have been cut short, are among the rows. Unlike
 * in a complete read, identical rows are commands of their own.
 */
export async function resolveDeltas(
  tx: Queryable,
  staging: Staging,
  type: { id: number; name: string; keyCount: number; identity?: boolean },
): Promise<ResolvedRows> {
  const other = type.identity
    ? 'Another row of this key could not be used, or has another identity, so none of the key is.'
    : 'Another row of this key could not be used, so none of the key is.';
  const staged = stagedRows(staging, type.id);
  const frozen = frozenKeys(staging, type.id);
  await tx.raw(
    `insert into ${frozen} select distinct key from ${staged} where fault is not null and command <> 'delete'`,
  );
  if (type.identity) await freezeIdentities(tx, staging, type);
  const rejected = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from ${staged} s where s.command <> 'withheld' and s.key in (select key from ${frozen}) returning s.source, s.line, s.position, s.key, s.fault
     ), told as (
       insert into syncline.sync_error (sync, entity_type, source_table, line, position, column_name, property, key, code, message, effect)
       select ?, ?, source, line, position, fault ->> 'column', fault ->> 'property', ${keyArraySql('s.key', type.keyCount)},
         coalesce(fault ->> 'code', 'duplicate-key'),
         coalesce(fault ->> 'message', '${other}'), 'row-rejected'
       from gone s order by line
     ) select count(*)::int as n from gone`,
    [staging.sync, type.name],
  );
  const gone = type.identity ? `+ (select count(*) from ${namedIdentities(staging, type.id)} where what = 'gone')` : '';
  const accepted = await row<{ n: number }>(
    tx,
    `select ((select count(*) from ${staged} where command <> 'withheld') ${gone})::int as n`,
  );
  await tx.raw(`analyze ${staged} (key, seq)`);
  return { rejected: rejected?.n ?? 0, duplicates: 0, accepted: accepted?.n ?? 0 };
}

/**
 * Freezes keys that whole records of different identities have, and the identities of all records that are not used: nothing of
 * them is deleted.
 */
async function freezeIdentities(tx: Queryable, staging: Staging, { id }: { id: number }): Promise<void> {
  const staged = stagedRows(staging, id);
  const frozen = frozenKeys(staging, id);
  await tx.raw(
    `insert into ${frozen} select key from ${staged} where command = 'merge'
     group by key having count(distinct identity) > 1`,
  );
  await tx.raw(
    `insert into ${namedIdentities(staging, id)} (identity, what, source, line, position)
     select identity, 'frozen', source, line, position from ${staged}
     where identity is not null and command <> 'delete' and key in (select key from ${frozen})`,
  );
}
