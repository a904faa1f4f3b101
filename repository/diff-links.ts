import { keepOfNewNames } from './dangling-links.ts';
import type { DiffInput, DiffLink, DiffType, LinkResult } from './diff-input.ts';
import { deleted, folded, isLimited, scoped } from './diff-input.ts';
import { row, type Queryable } from './database.ts';
import { endId, endJoins, references, resolved } from './link-ends.ts';
import { loadLinks } from './load-links.ts';
import { formOf, leadsTo, propertyColumn, storedLinks } from './link-targets.ts';
import { comparedBy, comparedTarget } from './match-by.ts';
import { countUnbacked, createAway, NarrowRefused, refuseLinks } from './narrow.ts';
import { writeLinkChanges } from './write-link-changes.ts';
import { resolveSeveral } from './resolve-several.ts';
import { candidatesBy } from './candidates.ts';
import { createAside, createStayed } from './refusals/suppress-links.ts';
import { countLinks } from './stored.ts';
import { frozenKeys, frozenLinks, referenceGiven, removedLinks, stagedLinks, stagedRows } from './staging.ts';
import { createUnresolved, reportUnreadable, reportUnresolved } from './unresolved-links.ts';
import { withholdLinks } from './withheld-links.ts';

/**
 * Compares the links of one property that the sync has read with the stored ones, and writes what differs as link change
 * rows. Link ends are resolved against the state that the repository will have after this sync.
 */
export async function diffLinks(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  type: DiffType,
): Promise<Map<number, LinkResult>> {
  if (input.narrowed && link.others) throw new NarrowRefused(`${type.name}.${link.name} leads to several entity types`);
  const unreadable = await reportUnreadable(tx, input, link, type);
  const loaded = await loadLinks(tx, input, link, type);
  if (loaded) return new Map([[link.id, { ...loaded, rejected: loaded.rejected + unreadable }]]);
  if (isWholeTable(input, link, type)) await resolveTable(tx, input, link);
  else {
    await resolveReferences(tx, input, link, type);
    await tx.raw(`
      create temp table wanted on commit drop as
      select distinct source, source_key, target, target_key${propertyColumn(link, 'reference')} from reference
      where source is not null and target is not null and matches = 1`);
  }
  await tx.raw('analyze wanted');
  const rejected = unreadable + (await reportUnresolved(tx, input, link, type));
  const wanted = await row<{ n: number }>(tx, 'select count(*)::int as n from wanted');
  const property = { ...link, mono: !link.multiValued };
  // what is not inserted cannot be linked to
  const aside = await createAside(tx, input, property);
  await createKept(tx, input, link, aside);
  if (input.narrowed) await createAway(tx, input, link);
  await createGone(tx, input, link, type);
  const kept = await keepOfNewNames(tx, link);
  const going =
    link.from === 'column' ? await row<{ n: number }>(tx, 'select count(*)::int as n from gone') : undefined;
  const spared = input.narrowed ? await countUnbacked(tx, input, link, type) : 0;
  if (input.narrowed) {
    await refuseLinks(tx, input, link, type);
    await tx.raw('drop table away');
  }
  await createStayed(tx, input, property);
  const withheld = await withholdLinks(tx, input, link);
  const { changes, overtaken, suppressed } = await writeLinkChanges(tx, input, property, aside);
  await tx.raw(`drop table reference, wanted, kept, gone, added${aside ? ', aside' : ''}`);
  const own = changes.get(link.id) ?? noChanges;
  // narrowed, the rows that are still there are not staged; all of them have a link, see narrow.ts
  const stored = (await countLinks(tx, link.id)) + own.inserted - own.deleted;
  const all = input.narrowed ? stored - spared : (wanted?.n ?? 0);
  // what is counted of the property as a whole stands with its first entity type
  const whole = {
    overtaken,
    ...(suppressed ? { suppressed } : {}),
    rejected,
    withheld,
    ...(kept > 0 ? { kept } : {}),
    wanted: all,
    ...(going ? { going: going.n } : {}),
    ...(link.from === 'table' ? { unbacked: stored - all } : {}),
  };
  const nothing = { overtaken: 0, rejected: 0, withheld: 0, wanted: 0 };
  return new Map([...changes].map(([id, each]) => [id, { ...each, ...(id === link.id ? whole : nothing) }]));
}

const noChanges = { inserted: 0, updated: 0, deleted: 0 };

/** Links of a property that the sync does not read: only links whose source or target is deleted are deleted. */
export async function cascadeLinks(
  tx: Queryable,
  input: DiffInput,
  link: { id: number; entityType: number; target: number },
): Promise<LinkResult> {
  await tx.raw(`
    create temp table wanted (source bigint, source_key text collate "C", target bigint, target_key text collate "C") on commit drop;
    ${input.refusals ? 'create temp table kept (source bigint, target bigint) on commit drop;' : ''}
    create temp table gone on commit drop as ${goneWithAnEnd(link)}`);
  await createStayed(tx, input, { ...link, mono: false });
  const { changes, overtaken, suppressed } = await writeLinkChanges(tx, input, { ...link, mono: false }, false);
  await tx.raw(`drop table wanted, gone, added${input.refusals ? ', kept' : ''}`);
  return {
    ...(changes.get(link.id) ?? noChanges),
    overtaken,
    ...(suppressed ? { suppressed } : {}),
    rejected: 0,
    withheld: 0,
    wanted: 0,
  };
}

/** (value, id, key, matches) of the target's resources by another property than the key, after this sync. */
function liveBy(input: DiffInput, link: DiffLink): string {
  const live = 'count(*) filter (where not out)';
  return `(
    select value, coalesce(min(id) filter (where not out), min(id)) as id,
      coalesce(min(key) filter (where not out), min(key)) as key, case ${live} when 0 then count(*) else ${live} end as matches
    from (${candidatesBy(input, link)}) each where value is not null group by value)`;
}

/** A link table that is read as a whole and leads to keys: most links of most directories. */
const isWholeTable = (input: DiffInput, link: DiffLink, type: DiffType) =>
  link.from === 'table' && link.by === null && !link.others && input.mode === 'complete' && !isLimited(type);

/**
 * wanted out of a whole link table in one pass, and reference with no more than what could not be resolved: two million
 * links are not written down twice. What is left over is looked up again only where something is.
 */
async function resolveTable(tx: Queryable, input: DiffInput, link: DiffLink): Promise<void> {
  const staged = stagedLinks(input.staging, link.id);
  await tx.raw(`analyze ${staged} (source, target)`);
  if (input.narrowed) await tx.raw(`analyze ${removedLinks(input.staging, link.id)}`);
  await tx.raw(`
    create temp table wanted on commit drop as
    select ${endId('s')} as source, min(g.source_key) as source_key, ${endId('t')} as target, min(g.value) as target_key,
      count(*) as times
    ${resolved(input, link)} where ${endId('s')} is not null and ${endId('t')} is not null group by 1, 3`);
  const left = await row<{ n: number }>(
    tx,
    `select (select count(*) from ${staged}) - (select coalesce(sum(times), 0) from wanted)::bigint as n`,
  );
  await createUnresolved(tx, input, link, left?.n !== 0);
  await tx.raw('alter table wanted drop column times');
}

/** reference: the links that the source has, with the ids of their ends where they exist; a link may occur twice. */
async function resolveReferences(tx: Queryable, input: DiffInput, link: DiffLink, type: DiffType): Promise<void> {
  const limited = isLimited(type) ? `and source_key in (select key from ${scoped(type.id)})` : '';
  await tx.raw(
    `create temp table given on commit drop as
     select source_key, value, file, line, position from (${references(input, link)}) each where true ${limited};
     analyze given (source_key, value)`,
  );
  if (link.others) await resolveSeveral(tx, input, link);
  else await resolveOne(tx, input, link);
  await tx.raw('drop table given; analyze reference (source, target, matches)');
}

async function resolveOne(tx: Queryable, input: DiffInput, link: DiffLink): Promise<void> {
  const own = input.types.some((each) => each.id === link.target);
  const target = link.by
    ? `left join ${liveBy(input, link)} t on t.value = ${comparedBy(link, 'g.value')}`
    : endJoins('t', link.target, 'g.value');
  const [targetId, targetKey, matches] = link.by
    ? ['t.id', 't.key', 't.matches']
    : [endId('t'), 'g.value', `case when ${endId('t')} is not null then 1 end`];
  await tx.raw(
    `create temp table reference on commit drop as
     select g.source_key, g.value, g.file, g.line, g.position, ${endId('s')} as source, ${targetId} as target,
       ${targetKey} as target_key, ${matches} as matches
     from given g ${endJoins('s', link.entityType, 'g.source_key')} ${target}`,
    link.by ? Array.from({ length: own ? 3 : 2 }, () => link.by ?? '') : [],
  );
}

/** kept: stored links that are protected, by a link that could not be resolved or by a rejected row of the link table. */
async function createKept(tx: Queryable, input: DiffInput, link: DiffLink, aside: boolean): Promise<void> {
  await tx.raw('create temp table kept (source bigint, target bigint) on commit drop');
  if (!link.multiValued) {
    await tx.raw(
      `insert into kept select l.source, l.target from ${storedLinks(link)} l
       where l.source in (select source from reference where target is null or matches > 1)
         ${aside ? 'or l.source in (select source from aside)' : ''}`,
    );
  } else if (link.by !== null || link.others) {
    for (const [nth, { target, by, folds = false }] of leadsTo(link).entries())
      await tx.raw(
        `insert into kept select l.source, l.target from reference f join ${storedLinks(link)} l on l.source = f.source
           join syncline.resource t on t.entity_type = ? and t.id = l.target
             and ${matched(by, folds)} = ${comparedBy({ folds }, link.others ? formOf(link, nth, 'f.forms') : 'f.value')}
         where f.matches > 1`,
        by === null ? [target] : [target, by],
      );
  }
  if (link.others) {
    // what has an ambiguous value only since this sync stays linked, too
    await tx.raw(`
      insert into kept select l.source, l.target from reference f join candidate c on c.value = f.forms
        join ${storedLinks(link)} l on l.source = f.source and l.target = c.id
      where f.matches > 1;
      drop table candidate`);
  }
  if (link.from === 'table') {
    for (const [nth, { target, by, folds = false }] of leadsTo(link).entries())
      await tx.raw(
        `insert into kept select s.id, t.id from ${frozenLinks(input.staging, link.id)} f
           join syncline.resource s on s.entity_type = ? and s.key = f.source
           join syncline.resource t on t.entity_type = ?
             and ${matched(by, folds)} = ${comparedBy({ folds }, formOf(link, nth, 'f.target'))}`,
        by === null ? [link.entityType, target] : [link.entityType, target, by],
      );
    await tx.raw(
      `insert into kept select l.source, l.target from ${frozenLinks(input.staging, link.id)} f
         join syncline.resource s on s.entity_type = ? and s.key = f.source
         join ${storedLinks(link)} l on l.source = s.id
       where f.target is null`,
      [link.entityType],
    );
  }
  await tx.raw('analyze kept');
}

/** What a link is matched by in a resource `t`, as SQL that binds the property if it is not the key. */
const matched = (by: string | null, folds: boolean) =>
  by === null ? 't.key' : comparedBy({ folds }, 't.attributes ->> ?');

const goneWithAnEnd = (link: Pick<DiffLink, 'id' | 'entityType' | 'target' | 'others'>) =>
  [
    `select l.source, l.target, true as cascade from ${storedLinks(link)} l join ${deleted(link.entityType)} d on d.id = l.source`,
    ...leadsTo(link).map(
      ({ target }) =>
        `select l.source, l.target, true from ${storedLinks(link)} l join ${deleted(target)} d on d.id = l.target`,
    ),
  ].join(' union ');

/** gone: stored links that are deleted, because an end is deleted or because the source no longer has them. */
async function createGone(tx: Queryable, input: DiffInput, link: DiffLink, type: DiffType): Promise<void> {
  await tx.raw(`create temp table gone on commit drop as ${goneWithAnEnd(link)}`);
  const spoken = noLongerWanted(input, link, type);
  // A few are looked up first, by themselves, and compared as sets: joined with what follows, the planner goes through
  // every stored link, or takes what is left for one row and loops. All stored ones are left where they are.
  if (input.narrowed || input.mode === 'incremental')
    await tx.raw(`
      insert into gone select source, target, false from (
        select source, target from ${spoken} l
        except (select source, target from wanted union all select source, target from kept
          union all select source, target from gone)) l`);
  else
    await tx.raw(`
      insert into gone select l.source, l.target, false from ${spoken} l
      where not exists (select from wanted w where w.source = l.source and w.target = l.target)
        and not exists (select from kept k where k.source = l.source and k.target = l.target)
        and not exists (select from gone g where g.source = l.source and g.target = l.target)`);
}

/** Stored links of the sources that this read covers, never links of a frozen resource. */
function noLongerWanted(input: DiffInput, link: DiffLink, type: DiffType): string {
  const entityType = String(link.entityType);
  if (link.from === 'column') {
    const rows = input.mode === 'incremental' ? folded(link.entityType) : stagedRows(input.staging, link.entityType);
    const given = `where s.${referenceGiven(link.id)}`;
    const limited = isLimited(type) ? `and s.key in (select key from ${scoped(type.id)})` : '';
    return `(select l.source, l.target from ${storedLinks(link)} l join (
        select r.id from ${rows} s join syncline.resource r on r.entity_type = ${entityType} and r.key = s.key ${given} ${limited}
      ) speaks on speaks.id = l.source)`;
  }
  if (input.narrowed)
    return `(select a.source, a.target from away a where not exists (
        select from ${frozenKeys(input.staging, link.entityType)} f
          join syncline.resource r on r.entity_type = ${entityType} and r.key = f.key
        where r.id = a.source))`;
  if (input.mode === 'incremental') {
    const value = comparedTarget(link, 'target');
    const limited = isLimited(type) ? `and s.key in (select key from ${scoped(type.id)})` : '';
    const each = leadsTo(link).map(({ target, by, folds = false }, nth) => {
      const key = by === null ? 't.key' : comparedBy({ folds }, `t.attributes ->> ${literal(by)}`);
      return `select l.source, l.target from (
          select distinct on (source, ${value}) source, ${value} as target, command from ${stagedLinks(input.staging, link.id)}
          where command <> 'withheld' order by source, ${value}, seq desc
        ) last
        join syncline.resource s on s.entity_type = ${entityType} and s.key = last.source
        join syncline.resource t on t.entity_type = ${String(target)} and ${key} = ${formOf(link, nth, 'last.target')}
        join ${storedLinks(link)} l on l.source = s.id and l.target = t.id
        where last.command = 'delete' ${limited}`;
    });
    return `(${each.join(' union all ')})`;
  }
  const limited = isLimited(type)
    ? `and exists (select from syncline.resource r join ${scoped(type.id)} k on k.key = r.key
         where r.entity_type = ${entityType} and r.id = l.source)`
    : '';
  return `(select l.source, l.target from ${storedLinks(link)} l where not exists (
      select from ${frozenKeys(input.staging, link.entityType)} f
        join syncline.resource r on r.entity_type = ${entityType} and r.key = f.key
      where r.id = l.source) ${limited})`;
}

const literal = (text: string) => `'${text.replaceAll("'", "''").replaceAll('?', '\\?')}'`;
