import type { DiffInput, DiffType } from './diff-input.ts';
import { folded, removed } from './diff-input.ts';
import { row, touched, type Queryable } from './database.ts';
import { judgeScopes } from './judge-scope.ts';
import { writeWithheld } from './refusals/suppress-resources.ts';
import { keyArraySql } from './resolve-rows.ts';
import { referenceColumn, referenceGiven, stagedRows } from './staging.ts';

export interface FoldedDeltas {
  rejected: number;
  /** Rows about what the condition of the type leaves out, and which was not in before. */
  filtered: number;
  /** Resources that files which may have been cut short would delete. */
  withheld: number;
}

/**
 * What a row does: `put` makes the resource exist, `patch` needs it to exist, `gone` ends it, `none` does nothing. If the
 * condition of the type accepts the row of an update, the row is a `put`, since the resource may not have been accepted
 * before.
 */
const does = `case
  when command = 'delete' then 'gone'
  when scope in ('filtered', 'untold') then 'none'
  when scope = 'out' then case command when 'insert' then 'none' else 'gone' end
  when command = 'update' and coalesce(scope, 'kept') = 'kept' then 'patch'
  else 'put' end`;

/**
 * Folds the commands of delta files, in their order, into one result for each key: `folded` has the rows as they should be
 * stored, `removed` the keys to delete. A key that is deleted and inserted again is in both, as `recreated`: as with two
 * syncs, it is a new resource under the key, and no link leads to it. Inserting a stored key and updating an unknown one are
 * rejected row by row; deleting an unknown one is no change. What a resource is depends on what is stored, so this belongs
 * to the diff.
 */
export async function foldDeltas(tx: Queryable, input: DiffInput, type: DiffType): Promise<FoldedDeltas> {
  await judgeScopes(tx, input, type);
  const staged = `(select *, ${does} as does from ${stagedRows(input.staging, type.id)} where command <> 'withheld')`;
  // The last earlier row that decides whether the key exists shows whether it exists before this row.
  await tx.raw(
    `create temp table turn on commit drop as
     select s.*, coalesce(p.does = 'put', r.id is not null) as exists_before, r.id as stored_id,
       r.attributes - ?::text[] as stored
     from (
       select *, max(seq) filter (where does in ('put', 'gone'))
         over (partition by key order by seq rows between unbounded preceding and 1 preceding) as previous
       from ${staged} each
     ) s
     left join ${staged} p on p.seq = s.previous
     left join syncline.resource r on r.entity_type = ${String(type.id)} and r.key = s.key`,
    [type.retiredProperties],
  );
  const rejected = await rejectRows(tx, input, type);
  const filtered = await touched(
    tx,
    `delete from turn where does = 'none' or (does = 'gone' and scope = 'out' and not exists_before)`,
  );
  await warnOfKept(tx, input, type);
  const references = type.references.map(({ property, multiValued }) => {
    const column = referenceColumn(property);
    const last = `jsonb_agg(to_jsonb(${column}) order by seq desc) filter (where ${referenceGiven(property)} and seq > last_gone) -> 0`;
    const value = multiValued
      ? `(select array_agg(v) from jsonb_array_elements_text(case when jsonb_typeof(${last}) = 'array' then ${last} end) v)`
      : `(${last}) #>> '{}'`;
    return `, ${value} as ${column}, bool_or(${referenceGiven(property)} or last_gone > 0) as ${referenceGiven(property)}`;
  });
  await tx.raw(`
    create temp table ${folded(type.id)} on commit drop as
    select *, jsonb_hash_extended(attributes, 0) as hash from (
      select key, max(source) as source, max(line) as line,
        (array_agg(position order by seq desc))[1] as position, max(last_gone) > 0 and max(stored_id) is not null as recreated,
        jsonb_strip_nulls(
          case when max(last_gone) > 0 then '{}' else coalesce((array_agg(stored))[1], '{}') end
          || syncline.jsonb_merge(attributes order by seq) filter (where seq > last_gone)
        ) as attributes ${references.join('')}
      from (
        select *, coalesce(max(seq) filter (where does = 'gone') over (partition by key), 0) as last_gone from turn
      ) t
      group by key having bool_or(seq > last_gone)
    ) f;
    create temp table ${removed(type.id)} on commit drop as select distinct key from turn where does = 'gone';
    analyze ${folded(type.id)} (key); analyze ${removed(type.id)};
    drop table turn`);
  return { rejected, filtered, withheld: await listWithheld(tx, input, type) };
}

function listWithheld(tx: Queryable, input: DiffInput, type: DiffType): Promise<number> {
  return writeWithheld(
    tx,
    input,
    type.id,
    // how many is not known, and delta files have few
    1,
    `select r.id from ${stagedRows(input.staging, type.id)} s
       join syncline.resource r on r.entity_type = ${String(type.id)} and r.key = s.key
     where s.command = 'withheld' ${type.scopeKeys ? 'and s.key = any(?)' : ''}`,
    type.scopeKeys ? [type.scopeKeys] : [],
  );
}

async function rejectRows(tx: Queryable, input: DiffInput, type: DiffType): Promise<number> {
  // a limited sync may have inserted it already: then the row says what it said before, and all that follow come again
  const again = input.repeated ? 'and previous is not null' : '';
  const rejected = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from turn where (command = 'insert' and exists_before ${again}) or (does = 'patch' and not exists_before)
         or scope = 'untold'
       returning source, line, position, key, command, scope
     ), told as (
       insert into syncline.sync_error (sync, entity_type, source_table, line, position, key, code, message, effect)
       select ?, ?, source, line, position, ${keyArraySql('s.key', type.keyCount)},
         case when scope = 'untold' then 'scope-unknown' when command = 'insert' then 'duplicate-key' else 'unknown-resource' end,
         case when scope = 'untold' then 'The file lacks columns that the condition where asks for, and the key is not stored: nobody can tell whether the row belongs here.'
           when command = 'insert' then 'The row inserts a key that is stored already; use merge or update.'
           else 'The row updates a key that is not stored; use merge or insert.' end,
         'row-rejected'
       from gone s order by line
     ) select count(*)::int as n from gone`,
    [input.sync, type.name],
  );
  return rejected?.n ?? 0;
}

async function warnOfKept(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  if (!type.scopeRule) return;
  await tx.raw(
    `insert into syncline.sync_error (sync, entity_type, source_table, line, position, key, code, message, effect)
     select ?, ?, source, line, position, ${keyArraySql('s.key', type.keyCount)}, 'scope-unknown',
       'The file lacks columns that the condition where asks for, and what is stored does not tell them: the row is used, and the resource stays until a complete sync tells.',
       'warning'
     from turn s where scope = 'kept' order by line`,
    [input.sync, type.name],
  );
}
