import type { ChangeKind } from '../change-kind.ts';
import { touched, type Queryable } from '../database.ts';
import { careOf } from './match.ts';
import type { DecidedRows } from './follow.ts';

/**
 * The rows that a draft does not apply. Kept as lists of numbers, so that two million deferred rows are some hundred rows
 * which are written and removed in no time.
 */
const perPart = 8192;
const letters = { resource: 'r', link: 'l' } as const;

export async function storeRows(tx: Queryable, draft: number, { resources, links }: DecidedRows): Promise<void> {
  for (const [kind, table] of [
    ['resource', resources],
    ['link', links],
  ] as const)
    await touched(
      tx,
      `insert into syncline.draft_rows (draft, kind, part, decision, rule, seqs, because)
       select ?, '${letters[kind]}', seq / ${String(perPart)}, case decision when ${String(careOf.refuse)} then 'r' else 'd' end,
         follows_rule, array_agg(seq), case when count(because) > 0 then array_agg(because) end
       from ${table} where decision > 0 group by 3, 4, 5`,
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
  where d.draft = ${String(draft)} and d.kind = '${letters[kind]}' and d.part = ${seq} / ${String(perPart)}
    and ${seq} = any(d.seqs)), 'apply')`;
