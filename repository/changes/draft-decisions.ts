import type { RowDecision } from '../../domain/draft.ts';
import { changeId } from '../change-filter.ts';
import { rows, type Queryable } from '../database.ts';
import { decisionOf } from '../drafts/rows.ts';
import type { FoundChange } from './read-changes.ts';

/** What a draft decides of the changes of a page, by id. */
export async function draftDecisions(
  db: Queryable,
  draft: number,
  found: readonly FoundChange[],
): Promise<ReadonlyMap<string, RowDecision>> {
  const decisions = new Map<string, RowDecision>();
  for (const kind of ['resource', 'link'] as const) {
    const seqs = found.filter(({ change }) => change.kind === kind).map(({ seq }) => seq);
    if (seqs.length === 0) continue;
    const decided = await rows<{ seq: number; decision: RowDecision }>(
      db,
      `select n.seq, ${decisionOf(draft, kind, 'n.seq')} as decision from unnest(?::bigint[]) as n(seq)`,
      [seqs],
    );
    for (const { seq, decision } of decided) decisions.set(changeId(kind, seq), decision);
  }
  return decisions;
}
