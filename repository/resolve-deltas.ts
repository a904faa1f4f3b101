import { row, type Queryable } from './database.ts';
import { keyArraySql, type ResolvedRows } from './resolve-rows.ts';
import { frozenKeys, stagedRows, type Staging } from './staging.ts';

/**
 * Settles the rows of delta files: commands of one key build on each other, so where one of them cannot be used none of
 * that key is, and each is listed. Withheld deletes, of files that may have been cut short, stand beside them. Unlike in a complete read, identical rows are commands of their own.
 */
export async function resolveDeltas(
  tx: Queryable,
  staging: Staging,
  type: { id: number; name: string; keyCount: number },
): Promise<ResolvedRows> {
  const staged = stagedRows(staging, type.id);
  const frozen = frozenKeys(staging, type.id);
  await tx.raw(
    `insert into ${frozen} select distinct key from ${staged} where fault is not null and command <> 'delete'`,
  );
  const rejected = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from ${staged} s where s.command <> 'withheld' and s.key in (select key from ${frozen}) returning s.source, s.line, s.key, s.fault
     ), told as (
       insert into syncline.sync_error (sync, entity_type, source_table, line, column_name, property, key, code, message, effect)
       select ?, ?, source, line, fault ->> 'column', fault ->> 'property', ${keyArraySql('s.key', type.keyCount)},
         coalesce(fault ->> 'code', 'duplicate-key'),
         coalesce(fault ->> 'message', 'Another row of this key could not be used, so none of the key is.'), 'row-rejected'
       from gone s order by line
     ) select count(*)::int as n from gone`,
    [staging.sync, type.name],
  );
  const accepted = await row<{ n: number }>(tx, `select count(*)::int as n from ${staged} where command <> 'withheld'`);
  await tx.raw(`analyze ${staged} (key, seq)`);
  return { rejected: rejected?.n ?? 0, duplicates: 0, accepted: accepted?.n ?? 0 };
}
