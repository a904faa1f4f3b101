import type { ChangeCounts, Operation } from './sync.ts';

/** What is decided of one change. */
export const rowDecisions = ['apply', 'refuse', 'defer'] as const;
export type RowDecision = (typeof rowDecisions)[number];

/** Which changes a rule means. A part that is left out does not limit; all parts have to fit. */
export interface DraftFilter {
  /** For links: the entity type from which they lead. */
  entityType?: string | undefined;
  kind?: 'resource' | 'link' | undefined;
  operation?: Operation | undefined;
  property?: string | undefined;
  /** Of resources, and of links from them. Needs the entity type. */
  keys?: string[][] | undefined;
  /** `r123`, `l45` */
  ids?: string[] | undefined;
  cause?: string | undefined;
  group?: string | undefined;
  transition?: { property: string; from?: unknown; to?: unknown } | undefined;
}

/** A later rule wins over an earlier one. */
export interface DraftRule {
  decision: RowDecision;
  filter: DraftFilter;
  /** refuse: how long the refusal is remembered, `30d`. */
  remember?: string | undefined;
}

/** What a draft makes of a change set. apply + refuse + defer are all proposed rows. */
export interface DraftCounts {
  apply: number;
  refuse: number;
  defer: number;
  /** Rows whose decision differs from their rule, or from `otherwise`: they cannot stand alone. */
  follows: number;
  /** Updates that a rule chose by a property and that change other properties, too. */
  mixed: number;
  /** How many changes of such a sync are suppressed afterwards: those that are now, and those that the draft refuses. */
  suppressedAfter: number;
  /** What is applied. */
  applied: ChangeCounts;
}

/** A row that a rule chose and that gets another decision, since it cannot stand alone. Ids of changes: r123, l45. */
export interface Conflict {
  id: string;
  wanted: RowDecision;
  decided: RowDecision;
  /** The change whose decision it follows. */
  because: string;
}

export interface Conflicts {
  count: number;
  /** At most `mostConflicts`. */
  first: Conflict[];
}

export const mostConflicts = 100;
export const mostRules = 200;
/** Keys and ids in the filters of one draft, together. */
export const mostNamed = 10_000;
/** Refusals that one decision may remember. */
export const mostRefusals = 10_000;
/** Drafts of one sync. */
export const mostDrafts = 20;

/** How long a refusal is remembered if nothing is said. */
export const usualMemory = '30d';

const day = 86_400;
const longestMemory = 365 * day;
const units = { m: 60, h: 3600, d: day } as const;

/** @returns the seconds of a duration such as `30d` or `24h`; undefined if it is none, or none from 1 d to 365 d */
export function memorySeconds(text: string): number | undefined {
  const [, number, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const seconds = Number(number) * units[unit as keyof typeof units];
  return seconds < day || seconds > longestMemory ? undefined : seconds;
}

/** For each rule of a draft, and then for `otherwise`, how long its refusals are remembered, in seconds; null: it refuses none. */
export const memoriesOf = (rules: readonly DraftRule[], otherwise: RowDecision): (number | null)[] =>
  [...rules, { decision: otherwise, remember: usualMemory }].map(({ decision, remember = usualMemory }) =>
    decision === 'refuse' ? (memorySeconds(remember) ?? null) : null,
  );
