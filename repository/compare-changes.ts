import type { Compared } from '../domain/compared.ts';
import { ofSync } from './change-parts.ts';
import { row, type Queryable } from './database.ts';
import { isProposed } from './fate.ts';

/**
 * Compares the proposed changes of two syncs. A change is the same if kind, operation, key, property and target are, and its
 * outcome: the values that a resource gets, or where a link moves. Rows are joined by hash, so memory is bounded by
 * `work_mem`.
 */
export async function compareChanges(db: Queryable, now: number, before: number): Promise<Omit<Compared, 'with'>> {
  const found = await row<Omit<Compared, 'with'>>(
    db,
    `select coalesce(sum(same), 0)::int as same, coalesce(sum("new"), 0)::int as "new", coalesce(sum(gone), 0)::int as gone,
       coalesce(sum(changed), 0)::int as changed
     from (${counted(resources(now), resources(before))} union all ${counted(links(now), links(before))}) each`,
  );
  return found ?? { same: 0, new: 0, gone: 0, changed: 0 };
}

const counted = (now: string, before: string) =>
  `select count(*) filter (where n.outcome = b.outcome) as same, count(*) filter (where b.outcome is null) as "new",
     count(*) filter (where n.outcome is null) as gone, count(*) filter (where n.outcome <> b.outcome) as changed
   from (${now}) n full join (${before}) b using (scope, operation, key, target)`;

const resources = (sync: number) =>
  `select c.entity_type as scope, c.operation, c.key, '' as target,
     case when c.operation = 'd' then 0 else jsonb_hash_extended(coalesce(c.after, 'null'), 0) end as outcome
   from syncline.change c where ${ofSync(sync, 'c')} and ${isProposed('c')}`;

// the target of a move is its outcome
const links = (sync: number) =>
  `select coalesce(c.before_property, c.property) as scope, c.operation, c.source_key as key, case when c.operation = 'u' then '' else c.target_key end as target,
     case when c.operation = 'u' then hashtextextended(c.target_key, c.property) else 0 end as outcome
   from syncline.link_change c where ${ofSync(sync, 'c')} and ${isProposed('c')}`;
