import type { ChangeKind } from '../change-kind.ts';
import { touched, type Queryable } from '../database.ts';
import { careOf } from './match.ts';
import { partOf, type DecidedParts } from './parts.ts';

/**
 * The rows that a draft does not apply. Kept as lists of numbers, so that two million deferred rows are some hundred rows
 * which are written and removed in no time.
 */
const letters = { resource: 'r', link: 'l' } as const;

export async function storeRows(tx: Queryable, draft: number, parts: DecidedParts): Promise<void> {
  for (const kind of ['resource', 'link'] as const)
    await touched(
      tx,
      `insert into syncline.draft_rows (draft, kind, part, decision, rule, seqs, because)
       select ?, '${letters[kind]}', part, case decision when ${String(careOf.refuse)} then 'r' else 'd' end,
         follows_rule, seqs, because
       from ${parts[kind]} where decision > 0`,
      [draft],
    );
}

/**
 * The rows of a kind that a draft does not apply, as a subquery: seq; decision (`r` refuse, `d` defer); rule, whose memory
 * counts (0: otherwise); because, the row that it follows (the seq of a resource, minus that of a link, or null).
 */
export const leftOutRows = (draft: number, kind: ChangeKind): string => `(
  select each.seq, d.decision, d.rule, each.because from syncline.draft_rows d
    cross join lateral unnest(d.seqs, coalesce(d.because, '{}')) each(seq, because)
  where d.draft = ${String(draft)} and d.kind = '${letters[kind]}')`;

/** What a draft decides of a change row, as an expression: `apply`, `refuse` or `defer`. For some rows, such as a page. */
export const decisionOf = (draft: number, kind: ChangeKind, seq: string): string => `coalesce((
  select case d.decision when 'r' then 'refuse' else 'defer' end from syncline.draft_rows d
  where d.draft = ${String(draft)} and d.kind = '${letters[kind]}' and d.part = ${partOf(seq)}
    and ${seq} = any(d.seqs)), 'apply')`;
