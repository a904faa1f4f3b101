import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { row, rows, type Queryable } from '../database.ts';

/**
 * Where the rows of a change set stand. A span is a range of `seq` with the number of its rows: so a list knows its length,
 * and finds any place in it, without reading the rows in front of that place. 2,000,000 rows make about 500 spans, which are
 * counted in the same pass as the rows of each type and operation.
 */
export interface Span {
  /** Of the first row, and of the last. */
  lo: number;
  hi: number;
  lines: number;
}

/** Change sets with more changes have stored spans. In smaller ones, all that fit a filter are read. */
export const manyChanges = 10_000;

const spansAtMost = 512;

/** The rows of one entity type or link property that have one operation. */
export interface Cell {
  kind: ChangeKind;
  /** Entity type, or link property. */
  scope: number;
  operation: 'i' | 'u' | 'd';
  /** Not suppressed, not withheld. */
  proposed: boolean;
  lines: number;
  spans: StoredSpans;
}

/** Spans as text of three arrays of Postgres: nobody reads them on their way into the table. */
export interface StoredSpans {
  lo: string;
  hi: string;
  n: string;
}

const tables = { resource: 'change', link: 'link_change' } as const;
const scopes = { resource: 'entity_type', link: 'property' } as const;

/** How the rows of a sync are cut into spans, as SQL: the number of the span of a row of `c`. */
export interface Cut {
  first: number;
  last: number;
  width: number;
}

export const spanOf = ({ first, width }: Cut, alias = 'c'): string =>
  `((${alias}.seq - ${String(first)}) / ${String(width)})`;

/** Aggregates that make stored spans of rows (lo, hi, lines). */
export const storedSpans = `array_agg(lo order by lo)::text as lo, array_agg(hi order by lo)::text as hi,
  array_agg(lines order by lo)::text as n`;

/** @returns undefined where the sync has no row of this kind */
export async function cutOf(db: Queryable, sync: number, kind: ChangeKind): Promise<Cut | undefined> {
  const found = await row<{ first: number | null; last: number }>(
    db,
    `select min(c.seq) as first, max(c.seq) as last from syncline.${tables[kind]} c where ${ofSync(sync, 'c')}`,
  );
  if (!found || found.first === null) return undefined;
  const { first, last } = found;
  return { first, last, width: Math.max(256, Math.ceil((last - first + 1) / spansAtMost)) };
}

/** Counts all change rows of a sync. */
export async function countCells(db: Queryable, sync: number): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const kind of ['resource', 'link'] as const) {
    const cut = await cutOf(db, sync, kind);
    if (!cut) continue;
    const found = await rows<Omit<Cell, 'kind' | 'spans'> & StoredSpans>(
      db,
      `select scope, operation, proposed, sum(lines)::int as lines, ${storedSpans}
       from (
         select c.${scopes[kind]} as scope, c.operation, coalesce(c.fate not in ('s', 'w'), true) as proposed,
           min(c.seq) as lo, max(c.seq) as hi, count(*)::int as lines
         from syncline.${tables[kind]} c where ${ofSync(sync, 'c')} group by 1, 2, 3, ${spanOf(cut)}
       ) span
       group by 1, 2, 3 order by 1, 2, 3`,
    );
    cells.push(...found.map(({ lo, hi, n, ...cell }) => ({ kind, ...cell, spans: { lo, hi, n } })));
  }
  return cells;
}

/** The counted rows without what a group adds. */
export type SpanOwner = Pick<Cell, 'kind' | 'scope' | 'operation' | 'proposed' | 'spans'>;

/** @param group of the summary; '' for all rows of the scope and operation */
export async function storeSpans(db: Queryable, sync: number, owner: SpanOwner, group = ''): Promise<void> {
  const { kind, scope, operation, proposed, spans } = owner;
  await db.raw(
    `insert into syncline.change_spans (sync, kind, scope, operation, proposed, group_id, lo, hi, lines)
     values (?, ?, ?, ?, ?, ?, ?::bigint[], ?::bigint[], ?::integer[]) on conflict do nothing`,
    [sync, kind, scope, operation, proposed, group, spans.lo, spans.hi, spans.n],
  );
}

export async function hasSpans(db: Queryable, sync: number): Promise<boolean> {
  return (await row(db, 'select from syncline.change_spans where sync = ? limit 1', [sync])) !== undefined;
}

/** What the wanted rows have in common; a part that is left out does not limit. */
export interface SpanFilter {
  entityType?: string | undefined;
  kind?: ChangeKind | undefined;
  operation?: string | undefined;
  /** A navigation property; only together with the kind `link`. */
  property?: string | undefined;
  proposed?: boolean | undefined;
  group?: string | undefined;
}

/** The spans of the rows that fit, in the order of the list: for each kind by `seq`. Spans of one kind do not overlap. */
export async function readSpans(db: Queryable, sync: number, filter: SpanFilter): Promise<Record<ChangeKind, Span[]>> {
  const { entityType, kind, operation, property, proposed, group = '' } = filter;
  const conditions: [string, ...(string | boolean | undefined)[]][] = [
    ['s.kind = ?', kind],
    [`coalesce(p.entity_type, s.scope) = (select id from syncline.entity_type where name = ?)`, entityType],
    ['s.operation = ?', operation],
    ['p.name = ?', property],
    ['s.proposed = ?', proposed],
  ];
  const used = conditions.filter(([, value]) => value !== undefined);
  const found = await rows<Span & { kind: ChangeKind }>(
    db,
    `select s.kind, u.lo, u.hi, u.lines
     from syncline.change_spans s
       left join syncline.link_property p on s.kind = 'link' and p.id = s.scope
       cross join lateral unnest(s.lo, s.hi, s.lines) as u(lo, hi, lines)
     where s.sync = ? and s.group_id = ? ${used.map(([sql]) => `and ${sql}`).join(' ')}
     order by u.lo`,
    [sync, group, ...used.map(([, value]) => value ?? null)],
  );
  const of = (wanted: ChangeKind) => joinOverlapping(found.filter((span) => span.kind === wanted));
  return { resource: of('resource'), link: of('link') };
}

/** Rows of several operations or types stand among each other: their spans become one. */
function joinOverlapping(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { lo, hi, lines } of spans) {
    const last = joined.at(-1);
    if (last && lo <= last.hi) {
      last.hi = Math.max(last.hi, hi);
      last.lines += lines;
    } else joined.push({ lo, hi, lines });
  }
  return joined;
}

export const linesOf = (spans: readonly Span[]): number => spans.reduce((sum, { lines }) => sum + lines, 0);
