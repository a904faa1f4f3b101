import { createHash } from 'node:crypto';
import type { ChangeCounts } from '../../domain/sync.ts';
import { mostConflicts, rowDecisions, type Conflict, type Conflicts, type RowDecision } from '../../domain/draft.ts';
import { changeId } from '../change-filter.ts';
import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { row, rows, withoutLoops, type Queryable } from '../database.ts';
import { digestSums, hashSums, type HashSums } from '../digest.ts';
import { careOf, type Matcher } from './match.ts';
import type { DecidedParts } from './parts.ts';

/** One part of a change set: a kind, an operation, a rule, a decision. */
export interface Tally {
  kind: 'resource' | 'link';
  operation: 'i' | 'u' | 'd';
  decision: RowDecision;
  /** The place of the rule that wins, or 0. */
  rule: number;
  lines: number;
  follows: number;
  mixed: number;
  /** Rows that a rule chose and that get another decision. */
  conflicts: number;
}

const wordOf = (column: string) =>
  `case ${column} ${rowDecisions.map((word) => `when ${String(careOf[word])} then '${word}'`).join(' ')} end`;

/** A rule chose the row, and it gets another decision: that of a row that it follows, so it is not applied. */
const isConflict = 'decision <> wanted and rule > 0';

/** The rows that are not among the decided ones are applied by no rule. */
export async function tallyOf(tx: Queryable, matcher: Matcher, parts: DecidedParts): Promise<Tally[]> {
  const linesWhere = (condition: string) => `coalesce(sum(lines) filter (where ${condition}), 0)`;
  const of = (kind: ChangeKind) => `
    select '${kind}' as kind, operation, rule, ${wordOf('decision')} as decision, sum(lines) as lines,
      ${linesWhere('decision <> wanted')} as follows, ${linesWhere('mixed')} as mixed,
      ${linesWhere(isConflict)} as conflicts
    from ${parts[kind]} group by operation, rule, decision`;
  const tallies = await rows<Tally>(tx, `${of('resource')} union all ${of('link')}`);
  for (const kind of ['resource', 'link'] as const) {
    const all = await rows<{ operation: Tally['operation']; lines: number }>(
      tx,
      `select c.operation, count(*) as lines from ${matcher.allRows(kind)} group by 1`,
    );
    for (const { operation, lines } of all) {
      const rest = tallies.reduce(
        (left, each) => (each.kind === kind && each.operation === operation ? left - each.lines : left),
        lines,
      );
      const none = { follows: 0, mixed: 0, conflicts: 0 };
      if (rest > 0) tallies.push({ kind, operation, decision: 'apply', rule: 0, lines: rest, ...none });
    }
  }
  return tallies;
}

export async function conflictsOf(tx: Queryable, parts: DecidedParts, tallies: readonly Tally[]): Promise<Conflicts> {
  const count = tallies.reduce((sum, { conflicts }) => sum + conflicts, 0);
  if (count === 0) return { count, first: [] };
  // the parts behind those that have enough are not opened
  const of = (kind: ChangeKind) => `
    select '${kind}' as kind, each.seq, ${wordOf('wanted')} as wanted, ${wordOf('decision')} as decided, each.because
    from (
      select *, sum(lines) over (order by part) - sum(lines) over (partition by part) as earlier
      from ${parts[kind]} where ${isConflict}
    ) p cross join lateral unnest(seqs, because) each(seq, because)
    where earlier < ${String(mostConflicts)}`;
  const first = await rows<{
    kind: 'resource' | 'link';
    seq: number;
    wanted: RowDecision;
    decided: RowDecision;
    because: number;
  }>(tx, `${of('resource')} union all ${of('link')} order by kind desc, seq limit ${String(mostConflicts)}`);
  return {
    count,
    first: first.map(({ kind, seq, wanted, decided, because }): Conflict => ({
      id: changeId(kind, seq),
      wanted,
      decided,
      because: because < 0 ? changeId('link', -because) : changeId('resource', because),
    })),
  };
}

const counted = {
  resource: { i: 'inserted', u: 'updated', d: 'deleted' },
  link: { i: 'linksInserted', u: 'linksUpdated', d: 'linksDeleted' },
} as const satisfies Record<Tally['kind'], Record<Tally['operation'], keyof ChangeCounts>>;

/** The six counts of the rows with one decision. */
export function countsOf(tallies: readonly Tally[], decision: RowDecision): ChangeCounts {
  const counts: ChangeCounts = {
    deleted: 0,
    updated: 0,
    inserted: 0,
    linksDeleted: 0,
    linksUpdated: 0,
    linksInserted: 0,
  };
  for (const tally of tallies)
    if (tally.decision === decision) counts[counted[tally.kind][tally.operation]] += tally.lines;
  return counts;
}

/** The sums of the hashes of the rows with each decision. */
export type DecisionSums = Record<'resource' | 'link', Record<RowDecision, { a: bigint; b: bigint }>>;

/** Of fewer rows than this part, each is looked up. */
const fewRows = 0.05;

/**
 * Sums the hashes of the change rows by decision. The rows that are applied are not read: their sums are what the others leave
 * of the sums of the change set. If none is applied, the same holds for the decision that most of them have.
 */
export async function decisionSums(
  tx: Queryable,
  sync: number,
  parts: DecidedParts,
  tallies: readonly Tally[],
): Promise<DecisionSums> {
  const whole = await digestSums(tx, sync);
  const none = { apply: { a: 0n, b: 0n }, refuse: { a: 0n, b: 0n }, defer: { a: 0n, b: 0n } };
  const sums: DecisionSums = { resource: { ...none }, link: { ...none } };
  for (const kind of ['resource', 'link'] as const) {
    const [most, ...others] = rowDecisions
      .map((decision) => ({ decision, lines: linesOf(tallies, kind, decision) }))
      .filter(({ lines }) => lines > 0)
      .sort(
        (one, other) =>
          Number(other.decision === 'apply') - Number(one.decision === 'apply') || other.lines - one.lines,
      );
    if (!most) continue;
    const all = linesOf(tallies, kind);
    let [a, b] = [BigInt(whole[kind].a), BigInt(whole[kind].b)];
    for (const each of others) {
      const few = each.lines < fewRows * all;
      const part = await sumsOf(tx, sync, kind, parts[kind], each.decision, few);
      sums[kind][each.decision] = part;
      a -= part.a;
      b -= part.b;
    }
    sums[kind][most.decision] = { a, b };
  }
  return sums;
}

async function sumsOf(
  tx: Queryable,
  sync: number,
  kind: 'resource' | 'link',
  table: string,
  decision: RowDecision,
  few: boolean,
): Promise<{ a: bigint; b: bigint }> {
  const changes = `syncline.${kind === 'resource' ? 'change' : 'link_change'} c`;
  const decided = `(select unnest(seqs) as seq from ${table} where decision = ${String(careOf[decision])}) d`;
  const found = await (few
    ? // the offset keeps it a look-up by the number of the row
      row<HashSums>(
        tx,
        `select ${hashSums(kind)} from ${decided} cross join lateral (
           select c.* from ${changes} where ${ofSync(sync, 'c')} and c.seq = d.seq offset 0
         ) c`,
      )
    : withoutLoops(tx, () =>
        row<HashSums>(
          tx,
          `select ${hashSums(kind)} from ${decided} join ${changes} on c.seq = d.seq where ${ofSync(sync, 'c')}`,
        ),
      ));
  if (!found) throw new Error('an aggregate gives one row');
  return { a: BigInt(found.a), b: BigInt(found.b) };
}

const linesOf = (tallies: readonly Tally[], kind: Tally['kind'], decision?: RowDecision): number =>
  tallies
    .filter((each) => each.kind === kind && (decision === undefined || each.decision === decision))
    .reduce((sum, { lines }) => sum + lines, 0);

/**
 * The digest of a draft: SHA-256 over the id of the sync, the digest of its change set, for each decision the number of rows
 * and the sums of their hashes (decision 0002), and how long each rule is remembered, in seconds.
 */
export function digestOf(
  sync: { id: string; digest: string },
  tallies: readonly Tally[],
  sums: DecisionSums,
  memories: readonly (number | null)[],
): string {
  const parts: (string | number)[] = [sync.id, sync.digest];
  for (const decision of rowDecisions)
    for (const kind of ['resource', 'link'] as const) {
      const { a, b } = sums[kind][decision];
      parts.push(decision, kind, linesOf(tallies, kind, decision), a.toString(), b.toString());
    }
  parts.push(...memories.map((seconds) => seconds ?? '-'));
  return `sha256:${createHash('sha256').update(parts.join('/')).digest('hex')}`;
}

/** How many rows of the sync are suppressed. */
export async function countSuppressed(tx: Queryable, sync: number): Promise<number> {
  const found = await row<{ n: number }>(
    tx,
    `select coalesce((fates ->> 'suppressed')::int, 0) as n from syncline.sync where no = ?`,
    [sync],
  );
  return found?.n ?? 0;
}
