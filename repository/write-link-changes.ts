import { ofSyncs, writeChanges } from './change-parts.ts';
import { row, touched, type Queryable } from './database.ts';
import type { DiffInput, DiffLink, LinkResult } from './diff-input.ts';
import { leadsTo, ofTargets, propertyBefore, propertyColumn, storedLinks } from './link-targets.ts';
import { declineLinks, writeSuppressedLinks } from './refusals/suppress-links.ts';
import { countLinks } from './stored.ts';

type Written = Pick<DiffLink, 'id' | 'entityType' | 'target' | 'others'> & { mono: boolean };

type Counted = Pick<LinkResult, 'inserted' | 'updated' | 'deleted'>;

/** What was written. */
interface WrittenLinks extends Pick<LinkResult, 'overtaken' | 'suppressed'> {
  /** By link property: one for each entity type that the links lead to, in the order of the connector file. */
  changes: Map<number, Counted>;
}

/**
 * Writes link changes from wanted and gone. If a mono-valued link is deleted and another one of the same source is inserted,
 * the link has moved, which is an update, also where it moves to another entity type.
 */
export async function writeLinkChanges(
  tx: Queryable,
  input: DiffInput,
  link: Written,
  aside: boolean,
): Promise<WrittenLinks> {
  const added = await addedOf(tx, link);
  const overtaken = await leaveOutOvertaken(tx, input, link);
  await tx.raw('analyze added; analyze gone');
  if (link.mono) {
    // the pair is an update even if updates are not among the operations: then neither half may happen
    await tx.raw(`
      create temp table moved on commit drop as
      select distinct on (a.source) a.source, a.source_key, a.target, a.target_key, g.target as before_target, g.cascade ${propertyColumn(link, 'a')}
      from added a join gone g on g.source = a.source order by a.source, g.target;
      delete from added a using moved m where m.source = a.source;
      delete from gone g using moved m where m.source = g.source and m.before_target = g.target`);
  }
  await declineLinks(tx, input, link);
  const changes = new Map<number, Counted>();
  const going = await row<{ n: number }>(tx, 'select count(*)::int as n from gone');
  for (const { id, target } of leadsTo(link)) {
    const led = { id: String(id), target, mine: link.others ? `where property = ${String(id)}` : '' };
    changes.set(id, {
      updated: link.mono ? await writeMoves(tx, input, link, led, added) : 0,
      inserted: await writeInserts(tx, input, led, added),
      deleted: await writeDeletes(tx, input, link, led, going?.n ?? 0),
    });
  }
  if (link.mono) await tx.raw('drop table moved');
  const suppressed = await writeSuppressedLinks(tx, input, link, aside);
  return { changes, overtaken, suppressed };
}

/** One entity type that the links lead to. */
interface Led {
  /** Link property, as SQL. */
  id: string;
  target: number;
  /** Which of the rows lead to it: all of them where the property leads to one only. */
  mine: string;
}

const columns = 'property, operation, source, target, source_key, target_key';

const write = (tx: Queryable, { sync }: DiffInput, expected: number, select: string, more = '') =>
  writeChanges(tx, { kind: 'link_change', sync, expected, columns: columns + more, select });

/** Moves that come to an entity type, from wherever they left. */
async function writeMoves(tx: Queryable, input: DiffInput, link: Written, { id, mine }: Led, added: number) {
  if (!input.operations.includes('update')) return 0;
  const keyBefore = `(select r.key from syncline.resource r where ${ofTargets(link, 'r.entity_type')} and r.id = m.before_target)`;
  const [more, before] = link.others ? [`, ${propertyBefore(link, 'm')}`, ', before_property'] : ['', ''];
  return write(
    tx,
    input,
    added,
    `select ${id}, 'u', source, target, source_key, target_key, before_target, ${keyBefore}${more} from moved m ${mine}`,
    `, before_target, before_target_key${before}`,
  );
}

async function writeInserts(tx: Queryable, input: DiffInput, { id, mine }: Led, added: number) {
  if (!input.operations.includes('insert')) return 0;
  return write(tx, input, added, `select ${id}, 'i', source, target, source_key, target_key from added ${mine}`);
}

async function writeDeletes(tx: Queryable, input: DiffInput, link: Written, { id, target }: Led, going: number) {
  if (!input.operations.includes('delete')) return 0;
  return write(
    tx,
    input,
    going,
    `select ${id}, 'd', g.source, g.target, s.key, t.key from gone g
       join syncline.resource s on s.entity_type = ${String(link.entityType)} and s.id = g.source
       join syncline.resource t on t.entity_type = ${String(target)} and t.id = g.target`,
  );
}

/** added: the wanted links that are not stored; all of them where none is. @returns how many */
async function addedOf(tx: Queryable, link: Written): Promise<number> {
  let stored = 0;
  for (const { id } of leadsTo(link)) stored += await countLinks(tx, id);
  if (stored > 0)
    return touched(
      tx,
      `create temp table added on commit drop as
       select w.source, w.source_key, w.target, w.target_key ${propertyColumn(link, 'w')} from wanted w
       where not exists (select from ${storedLinks(link)} l where l.source = w.source and l.target = w.target)`,
    );
  await tx.raw('alter table wanted rename to added; create temp table wanted (like added) on commit drop');
  const all = await row<{ n: number }>(tx, 'select count(*)::int as n from added');
  return all?.n ?? 0;
}

async function leaveOutOvertaken(tx: Queryable, input: DiffInput, link: Written): Promise<number> {
  if (input.laterSyncs.length === 0) return 0;
  const theirs = ofSyncs(input.laterSyncs);
  const later = `(select source_key, target_key from syncline.link_change where ${theirs} and property = ? and fate is null
    union select source_key, before_target_key from syncline.link_change
      where ${theirs} and coalesce(before_property, property) = ? and fate is null and before_target is not null) v`;
  let left = 0;
  for (const { id, target } of leadsTo(link)) {
    const bindings = [id, id];
    left += await touched(
      tx,
      `delete from added a using ${later} where v.source_key = a.source_key and v.target_key = a.target_key
         ${link.others ? `and a.property = ${String(id)}` : ''}`,
      bindings,
    );
    left += await touched(
      tx,
      `delete from gone g using ${later}, syncline.resource s, syncline.resource t
       where not g.cascade and s.entity_type = ? and s.id = g.source and t.entity_type = ? and t.id = g.target
         and v.source_key = s.key and v.target_key = t.key`,
      [...bindings, link.entityType, target],
    );
  }
  return left;
}
