import { own as ownOf } from './chosen-names.ts';
import type { ConnectorFile, EntityTypeFile } from './connector-file.ts';
import { describeChangedFilter, type ChangedFilter } from './filters.ts';
import type { Counters, EntityCounters, Hold, ThresholdVerdict } from './sync.ts';
import {
  lineThresholdNames,
  linkThresholdNames,
  type LineThresholdName,
  type LinkThresholdName,
  type ThresholdName,
} from './threshold-names.ts';

export const defaultLines = 100;
export const defaultLinks = 1000;
export const defaultPercentage = 5;

export interface ThresholdInput {
  file: ConnectorFile;
  counters: Counters;
  /** What is stored of each entity type of the connector, and of each of its link properties, in the sync's scope or not. */
  stored: Readonly<Record<string, { resources: number; links: Readonly<Record<string, number>> }>>;
  /** Entity types of other connectors that lose links. */
  others: readonly EntityTypeFile[];
  rowsRead: number;
  rowsRejected: number;
  /** Scopes for which a complete read found nothing, although something is stored. */
  zeroRows: readonly string[];
  /** Scopes that lose something and have a row whose key could not be read. */
  unreadableKeys: readonly string[];
  /** Filters that changed, of scopes that lose something. */
  changedFilters: readonly ChangedFilter[];
}

/**
 * Checks every limit that is present: the connector's (all twelve have defaults), and those that entity types and navigation
 * properties add. A limit that is exceeded holds the sync. So do zero rows, deletes beside unreadable keys, and deletes by a
 * changed filter.
 */
export function evaluateThresholds(input: ThresholdInput): { thresholds: ThresholdVerdict[]; holds: Hold[] } {
  const thresholds: ThresholdVerdict[] = [];
  const holds: Hold[] = [];
  const judge = (scope: string, name: ThresholdName, limit: number, counted: Counted) => {
    const verdict = verdictOf(scope, name, limit, counted);
    thresholds.push(verdict);
    if (verdict.exceeded) holds.push({ code: 'threshold-exceeded', scope, message: messageOf(verdict) });
  };

  const judgeProperties = (type: EntityTypeFile, counted: EntityCounters) => {
    for (const [property, navigation] of Object.entries(type.navigationProperties)) {
      const link = ownOf(counted.links, property);
      for (const name of linkThresholdNames) {
        const limit = navigation.thresholds?.[name];
        if (link && limit !== undefined) judge(`${type.name}.${property}`, name, limit, link);
      }
    }
  };
  const own = Object.entries(input.stored);
  const changed = own.flatMap(([name]) => ownOf(input.counters, name) ?? []);
  const foreign = Object.entries(input.counters).flatMap(([name, counted]) =>
    Object.hasOwn(input.stored, name) ? [] : [counted],
  );
  // a percentage is of all that is stored, however small the sync's own scope is
  const lines = { ...sumLines(changed), stored: own.reduce((sum, [, { resources }]) => sum + resources, 0) };
  const ownLinks = own.flatMap(([, type]) => Object.values(type.links)).reduce((sum, count) => sum + count, 0);
  const links = { ...sumLinks([...changed, ...foreign]), stored: ownLinks + sumLinks(foreign).stored };
  const given = input.file.thresholds;
  for (const name of lineThresholdNames) judge('connector', name, given[name] ?? defaultOf(name), lines);
  for (const name of linkThresholdNames) judge('connector', name, given[name] ?? defaultOf(name), links);
  judgeRejected('connector', given, input.rowsRead, input.rowsRejected, true, thresholds, holds);

  for (const type of input.file.entityTypes) {
    const counted = ownOf(input.counters, type.name);
    if (!counted) continue;
    const limits = type.thresholds ?? {};
    for (const name of lineThresholdNames)
      if (limits[name] !== undefined) judge(type.name, name, limits[name], counted);
    for (const name of linkThresholdNames)
      if (limits[name] !== undefined) judge(type.name, name, limits[name], sumLinks([counted]));
    judgeRejected(type.name, limits, counted.read, counted.rejected, false, thresholds, holds);
    judgeProperties(type, counted);
  }
  // links that go with a deleted end belong to their own property, whichever connector has it
  for (const type of input.others) {
    const counted = ownOf(input.counters, type.name);
    if (!counted) continue;
    for (const name of linkThresholdNames) {
      const limit = type.thresholds?.[name];
      if (limit !== undefined) judge(type.name, name, limit, sumLinks([counted]));
    }
    judgeProperties(type, counted);
  }
  for (const scope of input.zeroRows)
    holds.push({
      code: 'zero-rows',
      scope,
      message: `The source has no row for ${scope}, but some are stored.`,
    });
  for (const scope of input.unreadableKeys)
    holds.push({
      code: 'unreadable-key',
      scope,
      message: `${scope} would lose lines or links, and ${scope} has a row whose key could not be read. That row may be one that seems deleted.`,
    });
  for (const filter of input.changedFilters) {
    const { entityType, property, scope } = filter;
    const counted = input.counters[entityType];
    const [lost, what] =
      property === undefined ? [counted?.deleted, 'lines'] : [counted?.links[property]?.deleted, 'links'];
    holds.push({
      code: 'filter-changed',
      scope,
      message: `${describeChangedFilter(filter)}: ${told(lost ?? 0)} ${what} would be deleted.`,
    });
  }
  return { thresholds, holds };
}

interface Counted {
  stored: number;
  inserted: number;
  updated: number;
  deleted: number;
}

function verdictOf(scope: string, name: ThresholdName, limit: number, counted: Counted): ThresholdVerdict {
  const actual = name.includes('Inserted')
    ? counted.inserted
    : name.includes('Updated')
      ? counted.updated
      : counted.deleted;
  const limitLines = isPercentage(name) ? percentageLines(counted.stored, limit) : limit;
  return { scope, name, limit, limitLines, stored: counted.stored, actual, exceeded: actual > limitLines };
}

/**
 * A percentage of the stored lines, in lines: at least one, so that one change alone never exceeds it, but none if the
 * percentage is 0 or nothing is stored.
 */
export function percentageLines(stored: number, percentage: number): number {
  return stored === 0 || percentage === 0 ? 0 : Math.max(1, shareOf(stored, percentage));
}

/** floor(count × percentage / 100), exact: 0.1 % of 1,000 is 1, without rounding errors of binary fractions. */
export function shareOf(count: number, percentage: number): number {
  const text = percentage.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
  const [whole = '0', fraction = ''] = text.split('.');
  const scaled = BigInt(whole + fraction);
  return Number((BigInt(count) * scaled) / (100n * 10n ** BigInt(fraction.length)));
}

const isPercentage = (name: string) => name.toLowerCase().includes('percentage');

function defaultOf(name: LineThresholdName | LinkThresholdName): number {
  if (isPercentage(name)) return defaultPercentage;
  return name.includes('Link') ? defaultLinks : defaultLines;
}

function sumLines(counters: readonly EntityCounters[]): Counted {
  return counters.reduce(add, { stored: 0, inserted: 0, updated: 0, deleted: 0 });
}

const sumLinks = (counters: readonly EntityCounters[]): Counted =>
  counters
    .flatMap(({ links }) => Object.values(links))
    .reduce<Counted>(add, { stored: 0, inserted: 0, updated: 0, deleted: 0 });

const add = (sum: Counted, each: Counted): Counted => ({
  stored: sum.stored + each.stored,
  inserted: sum.inserted + each.inserted,
  updated: sum.updated + each.updated,
  deleted: sum.deleted + each.deleted,
});

/** Rejected rows: more than the lines, or at least eleven and more than the percentage of the rows read. */
function judgeRejected(
  scope: string,
  limits: { maximumRejectedLines?: number | undefined; maxPercentageRejectedLines?: number | undefined },
  read: number,
  rejected: number,
  defaults: boolean,
  thresholds: ThresholdVerdict[],
  holds: Hold[],
): void {
  const lines = limits.maximumRejectedLines ?? (defaults ? defaultLines : undefined);
  const percentage = limits.maxPercentageRejectedLines ?? (defaults ? defaultPercentage : undefined);
  const verdicts: ThresholdVerdict[] = [];
  if (lines !== undefined)
    verdicts.push({
      scope,
      name: 'maximumRejectedLines',
      limit: lines,
      limitLines: lines,
      stored: read,
      actual: rejected,
      exceeded: rejected > lines,
    });
  if (percentage !== undefined) {
    const limitLines = Math.max(10, shareOf(read, percentage));
    verdicts.push({
      scope,
      name: 'maxPercentageRejectedLines',
      limit: percentage,
      limitLines,
      stored: read,
      actual: rejected,
      exceeded: rejected > limitLines,
    });
  }
  thresholds.push(...verdicts);
  for (const verdict of verdicts)
    if (verdict.exceeded) holds.push({ code: 'rejected-rows', scope, message: messageOf(verdict) });
}

const told = (n: number) => n.toLocaleString('en-US', { maximumFractionDigits: 20 });

function messageOf({ scope, name, limit, limitLines, stored, actual }: ThresholdVerdict): string {
  const operation = (
    ['Inserted', 'Updated', 'Deleted', 'Rejected'].find((each) => name.includes(each)) ?? ''
  ).toLowerCase();
  const what = `${told(actual)} ${operation} ${name.includes('Link') ? 'links' : 'lines'}`;
  const allowed = isPercentage(name)
    ? `limit ${told(limit)} % of ${told(stored)} = ${told(limitLines)}`
    : `limit ${told(limit)}`;
  return `Threshold Exceeded: ${what}, ${allowed}${scope === 'connector' ? '' : ` (${scope})`}`;
}
