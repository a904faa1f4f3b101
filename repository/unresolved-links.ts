import { touched, type Queryable } from './database.ts';
import type { DiffInput, DiffLink, DiffType } from './diff-input.ts';
import { endId, resolved } from './link-ends.ts';
import { keyArraySql } from './resolve-rows.ts';

/** reference: the links of which an end does not exist; empty where it is known that there are none. */
export async function createUnresolved(tx: Queryable, input: DiffInput, link: DiffLink, any: boolean): Promise<void> {
  await tx.raw(`
    create temp table reference on commit drop as
    select g.source_key, g.value, g.file, g.line, ${endId('s')} as source, ${endId('t')} as target, g.value as target_key,
      null::int as matches
    ${resolved(input, link)} where (${endId('s')} is null or ${endId('t')} is null) and ${String(any)}`);
}

/** Dangling and ambiguous links of `reference` are listed one by one; their row stays. @returns how many */
export async function reportUnresolved(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  type: DiffType,
): Promise<number> {
  return touched(
    tx,
    `insert into syncline.sync_error (sync, entity_type, source_table, line, property, key, code, message, effect)
     select ?, ?, file, line, ?, ${keyArraySql('s.source_key', type.keyCount)},
       case when matches > 1 then 'ambiguous-link' else 'dangling-link' end,
       case when matches > 1 then 'The value matches ' || matches || ' resources of the target; a link needs exactly one.'
         when source is null and target is null then 'Neither end of the link exists.'
         when source is null then 'The link begins at a resource that does not exist.'
         else 'The link leads to a resource that does not exist.' end,
       'link-rejected'
     from (
       select source_key, value, source, target, matches, min(file) as file, min(line) as line from reference
       where source is null or target is null or matches > 1 group by source_key, value, source, target, matches
     ) s order by line`,
    [input.sync, type.name, link.name],
  );
}
