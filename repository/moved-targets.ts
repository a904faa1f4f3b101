import { ofSync } from './change-parts.ts';
import { touched, type Queryable } from './database.ts';
import { deleted, folded, inserted, updated, type ByLink, type DiffInput } from './diff-input.ts';
import { leaveUntouched } from './diff-resources.ts';
import { comparedBy } from './match-by.ts';
import { keyArraySql } from './resolve-rows.ts';
import { referenceGiven } from './staging.ts';

/**
 * Warns of links by another property whose target no longer has the value after an incremental sync, whether another
 * resource has it already or gets it later. Delta files name the resources and not the links, so the links still lead
 * to the earlier owner of the value. If this owner is deleted its links go with it. This is wrong only if another
 * resource has the value.
 */
export async function warnOfMovedTargets(tx: Queryable, input: DiffInput): Promise<void> {
  if (input.mode !== 'incremental') return;
  for (const link of input.byLinks ?? [])
    if (input.types.some(({ id }) => id === link.target)) await warnOf(tx, input, link);
}

async function warnOf(tx: Queryable, input: DiffInput, link: ByLink): Promise<void> {
  const { id, entityType, target, by } = link;
  // a value that one entity type gives up may go to a resource of another one
  const owners = (link.all ?? [link]).filter((each) => input.types.some((type) => type.id === each.target));
  const found = await touched(
    tx,
    `create temp table moved on commit drop as
     select id from ${updated(target)} where ${comparedBy(link, 'before ->> ?')} is distinct from ${comparedBy(link, 'after ->> ?')}
       and jsonb_exists(before, ?)
     union
     select g.id from (
       select r.id, ${comparedBy(link, 'r.attributes ->> ?')} as value from ${deleted(target)} d
         join syncline.resource r on r.entity_type = ${String(target)} and r.id = d.id
     ) g join (${owners.map((each) => givenTo(each)).join(' union all ')}) t on t.value = g.value and t.id <> g.id`,
    Array.from({ length: 4 + 3 * owners.length }, () => by),
  );
  if (found > 0) {
    await leaveUntouched(tx, entityType);
    const read = input.types.some((type) => type.id === entityType);
    // the row of the source says which links it has
    const given =
      read && link.from === 'column'
        ? `and not exists (select from ${folded(entityType)} f where f.key = s.key and f.${referenceGiven(link.staged ?? id)})`
        : '';
    const rewritten = link.multiValued
      ? ''
      : `and not exists (select from syncline.link_change c where ${ofSync(input.sync, 'c')} and ${ofProperty(id, link.all)}
           and c.source = l.source and c.operation in ('i', 'u') and c.fate is null)`;
    await tx.raw(
      `insert into syncline.sync_error (sync, entity_type, source_table, property, key, code, message, effect)
       select ?, ?, ?, ?, ${keyArraySql('x.key', link.keyCount)}, 'link-target-moved',
         'The resource that this link leads to no longer has the value that the link matches. Delta files do not say which links have it, so only a complete sync can correct the link.',
         'warning'
       from (
         select distinct s.key from syncline.link l join moved m on m.id = l.target
           join syncline.resource s on s.entity_type = ${String(entityType)} and s.id = l.source
         where l.property = ${String(id)} ${given} ${rewritten}
           and not exists (select from ${deleted(entityType)} d where d.id = s.id)
       ) x order by x.key`,
      [input.sync, link.entityTypeName, link.table, link.name],
    );
  }
  await tx.raw('drop table moved');
}

/** (id, value): the resources of an entity type that get a value with this sync. Binds the name of the property three times. */
const givenTo = (link: Pick<ByLink, 'target' | 'folds'>) => {
  const { target } = link;
  return `select id, ${comparedBy(link, 'after ->> ?')} as value from ${updated(target)} where jsonb_exists(after, ?)
       union all
       select i.id, ${comparedBy(link, 'f.attributes ->> ?')} from ${inserted(target)} i join ${folded(target)} f on f.key = i.key`;
};

const ofProperty = (id: number, all: ByLink['all'] = []) =>
  `c.property in (${[id, ...all.map((each) => each.id)].join(', ')})`;
