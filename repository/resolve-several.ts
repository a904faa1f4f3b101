import { candidatesBy, isOut } from './candidates.ts';
import { deleted, inserted, type DiffInput, type DiffLink, type LinkTarget } from './diff-input.ts';
import type { Queryable } from './database.ts';
import { endId, endJoins } from './link-ends.ts';
import { formOf, leadsTo, shownOf } from './link-targets.ts';
import { comparedBy } from './match-by.ts';

/**
 * reference out of `given`, of a link that leads to several entity types: each value is looked up in each of them, in the form of
 * its own. A value dangles if none has it, and is ambiguous if more than one resource has it, of one entity type or of several.
 * `forms` is the value as it is staged, `property` the row of the catalog of the entity type that has it. candidate: all resources
 * that have a value, by its forms.
 */
export async function resolveSeveral(tx: Queryable, input: DiffInput, link: DiffLink): Promise<void> {
  const targets = leadsTo(link);
  const forms = targets.map((_, nth) => `${formOf(link, nth, 'value')} collate "C" as ${form(nth)}`);
  await tx.raw(
    `create temp table form on commit drop as select value, ${forms.join(', ')} from (select distinct value from given) each;
     analyze form`,
  );
  const first = (column: string) => `(array_agg(${column} order by out, id))[1] as ${column}`;
  await tx.raw(
    `create temp table candidate on commit drop as
     ${targets.map((target, nth) => candidates(input, target, nth)).join(' union all ')}`,
    targets.flatMap(({ by, target }) =>
      by === null ? [] : Array.from({ length: input.types.some(({ id }) => id === target) ? 3 : 2 }, () => by),
    ),
  );
  await tx.raw(
    `create temp table matched on commit drop as
     select value, coalesce(nullif(count(*) filter (where not out), 0), count(*))::int as matches,
       ${first('id')}, ${first('key')}, ${first('property')}
     from candidate group by value;
     analyze matched;
     create temp table reference on commit drop as
     select g.source_key, ${shownOf(link, 'g.value')} as value, g.value as forms, g.file, g.line, g.position, ${endId('s')} as source,
       m.id as target, m.key as target_key, m.matches, m.property
     from given g ${endJoins('s', link.entityType, 'g.source_key')} left join matched m on m.value = g.value`,
  );
  await tx.raw('drop table form, matched');
}

const form = (nth: number) => `form_${String(nth)}`;

/** (value, id, key, property, out) of one entity type: what it has, after this sync, of the values. */
function candidates(input: DiffInput, link: LinkTarget, nth: number): string {
  const { id: property, target: type, by } = link;
  const value = `f.${form(nth)}`;
  if (by !== null)
    return `select f.value, c.id, c.key, ${String(property)} as property, c.out
      from form f join (${candidatesBy(input, link)}) c on c.value = ${comparedBy(link, value)}`;
  // looked up by key, each by itself, so that a few values do not read all resources
  return `select f.value, r.id, r.key, ${String(property)} as property, false as out
    from form f join syncline.resource r on r.entity_type = ${String(type)} and r.key = ${value}
      left join ${deleted(type)} d on d.id = r.id where d.id is null
    union all
    select f.value, i.id, i.key, ${String(property)}, ${isOut(input, type)}
    from form f join ${inserted(type)} i on i.key = ${value}`;
}
