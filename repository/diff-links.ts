import { ofSyncs, writeChanges } from './change-parts.ts';
import { keepOfNewNames } from './dangling-links.ts';
import type { DiffInput, DiffLink, DiffType, LinkResult } from './diff-input.ts';
import { deleted, folded, inserted, isLimited, leftOut, scoped, updated } from './diff-input.ts';
import { row, touched, type Queryable } from './database.ts';
import { endId, endJoins, references, resolved } from './link-ends.ts';
import { loadLinks } from './load-links.ts';
import { comparedBy } from './match-by.ts';
import { createAway, refuseLinks } from './narrow.ts';
import { createAside, createStayed, declineLinks, writeSuppressedLinks } from './refusals/suppress-links.ts';
import { countLinks } from './stored.ts';
import { frozenKeys, frozenLinks, referenceGiven, removedLinks, stagedLinks, stagedRows } from './staging.ts';
import { createUnresolved, reportUnreadable, reportUnresolved } from './unresolved-links.ts';
import { withholdLinks } from './withheld-links.ts';

/**
 * Compares the links of one property that the sync has read with the stored ones, and writes what differs as link change
 * rows. Link ends are resolved against the state that the repository will have after this sync.
 */
export async function diffLinks(tx: Queryable, input: DiffInput, link: DiffLink, type: DiffType): Promise<LinkResult> {
  const unreadable = await reportUnreadable(tx, input, link, type);
  const loaded = await loadLinks(tx, input, link, type);
  if (loaded) return { ...loaded, rejected: loaded.rejected + unreadable };
  if (isWholeTable(input, link, type)) await resolveTable(tx, input, link);
  else {
    await resolveReferences(tx, input, link, type);
    await tx.raw(`
      create temp table wanted on commit drop as
      select distinct source, source_key, target, target_key from reference
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
  if (input.narrowed) {
    await refuseLinks(tx, input, link, type);
    await tx.raw('drop table away');
  }
  await createStayed(tx, input, property);
  const withheld = await withholdLinks(tx, input, link);
  const result = await writeLinkChanges(tx, input, property, aside);
  await tx.raw(`drop table reference, wanted, kept, gone, added${aside ? ', aside' : ''}`);
  // narrowed, the rows that are still there are not staged; all of them have a link, see narrow.ts
  const all = input.narrowed ? (await countLinks(tx, link.id)) + result.inserted - result.deleted : (wanted?.n ?? 0);
  return { ...result, rejected, withheld, ...(kept > 0 ? { kept } : {}), wanted: all };
}

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
  const result = await writeLinkChanges(tx, input, { ...link, mono: false }, false);
  await tx.raw(`drop table wanted, gone, added${input.refusals ? ', kept' : ''}`);
  return { ...result, rejected: 0, withheld: 0, wanted: 0 };
}

export const stored = (property: number) =>
  `(select source, target from syncline.link where property = ${String(property)})`;

/** (value, id, key, matches) of the target's resources by another property than the key, after this sync. */
function liveBy(input: DiffInput, link: DiffLink): string {
  const type = link.target;
  const own = input.types.some((each) => each.id === type);
  const source = input.mode === 'incremental' ? folded(type) : stagedRows(input.staging, type);
  // what was refused does not make a value ambiguous that a resource has which is there
  const out =
    input.refusals && own ? `exists (select from ${leftOut(type)} o where o.id = i.id and o.suppressed)` : 'false';
  const live = 'count(*) filter (where not out)';
  return `(
    select value, coalesce(min(id) filter (where not out), min(id)) as id,
      coalesce(min(key) filter (where not out), min(key)) as key, case ${live} when 0 then count(*) else ${live} end as matches
    from (
      select ${comparedBy(link, 'r.attributes ->> ?')} as value, r.id, r.key, false as out from syncline.resource r
        where r.entity_type = ${String(type)}
        and not exists (select from ${deleted(type)} d where d.id = r.id)
        and not exists (select from ${updated(type)} u where u.id = r.id)
      union all
      select ${comparedBy(link, '(r.attributes || u.after) ->> ?')}, r.id, r.key, false
      from ${updated(type)} u join syncline.resource r on r.entity_type = ${String(type)} and r.id = u.id
      ${own ? `union all select ${comparedBy(link, 's.attributes ->> ?')}, i.id, i.key, ${out} from ${inserted(type)} i join ${source} s on s.key = i.key` : ''}
    ) each where value is not null group by value)`;
}

/** A link table that is read as a whole and leads to keys: most links of most directories. */
const isWholeTable = (input: DiffInput, link: DiffLink, type: DiffType) =>
  link.from === 'table' && link.by === null && input.mode === 'complete' && !isLimited(type);

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
  const own = input.types.some((each) => each.id === link.target);
  const target = link.by
    ? `left join ${liveBy(input, link)} t on t.value = ${comparedBy(link, 'g.value')}`
    : endJoins('t', link.target, 'g.value');
  const [targetId, targetKey, matches] = link.by
    ? ['t.id', 't.key', 't.matches']
    : [endId('t'), 'g.value', `case when ${endId('t')} is not null then 1 end`];
  await tx.raw(
    `create temp table given on commit drop as
     select source_key, value, file, line, position from (${references(input, link)}) each where true ${limited};
     analyze given (source_key, value)`,
  );
  await tx.raw(
    `create temp table reference on commit drop as
     select g.source_key, g.value, g.file, g.line, g.position, ${endId('s')} as source, ${targetId} as target,
       ${targetKey} as target_key, ${matches} as matches
     from given g ${endJoins('s', link.entityType, 'g.source_key')} ${target}`,
    link.by ? Array.from({ length: own ? 3 : 2 }, () => link.by ?? '') : [],
  );
  await tx.raw('drop table given; analyze reference (source, target, matches)');
}

/** kept: stored links that are protected, by a link that could not be resolved or by a rejected row of the link table. */
async function createKept(tx: Queryable, input: DiffInput, link: DiffLink, aside: boolean): Promise<void> {
  await tx.raw('create temp table kept (source bigint, target bigint) on commit drop');
  if (!link.multiValued) {
    await tx.raw(
      `insert into kept select l.source, l.target from ${stored(link.id)} l
       where l.source in (select source from reference where target is null or matches > 1)
         ${aside ? 'or l.source in (select source from aside)' : ''}`,
    );
  } else if (link.by) {
    await tx.raw(
      `insert into kept select l.source, l.target from reference f join ${stored(link.id)} l on l.source = f.source
         join syncline.resource t on t.entity_type = ? and t.id = l.target
           and ${comparedBy(link, 't.attributes ->> ?')} = ${comparedBy(link, 'f.value')}
       where f.matches > 1`,
      [link.target, link.by],
    );
  }
  if (link.from === 'table') {
    await tx.raw(
      `insert into kept select s.id, t.id from ${frozenLinks(input.staging, link.id)} f
         join syncline.resource s on s.entity_type = ? and s.key = f.source
         join syncline.resource t on t.entity_type = ?
           and ${link.by ? comparedBy(link, 't.attributes ->> ?') : 't.key'} = ${comparedBy(link, 'f.target')}`,
      link.by ? [link.entityType, link.target, link.by] : [link.entityType, link.target],
    );
    await tx.raw(
      `insert into kept select l.source, l.target from ${frozenLinks(input.staging, link.id)} f
         join syncline.resource s on s.entity_type = ? and s.key = f.source
         join ${stored(link.id)} l on l.source = s.id
       where f.target is null`,
      [link.entityType],
    );
  }
  await tx.raw('analyze kept');
}

const goneWithAnEnd = (link: { id: number; entityType: number; target: number }) => `
  select l.source, l.target, true as cascade from ${stored(link.id)} l join ${deleted(link.entityType)} d on d.id = l.source
  union
  select l.source, l.target, true from ${stored(link.id)} l join ${deleted(link.target)} d on d.id = l.target`;

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
    return `(select l.source, l.target from ${stored(link.id)} l join (
        select r.id from ${rows} s join syncline.resource r on r.entity_type = ${entityType} and r.key = s.key ${given} ${limited}
      ) speaks on speaks.id = l.source)`;
  }
  if (input.narrowed)
    return `(select a.source, a.target from away a where not exists (
        select from ${frozenKeys(input.staging, link.entityType)} f
          join syncline.resource r on r.entity_type = ${entityType} and r.key = f.key
        where r.id = a.source))`;
  if (input.mode === 'incremental') {
    const key = link.by ? comparedBy(link, `t.attributes ->> ${literal(link.by)}`) : 't.key';
    const value = comparedBy(link, 'target');
    const limited = isLimited(type) ? `and s.key in (select key from ${scoped(type.id)})` : '';
    return `(select l.source, l.target from (
        select distinct on (source, ${value}) source, ${value} as target, command from ${stagedLinks(input.staging, link.id)}
        where command <> 'withheld' order by source, ${value}, seq desc
      ) last
      join syncline.resource s on s.entity_type = ${entityType} and s.key = last.source
      join syncline.resource t on t.entity_type = ${String(link.target)} and ${key} = last.target
      join ${stored(link.id)} l on l.source = s.id and l.target = t.id
      where last.command = 'delete' ${limited})`;
  }
  const limited = isLimited(type)
    ? `and exists (select from syncline.resource r join ${scoped(type.id)} k on k.key = r.key
         where r.entity_type = ${entityType} and r.id = l.source)`
    : '';
  return `(select l.source, l.target from ${stored(link.id)} l where not exists (
      select from ${frozenKeys(input.staging, link.entityType)} f
        join syncline.resource r on r.entity_type = ${entityType} and r.key = f.key
      where r.id = l.source) ${limited})`;
}

const literal = (text: string) => `'${text.replaceAll("'", "''").replaceAll('?', '\\?')}'`;

/**
 * Writes link changes from wanted and gone. If a mono-valued link is deleted and another one of the same source is inserted,
 * the link has moved, which is an update.
 */
async function writeLinkChanges(
  tx: Queryable,
  input: DiffInput,
  link: { id: number; entityType: number; target: number; mono: boolean },
  aside: boolean,
): Promise<Pick<LinkResult, 'inserted' | 'updated' | 'deleted' | 'overtaken' | 'suppressed'>> {
  const { id: property, entityType: sourceType, target: targetType, mono } = link;
  const id = String(property);
  const added = await addedOf(tx, property);
  const overtaken = await leaveOutOvertaken(tx, input, property, sourceType, targetType);
  await tx.raw('analyze added; analyze gone');
  const columns = 'property, operation, source, target, source_key, target_key';
  const write = (expected: number, select: string, more = '') =>
    writeChanges(tx, { kind: 'link_change', sync: input.sync, expected, columns: columns + more, select });
  const keyOf = (type: number, column: string) =>
    `(select r.key from syncline.resource r where r.entity_type = ${String(type)} and r.id = ${column})`;
  const allows = (operation: 'insert' | 'update' | 'delete') => input.operations.includes(operation);
  let moved = 0;
  if (mono) {
    // the pair is an update even if updates are not among the operations: then neither half may happen
    await tx.raw(`
      create temp table moved on commit drop as
      select distinct on (a.source) a.source, a.source_key, a.target, a.target_key, g.target as before_target, g.cascade
      from added a join gone g on g.source = a.source order by a.source, g.target;
      delete from added a using moved m where m.source = a.source;
      delete from gone g using moved m where m.source = g.source and m.before_target = g.target`);
  }
  await declineLinks(tx, input, property, mono);
  if (mono) {
    if (allows('update')) {
      moved = await write(
        added,
        `select ${id}, 'u', source, target, source_key, target_key, before_target, ${keyOf(targetType, 'm.before_target')} from moved m`,
        ', before_target, before_target_key',
      );
    }
    await tx.raw('drop table moved');
  }
  const insertedLinks = allows('insert')
    ? await write(added, `select ${id}, 'i', source, target, source_key, target_key from added`)
    : 0;
  const gone = await row<{ n: number }>(tx, 'select count(*)::int as n from gone');
  const deletedLinks = allows('delete')
    ? await write(
        gone?.n ?? 0,
        `select ${id}, 'd', g.source, g.target, s.key, t.key from gone g
           join syncline.resource s on s.entity_type = ${String(sourceType)} and s.id = g.source
           join syncline.resource t on t.entity_type = ${String(targetType)} and t.id = g.target`,
      )
    : 0;
  const suppressed = await writeSuppressedLinks(tx, input, link, aside);
  return { inserted: insertedLinks, updated: moved, deleted: deletedLinks, overtaken, suppressed };
}

/** added: the wanted links that are not stored; all of them where none is. @returns how many */
async function addedOf(tx: Queryable, property: number): Promise<number> {
  if ((await countLinks(tx, property)) > 0)
    return touched(
      tx,
      `create temp table added on commit drop as
       select w.source, w.source_key, w.target, w.target_key from wanted w
       where not exists (select from ${stored(property)} l where l.source = w.source and l.target = w.target)`,
    );
  await tx.raw('alter table wanted rename to added; create temp table wanted (like added) on commit drop');
  const all = await row<{ n: number }>(tx, 'select count(*)::int as n from added');
  return all?.n ?? 0;
}

async function leaveOutOvertaken(
  tx: Queryable,
  input: DiffInput,
  property: number,
  sourceType: number,
  targetType: number,
): Promise<number> {
  if (input.laterSyncs.length === 0) return 0;
  const theirs = ofSyncs(input.laterSyncs);
  const later = `(select source_key, target_key from syncline.link_change where ${theirs} and property = ? and fate is null
    union select source_key, before_target_key from syncline.link_change
      where ${theirs} and property = ? and fate is null and before_target is not null) v`;
  const bindings = [property, property];
  const added = await touched(
    tx,
    `delete from added a using ${later} where v.source_key = a.source_key and v.target_key = a.target_key`,
    bindings,
  );
  const gone = await touched(
    tx,
    `delete from gone g using ${later}, syncline.resource s, syncline.resource t
     where not g.cascade and s.entity_type = ? and s.id = g.source and t.entity_type = ? and t.id = g.target
       and v.source_key = s.key and v.target_key = t.key`,
    [...bindings, sourceType, targetType],
  );
  return added + gone;
}
