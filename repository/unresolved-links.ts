import { touched, type Queryable } from './database.ts';
import { isLimited, scoped, type DiffInput, type DiffLink, type DiffType } from './diff-input.ts';
import { endId, resolved } from './link-ends.ts';
import { keyArraySql } from './resolve-rows.ts';
import { stagedRows } from './staging.ts';

/** reference: the links of which an end does not exist; empty if it is known that there are none. */
export async function createUnresolved(tx: Queryable, input: DiffInput, link: DiffLink, any: boolean): Promise<void> {
  await tx.raw(`
    create temp table reference on commit drop as
    select g.source_key, g.value, g.file, g.line, g.position, ${endId('s')} as source, ${endId('t')} as target, g.value as target_key,
      null::int as matches
    ${resolved(input, link)} where (${endId('s')} is null or ${endId('t')} is null) and ${String(any)}`);
}

/**
 * Lists the values of a column that do not have the format of the property that they match. Their row stays, and so do the
 * stored links of its resource and this property. @returns how many
 */
export async function reportUnreadable(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  type: DiffType,
): Promise<number> {
  if (link.from === 'table') return 0;
  const limited = isLimited(type) ? `and s.key in (select key from ${scoped(type.id)})` : '';
  return touched(
    tx,
    `insert into syncline.sync_error (sync, entity_type, source_table, line, position, column_name, property, key, code, message, effect)
     select ?, ?, s.source, s.line, s.position, f ->> 'column', f ->> 'name', ${keyArraySql('s.key', type.keyCount)}, f ->> 'code', f ->> 'message',
       'link-rejected'
     from ${stagedRows(input.staging, type.id)} s cross join lateral jsonb_array_elements(s.link_faults) f
     where s.link_faults is not null and f ->> 'name' = ? and s.command is distinct from 'delete' ${limited} order by s.seq`,
    [input.sync, type.name, link.name],
  );
}

/** SQL for a value in a message: in quotes, and cut if it is long. */
const quotedSql = (column: string) =>
  `to_jsonb(case when length(${column}) > 200 then left(${column}, 200) || '…' else ${column} end)::text`;

/**
 * Dangling and ambiguous links of `reference` are listed one by one, with the value that matches nothing; their row stays.
 * @returns how many
 */
export async function reportUnresolved(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  type: DiffType,
): Promise<number> {
  return touched(
    tx,
    `insert into syncline.sync_error (sync, entity_type, source_table, line, position, property, key, value, code, message, effect)
     select ?, ?, file, line, position, ?, ${keyArraySql('s.source_key', type.keyCount)}, value,
       case when matches > 1 then 'ambiguous-link' else 'dangling-link' end,
       case when matches > 1 then 'The value ' || ${quotedSql('value')} || ' matches ' || matches || ' resources of the target; a link needs exactly one.'
         when source is null and target is null
           then 'Neither end of the link exists: ' || ${quotedSql('s.source_key')} || ' and ' || ${quotedSql('value')} || '.'
         when source is null then 'The link begins at ' || ${quotedSql('s.source_key')} || ', which does not exist.'
         else 'The link leads to ' || ${quotedSql('value')} || ', which does not exist.' end,
       'link-rejected'
     from (
       select source_key, value, source, target, matches, min(file) as file, min(line) as line, min(position) as position
       from reference
       where source is null or target is null or matches > 1 group by source_key, value, source, target, matches
     ) s order by line`,
    [input.sync, type.name, link.name],
  );
}
