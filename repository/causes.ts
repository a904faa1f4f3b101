import type { Cause } from '../domain/sync.ts';
import { ofSync } from './change-parts.ts';
import { row, rows, type Queryable } from './database.ts';

/** How many updated rows are read. A cause that explains a held sync shows in far fewer rows. */
const sample = 5000;

export interface CauseSubject {
  id: number;
  name: string;
  stored: number;
  inserted: number;
  updated: number;
  deleted: number;
  /** Its table was read whole and compared with everything stored: so a resource that is not in the table is deleted. */
  whole: boolean;
  read: number;
  table: string;
  keyProperty: string | null;
  dateProperties: string[];
  links: {
    id: number;
    name: string;
    stored: number;
    deleted: number;
    wanted: number;
    /** A table of its own, and how many rows were read of it; null if a column holds the links. */
    table: string | null;
    read: number;
  }[];
}

/** Searches a held change set for likely causes. Messages name properties and counts, no values. */
export async function findCauses(tx: Queryable, sync: number, subjects: CauseSubject[]): Promise<Cause[]> {
  const causes: Cause[] = [];
  const changed = subjects.filter((type) => type.inserted + type.updated + type.deleted > 0);
  if (changed.length > 0 && subjects.every((type) => type.stored === 0)) {
    for (const type of changed)
      causes.push({
        code: 'first-sync',
        entityType: type.name,
        lines: type.inserted,
        message: `This is the first sync of ${type.name}: nothing was stored before.`,
        examples: [],
      });
    return causes;
  }
  for (const type of subjects) {
    if (type.whole && type.read === 0 && type.deleted > 0)
      causes.push({
        code: 'blank-file',
        entityType: type.name,
        lines: type.deleted,
        message: `${type.table} has no rows, but ${count(type.stored)} resources are stored.`,
        examples: [type.table],
      });
    if (type.updated > 0) {
      causes.push(...(await blankColumns(tx, sync, type)));
      causes.push(...(await swappedHeaders(tx, sync, type)));
      causes.push(...(await dateFormats(tx, sync, type)));
    }
    if (type.deleted > 0 && type.inserted > 0) causes.push(...(await swappedKey(tx, sync, type)));
    for (const link of type.links) {
      if (type.whole && link.table !== null && link.read === 0 && link.deleted > 0)
        causes.push({
          code: 'blank-file',
          entityType: type.name,
          property: link.name,
          lines: link.deleted,
          message: `${link.table} has no rows, but ${count(link.stored)} links of ${link.name} are stored.`,
          examples: [link.table],
        });
      if (
        link.table === null &&
        type.whole &&
        type.read > 0 &&
        link.wanted === 0 &&
        link.deleted > 1 &&
        link.deleted >= link.stored * 0.9
      )
        causes.push({
          code: 'blank-column',
          entityType: type.name,
          property: link.name,
          lines: link.deleted,
          message: `No row of ${type.table} has a value for ${link.name} any more.`,
          examples: [link.name],
        });
    }
  }
  return causes;
}

const count = (n: number) => n.toLocaleString('en-US');
const updatesOf = (sync: number) =>
  `(select before, after from syncline.change where ${ofSync(sync)} and entity_type = ? and operation = 'u' order by seq limit ${String(sample)}) u`;

async function blankColumns(tx: Queryable, sync: number, type: CauseSubject): Promise<Cause[]> {
  const blank = await rows<{ property: string; lines: number }>(
    tx,
    `select property, lines from (
       select k as property, count(*)::int as lines from syncline.change, jsonb_each(after) as each(k, v)
       where ${ofSync(sync)} and entity_type = ? and operation = 'u' and v = 'null' group by k having count(*) > 1
     ) b
     where lines >= 0.9 * (
       select count(*) from syncline.resource r where r.entity_type = ? and r.attributes \\? b.property
     )`,
    [type.id, type.id],
  );
  return blank.map(({ property, lines }) => ({
    code: 'blank-column',
    entityType: type.name,
    property,
    lines,
    message: `${property} becomes empty in ${count(lines)} of ${count(type.stored)} resources.`,
    examples: [property],
  }));
}

async function swappedHeaders(tx: Queryable, sync: number, type: CauseSubject): Promise<Cause[]> {
  const swapped = await rows<{ p: string; q: string; lines: number }>(
    tx,
    `select p.k as p, q.k as q, count(*)::int as lines
     from ${updatesOf(sync)}, jsonb_each(u.before) as p(k, v), jsonb_each(u.before) as q(k, v)
     where p.k < q.k and p.v <> q.v and u.after -> p.k = q.v and u.after -> q.k = p.v
     group by 1, 2 having count(*) >= greatest(2, 0.5 * least(?, ${String(sample)}))`,
    [type.id, type.updated],
  );
  return swapped.map(({ p, q, lines }) => ({
    code: 'swapped-headers',
    entityType: type.name,
    property: p,
    lines,
    message: `The values of ${p} and ${q} are swapped. The headers of their columns may be swapped.`,
    examples: [p, q],
  }));
}

/** If the header of the key was swapped, the new keys are values that the deleted resources had in another property. */
async function swappedKey(tx: Queryable, sync: number, type: CauseSubject): Promise<Cause[]> {
  if (type.keyProperty === null) return [];
  const found = await row<{ property: string; lines: number }>(
    tx,
    `select k as property, count(*)::int as lines
     from (select before from syncline.change where ${ofSync(sync)} and entity_type = ? and operation = 'd' order by seq limit ${String(sample)}) d,
       jsonb_each_text(d.before) as each(k, v)
     where k <> ? and exists (
       select from syncline.change i where ${ofSync(sync, 'i')} and i.entity_type = ? and i.operation = 'i' and i.key = v)
     group by k having count(*) >= greatest(2, 0.5 * least(?, ${String(sample)})) order by 2 desc limit 1`,
    [type.id, type.keyProperty, type.id, type.deleted],
  );
  if (!found) return [];
  return [
    {
      code: 'swapped-headers',
      entityType: type.name,
      property: type.keyProperty,
      lines: found.lines,
      message: `The new keys are the stored values of ${found.property}. The headers of ${type.keyProperty} and ${found.property} may be swapped.`,
      examples: [type.keyProperty, found.property],
    },
  ];
}

async function dateFormats(tx: Queryable, sync: number, type: CauseSubject): Promise<Cause[]> {
  if (type.dateProperties.length === 0) return [];
  const found = await rows<{ property: string; lines: number }>(
    tx,
    `select property, lines from (
       select b.k as property,
         count(*) filter (where substr(b.v, 1, 4) = substr(a.v, 1, 4) and substr(b.v, 6, 2) = substr(a.v, 9, 2)
           and substr(b.v, 9, 2) = substr(a.v, 6, 2))::int as lines, count(*) as changed
       from ${updatesOf(sync)}, jsonb_each_text(u.before) as b(k, v), jsonb_each_text(u.after) as a(k, v)
       where b.k = a.k and b.k = any(?) group by b.k
     ) d where lines > 1 and lines >= 0.5 * changed`,
    [type.id, type.dateProperties],
  );
  return found.map(({ property, lines }) => ({
    code: 'date-format-changed',
    entityType: type.name,
    property,
    lines,
    message: `Day and month of ${property} are swapped. The date format of the source may have changed.`,
    examples: [property],
  }));
}
