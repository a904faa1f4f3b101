import type { DiffInput, DiffLink } from './diff-input.ts';
import { deleted, folded, inserted } from './diff-input.ts';
import { comparedTarget } from './match-by.ts';
import { referenceColumn, stagedLinks, stagedRows } from './staging.ts';

/**
 * The end of a link by its key, as it will be after this sync: stored and not deleted, or inserted. Three joins by key, so
 * that a few links are looked up and many are hashed, as the planner sees fit.
 * @param allNew nothing of the type is stored, so one join by key is enough
 */
export const endJoins = (end: 's' | 't', type: number, key: string, allNew = false) =>
  allNew
    ? `left join ${inserted(type)} ${end}i on ${end}i.key = ${key}`
    : `
  left join syncline.resource ${end}r on ${end}r.entity_type = ${String(type)} and ${end}r.key = ${key}
  left join ${deleted(type)} ${end}d on ${end}d.id = ${end}r.id
  left join ${inserted(type)} ${end}i on ${end}i.key = ${key}`;
export const endId = (end: 's' | 't', allNew = false) =>
  allNew ? `${end}i.id` : `coalesce(case when ${end}d.id is null then ${end}r.id end, ${end}i.id)`;

/** The links that the source has, as (source_key, value, file, line, position); those of a link table may occur twice. */
export function references(input: DiffInput, link: DiffLink): string {
  if (link.from === 'table') {
    const staged = stagedLinks(input.staging, link.id);
    const target = comparedTarget(link, 'target');
    return input.mode === 'incremental'
      ? `select source as source_key, target as value, from_source as file, line, position from (
           select distinct on (source, ${target}) * from ${staged} where command <> 'withheld' order by source, ${target}, seq desc) last
         where command <> 'delete'`
      : `select source as source_key, target as value, from_source as file, line, position from ${staged}`;
  }
  const column = referenceColumn(link.id);
  const rows = input.mode === 'incremental' ? folded(link.entityType) : stagedRows(input.staging, link.entityType);
  return link.multiValued
    ? `select s.key as source_key, v as value, min(s.source) as file, min(s.line) as line, min(s.position) as position
       from ${rows} s cross join lateral unnest(s.${column}) as v group by s.key, v`
    : `select s.key as source_key, s.${column} as value, s.source as file, s.line, s.position from ${rows} s where s.${column} is not null`;
}

/** The links that the source has as g, and what `endId` needs to find their ends. */
export const resolved = (
  input: DiffInput,
  link: DiffLink,
  allNew = { s: false, t: false },
) => `from (${references(input, link)}) g
  ${endJoins('s', link.entityType, 'g.source_key', allNew.s)} ${endJoins('t', link.target, 'g.value', allNew.t)}`;
