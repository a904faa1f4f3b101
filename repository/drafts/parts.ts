import type { Queryable } from '../database.ts';
import type { Condition } from '../change-filter.ts';
import type { ChangeKind } from '../change-kind.ts';

/** As many rows of a kind have one number of a part. */
export const perPart = 8192;

/** The part of a row, as an expression. */
export const partOf = (seq: string): string => `${seq} / ${String(perPart)}`;

/**
 * What a draft decides of the proposed rows of a sync, by kind: temporary tables of this transaction, which only `decideRows`
 * can make. A row of them is a part of the rows that have all of this in common: (part, operation, rule, wanted, mixed, decision,
 * follows_rule, lines, seqs, because), where `seqs`, and `because` beside them, are null if these rows are applied. Two million
 * rows are some hundred parts: they are counted, looked through and stored in no time.
 */
export type DecidedParts = Record<ChangeKind, string>;

/**
 * @param rows SQL of (seq, operation, rule, wanted, mixed, decision, follows_rule, because)
 * @returns the name of the table
 */
export async function makeParts(tx: Queryable, kind: ChangeKind, { sql, bindings }: Condition): Promise<string> {
  const table = `decided_${kind}_part`;
  const leftOut = (column: string) => `array_agg(${column}) filter (where decision > 0)`;
  await tx.raw(
    `create temp table ${table} on commit drop as
     select ${partOf('seq')} as part, operation, rule, wanted, mixed, decision, follows_rule, count(*)::int as lines,
       ${leftOut('seq')} as seqs, case when count(because) > 0 then ${leftOut('because')} end as because
     from (${sql}) d group by 1, 2, 3, 4, 5, 6, 7`,
    bindings,
  );
  return table;
}
