import type { Queryable } from './database.ts';
import { row, rows } from './database.ts';
import { frozenKeys, namedIdentities, referenceColumn, stagedRows, type Staging } from './staging.ts';

/** SQL for the places of some rows: their lines, or where people find them in a source without lines. */
const placesSql = (filter: string) =>
  `case when min(position) is null then 'lines ' else '' end || string_agg(coalesce(position, line::text), ', ' order by line) ${filter}`;

export interface ResolvedRows {
  rejected: number;
  duplicates: number;
  accepted: number;
}

/**
 * Settles duplicates and faults of a complete read. Identical rows under one key become one row. Different rows under
 * one key are all rejected. Then rows with a fault of their own are rejected. Keys of rejected rows become frozen.
 * Afterwards the staged rows are the accepted rows, and their keys are unique.
 */
export async function resolveRows(
  tx: Queryable,
  staging: Staging,
  type: {
    id: number;
    name: string;
    keyCount: number;
    warnCaseVariants: boolean;
    references: readonly number[];
    identity?: boolean;
  },
): Promise<ResolvedRows> {
  const staged = stagedRows(staging, type.id);
  const frozen = frozenKeys(staging, type.id);
  // keys only: statistics on all columns cost ten times as much and serve no plan
  await tx.raw(`analyze ${staged} (key); analyze ${frozen} (key)`);
  const keyArray = keyArraySql('s.key', type.keyCount);

  const unfinished = await setUnfinishedAside(tx, staging, type);
  const values = ['attributes', 'fault', 'link_faults', ...type.references.map(referenceColumn)].join(', ');
  await tx.raw(`
    create temp table repeated on commit drop as
    select key, count(distinct row(${values})) > 1 or bool_or(frozen) as differ, min(seq) as first, ${placesSql('filter (where n <= 10)')} as lines
    from (
      select key, ${values}, seq, line, position, row_number() over (partition by key order by seq) as n,
        exists (select from ${frozen} f where f.key = s.key) as frozen
      from ${staged} s
      where key in (select key from ${staged} group by key having count(*) > 1 union all select key from ${frozen})
    ) same group by key`);

  // what is stored under the identity stays, too: a rejected row may have another key than before
  const identity = type.identity ? ', s.identity' : '';
  const freezes = type.identity
    ? `, known as (
       insert into ${namedIdentities(staging, type.id)} (identity, what, source, line, position)
       select identity, 'frozen', source, line, position from gone where identity is not null
     )`
    : '';
  const rejected = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from ${staged} s using repeated r where r.key = s.key and r.differ
       returning s.source, s.line, s.position, s.key, r.lines ${identity}
     ), told as (
       insert into syncline.sync_error (sync, entity_type, source_table, line, position, key, code, message, effect)
       select ?, ?, source, line, position, ${keyArray}, 'duplicate-key',
         'The key stands more than once, with different values or beside a row that was rejected (' || lines || '). None of these rows is used.',
         'row-rejected'
       from gone s order by line
     ), froze as (
       insert into ${frozen} select distinct key from gone
     ) ${freezes}
     select count(*)::int as n from gone`,
    [staging.sync, type.name],
  );
  const duplicates = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from ${staged} s using repeated r where r.key = s.key and not r.differ and s.seq <> r.first returning 1
     ) select count(*)::int as n from gone`,
  );
  const faulty = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from ${staged} s where s.fault is not null
       returning s.source, s.line, s.position, s.key, s.fault ${identity}
     ), told as (
       insert into syncline.sync_error (sync, entity_type, source_table, line, position, column_name, property, key, code, message, effect)
       select ?, ?, source, line, position, fault ->> 'column', fault ->> 'property', ${keyArray}, fault ->> 'code', fault ->> 'message', 'row-rejected'
       from gone s order by line
     ), froze as (
       insert into ${frozen} select key from gone
     ) ${freezes}
     select count(*)::int as n from gone`,
    [staging.sync, type.name],
  );
  if (type.warnCaseVariants) {
    await rows(
      tx,
      `insert into syncline.sync_error (sync, entity_type, source_table, line, position, key, code, message, effect)
       select ?, ?, s.source, s.line, s.position, ${keyArray}, 'case-variant',
         'Another row has a key that differs from this one by case only (' || v.lines || '). They are kept apart; declare the key caseInsensitive if they are the same.',
         'warning'
       from ${staged} s join (
         select lower(key) as folded, ${placesSql('')} as lines from ${staged}
         group by lower(key) having count(*) > 1
       ) v on lower(s.key) = v.folded order by s.line`,
      [staging.sync, type.name],
    );
  }
  const accepted = await row<{ n: number }>(tx, `select count(*)::int as n from ${staged}`);
  await tx.raw(`drop table repeated; analyze ${staged} (key); analyze ${frozen} (key)`);
  return {
    rejected: (rejected?.n ?? 0) + (faulty?.n ?? 0),
    duplicates: duplicates?.n ?? 0,
    accepted: (accepted?.n ?? 0) + unfinished,
  };
}

/**
 * The last line of a file without a final line break may have been cut short, and its key too. The line is not used,
 * and the resource stored under its key stays. Another row with this key counts as if the last line did not exist.
 */
async function setUnfinishedAside(
  tx: Queryable,
  staging: Staging,
  type: { id: number; name: string; keyCount: number },
): Promise<number> {
  const staged = stagedRows(staging, type.id);
  const gone = await row<{ n: number }>(
    tx,
    `with gone as (
       delete from ${staged} where fault ->> 'code' = 'unfinished-line' returning source, line, position, key, fault, seq
     ), told as (
       insert into syncline.sync_error (sync, entity_type, source_table, line, position, key, code, message, effect)
       select ?, ?, source, line, position, ${keyArraySql('s.key', type.keyCount)}, fault ->> 'code', fault ->> 'message', 'warning'
       from gone s
     ), froze as (
       insert into ${frozenKeys(staging, type.id)} select key from gone g
       where not exists (select from ${staged} s where s.key = g.key and s.seq <> g.seq)
     )
     select count(*)::int as n from gone`,
    [staging.sync, type.name],
  );
  return gone?.n ?? 0;
}

/** SQL for a key text as an array of its parts; the inverse of `keyText` for composite keys. */
export function keyArraySql(column: string, keyCount: number): string {
  if (keyCount === 1) return `array[${column}]`;
  return `(select array_agg(replace(replace(part, '%2C', ','), '%25', '%') order by n) from unnest(string_to_array(${column}, ',')) with ordinality as parts(part, n))`;
}

/** SQL for the text of a key from an array of its parts, as `keyText` makes it. */
export function keyTextSql(column: string, keyCount: number): string {
  if (keyCount === 1) return `${column}[1]`;
  return `(select string_agg(replace(replace(part, '%', '%25'), ',', '%2C'), ',' order by n) from unnest(${column}) with ordinality as parts(part, n))`;
}
