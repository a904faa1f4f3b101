import { deleted, folded, inserted, leftOut, updated, type DiffInput, type LinkTarget } from './diff-input.ts';
import { comparedBy } from './match-by.ts';
import { stagedRows } from './staging.ts';

/**
 * SQL for (value, id, key, out): the resources of a target after this sync, by the property that links match. It binds the name
 * of the property three times, or twice if the sync does not read the entity type. `out`: it was refused, so it does not come.
 */
export function candidatesBy(input: DiffInput, link: LinkTarget): string {
  const type = link.target;
  const own = input.types.some((each) => each.id === type);
  const source = input.mode === 'incremental' ? folded(type) : stagedRows(input.staging, type);
  return `
      select ${comparedBy(link, 'r.attributes ->> ?')} as value, r.id, r.key, false as out from syncline.resource r
        where r.entity_type = ${String(type)}
        and not exists (select from ${deleted(type)} d where d.id = r.id)
        and not exists (select from ${updated(type)} u where u.id = r.id)
      union all
      select ${comparedBy(link, '(r.attributes || u.after) ->> ?')}, r.id, r.key, false
      from ${updated(type)} u join syncline.resource r on r.entity_type = ${String(type)} and r.id = u.id
      ${own ? `union all select ${comparedBy(link, 's.attributes ->> ?')}, i.id, i.key, ${isOut(input, type)} from ${inserted(type)} i join ${source} s on s.key = i.key` : ''}`;
}

/** Whether an inserted resource `i` is left out: what was refused does not make a value ambiguous that another one has. */
export function isOut(input: DiffInput, type: number): string {
  const own = input.types.some((each) => each.id === type);
  return input.refusals && own ? `exists (select from ${leftOut(type)} o where o.id = i.id and o.suppressed)` : 'false';
}
