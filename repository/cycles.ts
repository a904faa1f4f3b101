import type { DiffLink, DiffType } from './diff-input.ts';
import { keyArraySql } from './resolve-rows.ts';
import { touched, type Queryable } from './database.ts';

/** How far up a chain of links is followed: longer cycles are stored without a warning. */
const longest = 32;

/**
 * Warns of new mono-valued links that close a cycle within one entity type (a manager of one's own manager).
 * Costs the changed links times the depth of their chains, whatever is stored.
 */
export async function warnOfCycles(tx: Queryable, sync: number, link: DiffLink, type: DiffType): Promise<number> {
  if (link.multiValued || link.entityType !== link.target) return 0;
  const property = String(link.id);
  return touched(
    tx,
    `insert into syncline.sync_error (sync, entity_type, source_table, property, key, code, message, effect)
     with recursive changed as (
       select source, target, source_key from syncline.link_change where sync = ? and property = ${property} and operation in ('i', 'u')
     ), up as (
       select source as start, source_key, target as at, 1 as steps from changed
       union all
       select up.start, up.source_key, next.target, up.steps + 1 from up cross join lateral (
         select c.target from changed c where c.source = up.at
         union all
         select l.target from syncline.link l where l.property = ${property} and l.source = up.at
           and not exists (select from changed c where c.source = up.at)
       ) next
       where up.at <> up.start and up.steps < ${String(longest)}
     )
     select ?, ?, ?, ?, ${keyArraySql('s.source_key', type.keyCount)}, 'cycle',
       'The links of this property lead back to the resource itself, in ' || s.steps || ' steps.', 'warning'
     from up s where s.at = s.start`,
    [sync, sync, type.name, link.table, link.name],
  );
}
