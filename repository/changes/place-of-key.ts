import { changeConditions, type ChangeConditions, type ChangedSync, type ChangeFilter } from '../change-filter.ts';
import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { row, type Queryable } from '../database.ts';
import type { Span } from './spans.ts';

export interface ChangePlace {
  kind: ChangeKind;
  seq: number;
}

const table = (kind: ChangeKind) => `syncline.${kind === 'resource' ? 'change' : 'link_change'}`;

/** The first change of a list that is about a key, given as its text; undefined if there is none. */
export async function firstOfKey(
  db: Queryable,
  sync: ChangedSync,
  filter: ChangeFilter,
  key: string,
): Promise<ChangePlace | undefined> {
  const conditions = await changeConditions(db, sync, { ...filter, keys: [key] });
  for (const kind of ['resource', 'link'] as const) {
    const condition = conditions[kind];
    if (!condition) continue;
    const found = await row<{ seq: number }>(
      db,
      `select c.seq from ${table(kind)} c where ${ofSync(sync.no, 'c')} and ${condition.sql} order by c.seq limit 1`,
      condition.bindings,
    );
    if (found) return { kind, seq: found.seq };
  }
  return undefined;
}

/** How many changes of a counted list stand in front of a place. Only the rows of one span are counted. */
export async function rankAmong(
  db: Queryable,
  sync: number,
  conditions: ChangeConditions,
  spans: Record<ChangeKind, readonly Span[]>,
  lines: Record<ChangeKind, number>,
  { kind, seq }: ChangePlace,
): Promise<number> {
  const inFront = spans[kind].filter(({ hi }) => hi < seq).reduce((sum, span) => sum + span.lines, 0);
  const before = kind === 'link' ? lines.resource : 0;
  const around = spans[kind].find(({ lo, hi }) => lo <= seq && seq <= hi);
  const condition = conditions[kind];
  if (!around || !condition) return before + inFront;
  const found = await row<{ rows: number }>(
    db,
    `select count(*)::int as rows from ${table(kind)} c
     where ${ofSync(sync, 'c')} and ${condition.sql} and c.seq >= ? and c.seq < ?`,
    [...condition.bindings, around.lo, seq],
  );
  return before + inFront + (found?.rows ?? 0);
}
