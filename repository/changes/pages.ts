import {
  changeConditions,
  operationLetters,
  type ChangeConditions,
  type ChangedSync,
  type ChangeFilter,
} from '../change-filter.ts';
import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { row, rows, type Database, type Queryable } from '../database.ts';
import { findGroup } from '../summary/group.ts';
import { after, before, numbered, readChanges, within, type FoundChange } from './read-changes.ts';
import { ensureSpans } from './ensure-spans.ts';
import { linesOf, manyChanges, readSpans, type Span, type SpanFilter } from './spans.ts';
import { rankAmong, type ChangePlace } from './place-of-key.ts';
import { withWork } from './with-work.ts';

/** A place in the list between two changes: behind so many of them, or beside a change. */
export type ChangeCursor = { rank: number } | { kind: ChangeKind; seq: number };

/** Where a page begins; without a part, at the beginning of the list. */
export interface PageStart {
  after?: ChangeCursor | undefined;
  before?: ChangeCursor | undefined;
  /** A part of the list, 0 to 1. */
  at?: number | undefined;
  /** A change of the list. */
  from?: ChangePlace | undefined;
}

export interface ChangePage {
  found: FoundChange[];
  next: ChangeCursor | null;
  previous: ChangeCursor | null;
  /** How many changes fit the filter; null where more than 10,000 fit a filter that is not counted. */
  total: number | null;
  /** How many of them stand in front of this page; null where that is not known. */
  from: number | null;
}

const kinds: readonly ChangeKind[] = ['resource', 'link'];

/**
 * A page of the changes of a sync that fit a filter. Filters by kind, type, operation and group are counted: the spans of
 * large change sets say where the rows of any page stand. For other filters, the numbers of all rows that fit are read, up
 * to 10,000. Where more fit, the list can be gone through from row to row, and `at` is estimated.
 */
export function pageOfChanges(
  db: Database,
  sync: ChangedSync,
  filter: ChangeFilter,
  start: PageStart,
  limit: number,
): Promise<ChangePage> {
  return withWork(db, filter, (own) => pageOf(own, sync, filter, start, limit));
}

async function pageOf(
  db: Database,
  sync: ChangedSync,
  filter: ChangeFilter,
  start: PageStart,
  limit: number,
): Promise<ChangePage> {
  const conditions = await changeConditions(db, sync, filter);
  const beside = start.after ?? start.before;
  if (beside && 'seq' in beside) return pageBeside(db, sync, conditions, start, limit);
  const counted = (await isLarge(db, sync.no)) ? await countedBy(db, sync.no, filter) : undefined;
  if (counted) {
    await ensureSpans(db, sync.no);
    const spans = await readSpans(db, sync.no, counted);
    const lines = {
      resource: conditions.resource ? linesOf(spans.resource) : 0,
      link: conditions.link ? linesOf(spans.link) : 0,
    };
    const begin = start.from
      ? { after: { rank: await rankAmong(db, sync.no, conditions, spans, lines, start.from) } }
      : start;
    return pageByRank(lines, begin, limit, (kind, skip, count) => {
      const condition = conditions[kind];
      return condition ? readRanks(db, sync, kind, condition, spans[kind], skip, count) : Promise.resolve([]);
    });
  }
  const seqs = await numbersOf(db, sync.no, conditions);
  const total = seqs.resource.length + seqs.link.length;
  if (total > manyChanges) return pageOfMany(db, sync, conditions, start, limit);
  const begin = start.from ? { after: { rank: rankIn(seqs, start.from) } } : start;
  return pageByRank({ resource: seqs.resource.length, link: seqs.link.length }, begin, limit, (kind, skip, count) => {
    const condition = conditions[kind];
    const part = seqs[kind].slice(skip, skip + count);
    return condition && part.length > 0 ? readChanges(db, sync, kind, condition, numbered(part)) : Promise.resolve([]);
  });
}

async function isLarge(db: Queryable, sync: number): Promise<boolean> {
  const found = await row<{ large: boolean }>(
    db,
    `select coalesce(change_count, 0) > ? and changes_removed_at is null as large from syncline.sync where no = ?`,
    [manyChanges, sync],
  );
  return found?.large ?? false;
}

/** What the spans of a filter have in common; undefined if the filter says more than spans know. */
async function countedBy(db: Queryable, sync: number, filter: ChangeFilter): Promise<SpanFilter | undefined> {
  const { entityType, kind, operation, property, group, draft: _draft, ...rest } = filter;
  if (Object.values(rest).some((value) => value !== undefined)) return undefined;
  if (group === undefined) {
    if (property !== undefined && kind !== 'link') return undefined;
    return { entityType, kind, operation: operation && operationLetters[operation], property };
  }
  // a group together with other parts is rare: its rows are looked for
  if ([entityType, kind, operation, property].some((value) => value !== undefined)) return undefined;
  const found = await findGroup(db, sync, group);
  if (!found) return undefined;
  const ownSpans = found.transition !== null || (found.kind === 'resource' && found.property !== null);
  return {
    entityType: found.entityType,
    kind: found.kind,
    operation: operationLetters[found.operation],
    property: found.kind === 'link' ? (found.property ?? undefined) : undefined,
    proposed: true,
    group: ownSpans ? group : '',
  };
}

/** Both kinds are one list; a page may have the end of one and the beginning of the other. */
async function pageByRank(
  lines: Record<ChangeKind, number>,
  start: PageStart,
  limit: number,
  read: (kind: ChangeKind, skip: number, count: number) => Promise<FoundChange[]>,
): Promise<ChangePage> {
  const total = lines.resource + lines.link;
  const [from, to] = window(total, start, limit);
  const found: FoundChange[] = [];
  let passed = 0;
  for (const kind of kinds) {
    const skip = Math.max(0, from - passed);
    const count = Math.min(lines[kind], to - passed) - skip;
    if (count > 0) found.push(...(await read(kind, skip, count)));
    passed += lines[kind];
  }
  return {
    found,
    next: to < total ? { rank: to } : null,
    previous: from > 0 ? { rank: from } : null,
    total,
    from,
  };
}

/** The last page is full as well: a person who goes to the end sees more than one row. */
function window(total: number, { after, before, at }: PageStart, limit: number): [from: number, to: number] {
  if (before && 'rank' in before) return [Math.max(0, before.rank - limit), Math.min(total, before.rank)];
  const wish = after && 'rank' in after ? after.rank : Math.min(Math.floor((at ?? 0) * total), total - limit);
  const from = Math.max(0, Math.min(wish, total));
  return [from, Math.min(total, from + limit)];
}

const rankIn = (seqs: Record<ChangeKind, number[]>, { kind, seq }: ChangePlace): number =>
  (kind === 'link' ? seqs.resource.length : 0) + seqs[kind].filter((each) => each < seq).length;

async function readRanks(
  db: Queryable,
  sync: ChangedSync,
  kind: ChangeKind,
  condition: NonNullable<ChangeConditions[ChangeKind]>,
  spans: readonly Span[],
  skip: number,
  count: number,
): Promise<FoundChange[]> {
  const ranges: { lo: number; hi: number }[] = [];
  let inFront = 0;
  let passed = 0;
  for (const { lo, hi, lines } of spans) {
    if (passed >= skip + count) break;
    if (passed + lines > skip) {
      const last = ranges.at(-1);
      // ranges that are close are read as one
      if (last && lo - last.hi < closeBy) last.hi = hi;
      else ranges.push({ lo, hi });
    } else inFront = passed + lines;
    passed += lines;
  }
  return readChanges(db, sync, kind, condition, within(ranges, skip - inFront, count));
}

const closeBy = 200;

/** The numbers of the rows that fit, in the order of the list: all of them, or one more than are counted. */
async function numbersOf(
  db: Queryable,
  sync: number,
  conditions: ChangeConditions,
): Promise<Record<ChangeKind, number[]>> {
  const found: Record<ChangeKind, number[]> = { resource: [], link: [] };
  for (const kind of kinds) {
    const condition = conditions[kind];
    const rest = manyChanges + 1 - found.resource.length;
    if (!condition || rest <= 0) continue;
    const seqs = await rows<{ seq: number }>(
      db,
      `select c.seq from syncline.${kind === 'resource' ? 'change' : 'link_change'} c
       where ${ofSync(sync, 'c')} and ${condition.sql} order by c.seq limit ?`,
      [...condition.bindings, rest],
    );
    found[kind] = seqs.map(({ seq }) => seq);
  }
  return found;
}

/** A page of a list of which neither the length is known nor how many rows stand in front of a row. */
async function pageOfMany(
  db: Queryable,
  sync: ChangedSync,
  conditions: ChangeConditions,
  start: PageStart,
  limit: number,
): Promise<ChangePage> {
  const { at = 0, from } = start;
  const beside = at === 0 ? undefined : await estimate(db, sync.no, conditions, at);
  const after = from ? { ...from, seq: from.seq - 1 } : beside;
  const page = await pageBeside(db, sync, conditions, { after }, limit);
  return after === undefined ? { ...page, from: 0 } : page;
}

/** Rows that fit are taken to be as dense everywhere. */
async function estimate(
  db: Queryable,
  sync: number,
  conditions: ChangeConditions,
  at: number,
): Promise<ChangeCursor | undefined> {
  const bounds: { kind: ChangeKind; first: number; width: number }[] = [];
  for (const kind of kinds) {
    if (!conditions[kind]) continue;
    const found = await row<{ first: number | null; last: number }>(
      db,
      `select min(c.seq) as first, max(c.seq) as last from syncline.${kind === 'resource' ? 'change' : 'link_change'} c
       where ${ofSync(sync, 'c')}`,
    );
    if (found && found.first !== null) bounds.push({ kind, first: found.first, width: found.last - found.first + 1 });
  }
  let left = at * bounds.reduce((sum, { width }) => sum + width, 0);
  for (const { kind, first, width } of bounds) {
    if (left <= width) return { kind, seq: first - 1 + Math.floor(left) };
    left -= width;
  }
  return undefined;
}

/** From row to row, forward or backward. */
async function pageBeside(
  db: Queryable,
  sync: ChangedSync,
  conditions: ChangeConditions,
  start: PageStart,
  limit: number,
): Promise<ChangePage> {
  const backward = start.before !== undefined;
  const cursor = start.before ?? start.after;
  const place = cursor && 'seq' in cursor ? cursor : undefined;
  const order = backward ? [...kinds].reverse() : kinds;
  const found: { kind: ChangeKind; change: FoundChange }[] = [];
  for (const kind of order) {
    const condition = conditions[kind];
    const passed = place !== undefined && order.indexOf(kind) < order.indexOf(place.kind);
    const rest = limit + 1 - found.length;
    if (!condition || passed || rest <= 0) continue;
    const own = place?.kind === kind ? place.seq : undefined;
    const part = backward ? before(own ?? Number.MAX_SAFE_INTEGER, rest) : after(own ?? 0, rest);
    const read = (await readChanges(db, sync, kind, condition, part)).map((change) => ({ kind, change }));
    if (backward) found.unshift(...read);
    else found.push(...read);
  }
  const more = found.length > limit;
  const shown = backward ? found.slice(-limit) : found.slice(0, limit);
  const beside = (each: (typeof found)[number] | undefined): ChangeCursor | null =>
    each ? { kind: each.kind, seq: each.change.seq } : null;
  return {
    found: shown.map(({ change }) => change),
    next: backward || more ? beside(shown.at(-1)) : null,
    previous: (backward ? more : place !== undefined) ? beside(shown[0]) : null,
    total: null,
    from: null,
  };
}
