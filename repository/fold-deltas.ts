import type { DiffInput, DiffType } from './diff-input.ts';
import { folded, removed } from './diff-input.ts';
import { row, type Queryable } from './database.ts';
import { keyArraySql } from './resolve-rows.ts';
import { referenceColumn, referenceGiven, stagedRows } from './staging.ts';

/**
 * Folds the commands of delta files, in their order, into one outcome for each key: `folded` has the rows as they should
 * be stored, `removed` the keys that go. Inserting a stored key and updating an unknown one are rejected row by row;
 * deleting an unknown one is no change. What a resource is depends on what is stored, so this belongs to the diff.
 */
export async function foldDeltas(tx: Queryable, input: DiffInput, type: DiffType): Promise<{ rejected: number }> {
  const staged = stagedRows(input.staging, type.id);
  // The last insert, merge or delete before a row tells whether the key exists when its turn comes.
  await tx.raw(
    `create temp table turn on commit drop as
     select s.*, coalesce(p.command in ('insert', 'merge'), r.id is not null) as exists_before,
       r.attributes - ?::text[] as stored
     from (
       select *, max(seq) filter (where command <> 'update')
         over (partition by key order by seq rows between unbounded preceding and 1 preceding) as previous
       from ${staged}
     ) s
     left join ${staged} p on p.seq = s.previous
     left join syncline.resource r on r.entity_type = ${String(type.id)} and r.key = s.key`,
    [type.retiredProperties],
  );
  // a limited sync may have inserted it already: then the row says what it said before, and all that follow come again
  const again = input.repeated ? 'and previous is not null' : '';
  const rejected = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from turn where (command = 'insert' and exists_before ${again}) or (command = 'update' and not exists_before)
       returning source, line, key, command
     ), told as (
       insert into syncline.sync_error (sync, entity_type, source_table, line, key, code, message, effect)
       select ?, ?, source, line, ${keyArraySql('s.key', type.keyCount)},
         case command when 'insert' then 'duplicate-key' else 'unknown-resource' end,
         case command when 'insert' then 'The row inserts a key that is stored already; use merge or update.'
           else 'The row updates a key that is not stored; use merge or insert.' end,
         'row-rejected'
       from gone s
     ) select count(*)::int as n from gone`,
    [input.sync, type.name],
  );
  const references = type.references.map(({ property, multiValued }) => {
    const column = referenceColumn(property);
    const last = `jsonb_agg(to_jsonb(${column}) order by seq desc) filter (where ${referenceGiven(property)} and seq > last_delete) -> 0`;
    const value = multiValued
      ? `(select array_agg(v) from jsonb_array_elements_text(case when jsonb_typeof(${last}) = 'array' then ${last} end) v)`
      : `(${last}) #>> '{}'`;
    return `, ${value} as ${column}, bool_or(${referenceGiven(property)} or last_delete > 0) as ${referenceGiven(property)}`;
  });
  await tx.raw(`
    create temp table ${folded(type.id)} on commit drop as
    select *, jsonb_hash_extended(attributes, 0) as hash from (
      select key, max(source) as source, max(line) as line,
        jsonb_strip_nulls(
          case when max(last_delete) > 0 then '{}' else coalesce((array_agg(stored))[1], '{}') end
          || syncline.jsonb_merge(attributes order by seq) filter (where seq > last_delete)
        ) as attributes ${references.join('')}
      from (
        select *, coalesce(max(seq) filter (where command = 'delete') over (partition by key), 0) as last_delete from turn
      ) t
      group by key having bool_or(seq > last_delete)
    ) f;
    create temp table ${removed(type.id)} on commit drop as
    select key from turn group by key having (array_agg(command order by seq desc))[1] = 'delete';
    analyze ${folded(type.id)} (key); analyze ${removed(type.id)};
    drop table turn`);
  return { rejected: rejected?.n ?? 0 };
}
