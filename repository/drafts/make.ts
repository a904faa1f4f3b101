import type { Conflicts, DraftCounts, RowDecision } from '../../domain/draft.ts';
import type { ChangedSync } from '../change-filter.ts';
import type { Transaction } from '../database.ts';
import { conflictsOf, countsOf, countSuppressed, decisionSums, digestOf, tallyOf } from './count.ts';
import { decideRows } from './follow.ts';
import { matcherOf, type Wanted } from './match.ts';
import type { DecidedParts } from './parts.ts';

/** A draft as it was worked out, with the rows that are still to be stored. */
export interface MadeDraft {
  digest: string;
  counts: DraftCounts;
  conflicts: Conflicts;
  rows: DecidedParts;
  /** Places, from 1, of the rules that mean no change. */
  empty: number[];
}

/**
 * Works out what a draft decides of every proposed row of a sync, in set-based SQL over temporary tables of the caller's
 * transaction.
 * @param memories how long the refusals of each rule, and then of `otherwise`, are remembered, in seconds
 */
export async function makeDraft(
  tx: Transaction,
  sync: ChangedSync & { id: string; digest: string },
  wanted: Wanted,
  memories: readonly (number | null)[],
): Promise<MadeDraft> {
  const matcher = await matcherOf(tx, sync, wanted);
  const rows = await decideRows(tx, matcher);
  const tallies = await tallyOf(tx, matcher, rows);
  const deciding = new Set(tallies.map(({ rule }) => rule));
  const empty: number[] = [];
  for (const place of wanted.rules.keys())
    if (!deciding.has(place + 1) && !(await matcher.matches(place + 1))) empty.push(place + 1);
  const sum = (name: 'lines' | 'follows' | 'mixed', of?: RowDecision) =>
    tallies.reduce((total, each) => total + (of === undefined || each.decision === of ? each[name] : 0), 0);
  const refuse = sum('lines', 'refuse');
  return {
    digest: digestOf(sync, tallies, await decisionSums(tx, sync.no, rows, tallies), memories),
    counts: {
      apply: sum('lines', 'apply'),
      refuse,
      defer: sum('lines', 'defer'),
      follows: sum('follows'),
      mixed: sum('mixed'),
      suppressedAfter: (await countSuppressed(tx, sync.no)) + refuse,
      applied: countsOf(tallies, 'apply'),
    },
    conflicts: await conflictsOf(tx, rows, tallies),
    rows,
    empty,
  };
}
