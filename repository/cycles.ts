import { ofSync } from './change-parts.ts';
import type { DiffLink, DiffType } from './diff-input.ts';
import { keyArraySql } from './resolve-rows.ts';
import { touched, type Queryable } from './database.ts';
import { countLinks } from './stored.ts';

/** How far up a chain of links is followed: longer cycles are stored without a warning. */
const longest = 32;

/**
 * Warns of new mono-valued links that close a cycle within one entity type (a manager of one's own manager). First the
 * new links that plainly lead to an end are removed, layer by layer from the top. In a first sync hardly any link
 * remains. The links that remain are followed one by one. So the cost follows the changes, not the stored links.
 */
export async function warnOfCycles(tx: Queryable, sync: number, link: DiffLink, type: DiffType): Promise<number> {
  if (link.multiValued || link.entityType !== link.target) return 0;
  const property = String(link.id);
  // only stored links can have been written again
  const stored = (await countLinks(tx, link.id)) > 0;
  await tx.raw(
    `create temp table edge on commit drop as
       select source, target, source_key from syncline.link_change
       where ${ofSync(sync)} and property = ${property} and operation in ('i', 'u') and fate is null;
     create temp table rewritten on commit drop as
       select distinct source from syncline.link_change where ${ofSync(sync)} and (property = ${property} or before_property = ${property}) and fate is null and ${String(stored)};
     create unique index on edge (source); create unique index on rewritten (source);
     analyze edge; analyze rewritten`,
  );
  for (let layer = 0; layer < longest; layer++) {
    const ending = await touched(
      tx,
      `delete from edge e where not exists (select from edge n where n.source = e.target)
         and not exists (select from syncline.link l where l.property = ${property} and l.source = e.target
           and not exists (select from rewritten r where r.source = l.source))`,
    );
    if (ending === 0) break;
  }
  await tx.raw('analyze edge');
  const warned = await touched(
    tx,
    `insert into syncline.sync_error (sync, entity_type, source_table, property, key, code, message, effect)
     with recursive up as (
       select source as start, source_key, target as at, 1 as steps from edge
       union all
       select up.start, up.source_key, next.target, up.steps + 1 from up cross join lateral (
         select e.target from edge e where e.source = up.at
         union all
         select l.target from syncline.link l where l.property = ${property} and l.source = up.at
           and not exists (select from rewritten r where r.source = up.at)
       ) next
       where up.at <> up.start and up.steps < ${String(longest)}
     )
     select ?, ?, ?, ?, ${keyArraySql('s.source_key', type.keyCount)}, 'cycle',
       'The links of this property lead back to the resource itself, in ' || s.steps || ' steps.', 'warning'
     from up s where s.at = s.start`,
    [sync, type.name, link.table, link.name],
  );
  await tx.raw('drop table edge, rewritten');
  return warned;
}
