import { writeChanges } from '../change-parts.ts';
import { row, type Queryable } from '../database.ts';
import { leavesOut, leftOut, suppressed, type DiffInput, type DiffLink } from '../diff-input.ts';
import { leadsTo, ofTargets, propertyBefore, propertyColumn, storedLinks } from '../link-targets.ts';
import { outcomeOfMove } from './active.ts';
import type { SuppressedRows } from './suppress-resources.ts';

type Property = Pick<DiffLink, 'id' | 'entityType' | 'target' | 'others'> & { mono: boolean };

/**
 * aside (source, source_key, target, target_key, suppressed): wanted links with an end that the sync does not insert, taken out
 * of `wanted`. They are suppressed if their ends are missing only since they were refused.
 * @returns whether there may be any
 */
export async function createAside(tx: Queryable, input: DiffInput, link: Property): Promise<boolean> {
  const ends = (
    [['source', link.entityType], ...leadsTo(link).map(({ target }) => ['target', target] as const)] as const
  ).filter(([, type]) => leavesOut(input, type));
  if (ends.length === 0) return false;
  const alias = (end: string, type: number) => `${end}_${String(type)}_out`;
  const joins = ends.map(
    ([end, type]) => `left join ${leftOut(type)} ${alias(end, type)} on ${alias(end, type)}.id = w.${end}`,
  );
  const out = (what: string, glue: string) =>
    ends.map(([end, type]) => what.replace('OUT', alias(end, type))).join(glue);
  await tx.raw(`
    create temp table aside on commit drop as
    select w.source, w.source_key, w.target, w.target_key, ${out('coalesce(OUT.suppressed, true)', ' and ')} as suppressed ${propertyColumn(link, 'w')}
    from wanted w ${joins.join(' ')} where ${out('OUT.id is not null', ' or ')};
    delete from wanted w using aside x where x.source = w.source and x.target = w.target`);
  return true;
}

/**
 * SQL for the ids of the resources of a type that stay because their delete was refused; none if the sync compares
 * none.
 */
const spared = (input: DiffInput, type: number) =>
  input.types.some(({ id }) => id === type)
    ? `(select id from ${suppressed(type)} where operation = 'd')`
    : '(select null::bigint as id where false)';

/**
 * stayed (source, target): stored links that the sync does not delete, taken out of `gone`: their delete was refused, or that of
 * an end. A link whose end goes is never among them, nor one that moves.
 */
export async function createStayed(tx: Queryable, input: DiffInput, link: Property): Promise<void> {
  if (!input.refusals) return;
  await tx.raw('create temp table stayed (source bigint, target bigint) on commit drop');
  if (!input.operations.includes('delete')) return;
  const moves = (alias: string) =>
    link.mono ? `and not exists (select from wanted w where w.source = ${alias}.source)` : '';
  const sources = spared(input, link.entityType);
  const targets = `(${leadsTo(link)
    .map(({ target }) => `select id from ${spared(input, target)} one`)
    .join(' union all ')})`;
  const equal = leadsTo(link).map(
    ({ id, target }) => `select s.id as source, t.id as target from refused f
          join syncline.resource s on s.entity_type = ${String(link.entityType)} and s.key = f.key
          join syncline.resource t on t.entity_type = ${String(target)} and t.key = f.target_key
        where f.property = ${String(id)} and f.operation = 'd' and not f.ends`,
  );
  await tx.raw(`
    with equal as (
      delete from gone g using (
        ${equal.join(' union all ')}
      ) f where not g.cascade and g.source = f.source and g.target = f.target ${moves('g')}
      returning g.source, g.target
    ) insert into stayed select source, target from equal;
    with held as (
      delete from gone g where not g.cascade and (g.source in ${sources} or g.target in ${targets}) ${moves('g')}
      returning g.source, g.target
    ) insert into stayed select source, target from held;
    insert into stayed
    select l.source, l.target from (
      select l.source, l.target from ${storedLinks(link)} l join ${sources} d on d.id = l.source
      union
      select l.source, l.target from ${storedLinks(link)} l join ${targets} d on d.id = l.target
      except (select source, target from wanted union all select source, target from gone
        union all select source, target from stayed)
    ) l where not exists (select from kept k where k.source = l.source and k.target = l.target) ${moves('l')}`);
}

/**
 * declined (operation, source, source_key, target, target_key, before_target): links that would come or move as was refused,
 * taken out of `added` and `moved`. A link moves all the same if the resource goes that it leads to.
 */
export async function declineLinks(tx: Queryable, input: DiffInput, link: Property): Promise<void> {
  if (!input.refusals) return;
  const { mono, others } = link;
  const refused = (alias: string) => (others ? `${alias}.property` : String(link.id));
  const property = (alias: string) => propertyColumn(link, alias);
  await tx.raw(
    `create temp table declined (operation "char", source bigint, source_key text collate "C", target bigint,
       target_key text collate "C", before_target bigint ${others ? ', property int' : ''}) on commit drop`,
  );
  if (input.operations.includes('insert'))
    await tx.raw(`
      with equal as (
        delete from added a using refused f where f.property = ${refused('a')} and f.operation = 'i' and not f.ends and f.key = a.source_key
          and f.target_key = a.target_key returning a.source, a.source_key, a.target, a.target_key ${property('a')}
      ) insert into declined select 'i', e.source, e.source_key, e.target, e.target_key, null ${property('e')} from equal e`);
  if (mono && input.operations.includes('update'))
    await tx.raw(`
      with equal as (
        delete from moved m using refused f where f.property = ${refused('m')} and f.operation = 'u' and not f.ends and f.key = m.source_key
          and f.outcome = ${outcomeOfMove('m.target_key')} and not m.cascade
        returning m.source, m.source_key, m.target, m.target_key, m.before_target ${property('m')}
      ) insert into declined select 'u', e.source, e.source_key, e.target, e.target_key, e.before_target ${property('e')} from equal e`);
}

/** Lists what `aside`, `stayed` and `declined` have, and drops them. */
export async function writeSuppressedLinks(
  tx: Queryable,
  input: DiffInput,
  link: Property,
  aside: boolean,
): Promise<SuppressedRows> {
  if (!input.refusals) return { all: 0, deletes: 0 };
  const sources = String(link.entityType);
  const own = (alias: string) => propertyColumn(link, alias);
  const parts = [
    ...leadsTo(link).map(
      ({
        id,
        target,
      }) => `select 'd'::"char" as operation, y.source, y.target, s.key as source_key, t.key as target_key,
         null::bigint as before_target ${link.others ? `, ${String(id)} as property` : ''}
       from stayed y join syncline.resource s on s.entity_type = ${sources} and s.id = y.source
         join syncline.resource t on t.entity_type = ${String(target)} and t.id = y.target`,
    ),
    `select d.operation, d.source, d.target, d.source_key, d.target_key, d.before_target ${own('d')} from declined d`,
  ];
  if (aside && input.operations.includes('insert')) {
    // a link that is there, and would move
    const before = link.mono
      ? `(select min(l.target) from ${storedLinks(link)} l where l.source = x.source
           and not exists (select from gone g where g.source = l.source and g.target = l.target))`
      : 'null::bigint';
    parts.push(
      `select case when x.before_target is null then 'i' else 'u' end::"char", x.source, x.target, x.source_key, x.target_key,
         x.before_target ${own('x')}
       from (select x.*, ${before} as before_target from aside x where x.suppressed) x`,
    );
  }
  await tx.raw(`create temp table quiet on commit drop as ${parts.join(' union all ')}`);
  const found = await row<SuppressedRows>(
    tx,
    `select count(*)::int as "all", count(*) filter (where operation = 'd')::int as deletes from quiet`,
  );
  const [property, before, moreColumns] = link.others
    ? ['q.property', `, ${propertyBefore(link, 'q')}`, ', before_property']
    : [String(link.id), '', ''];
  if (found && found.all > 0)
    await writeChanges(tx, {
      kind: 'link_change',
      sync: input.sync,
      expected: found.all,
      columns: `property, operation, source, target, source_key, target_key, before_target, before_target_key, fate${moreColumns}`,
      select: `select ${property}, q.operation, q.source, q.target, q.source_key, q.target_key, q.before_target, b.key, 's'::"char"${before}
        from quiet q left join syncline.resource b on ${ofTargets(link, 'b.entity_type')} and b.id = q.before_target`,
    });
  await tx.raw('drop table quiet, stayed, declined');
  return found ?? { all: 0, deletes: 0 };
}
