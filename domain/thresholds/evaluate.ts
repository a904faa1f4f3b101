import { amount } from '../amount.ts';
import { own as ownOf } from '../chosen-names.ts';
import type { ConnectorFile, EntityTypeFile } from '../connector-file.ts';
import { isJoinType } from '../directory/join-types.ts';
import { describeChangedFilter, type ChangedFilter } from '../filters.ts';
import type { Counters, EntityCounters, Hold, ThresholdVerdict } from '../sync.ts';
import { defaultOf, lineThresholdNames, linkThresholdNames, type SyncOverrides, type ThresholdName } from './names.ts';
import { nameOverridden, withOverrides } from './overrides.ts';
import { judgeRejected } from './rejected.ts';
import { isPercentage, percentageLines } from './share.ts';
import { judgeWatches, type WatchCount } from './watches.ts';
import { judgeWindows, type DeletedByPeriod } from './windows.ts';
import { messageOf } from './words.ts';

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
  /** What applied syncs have deleted lately. */
  deleted: DeletedByPeriod;
  watched: readonly WatchCount[];
  /** Limits for this sync alone. Windows are multiples of the limits of the file all the same. */
  overrides?: SyncOverrides | null;
}

export interface Judged {
  thresholds: ThresholdVerdict[];
  holds: Hold[];
  /** Nothing holds the sync, but something would without its overrides. */
  letThrough?: boolean;
}

/**
 * Checks every limit that is present: the connector's (all twelve have defaults), those that entity types and navigation
 * properties add, windows and watches. A limit that is exceeded holds the sync. So do zero rows, deletes beside unreadable
 * keys, and deletes by a changed filter.
 */
export function evaluateThresholds({ overrides, ...input }: ThresholdInput): Judged {
  const usual = evaluate(input, input.file);
  if (!overrides) return usual;
  const judged = nameOverridden(evaluate(input, withOverrides(input.file, overrides)), usual);
  return { ...judged, letThrough: judged.holds.length === 0 && usual.holds.length > 0 };
}

function evaluate(input: Omit<ThresholdInput, 'overrides'>, file: ConnectorFile): Judged {
  const thresholds: ThresholdVerdict[] = [];
  const holds: Hold[] = [];
  const judge = (scope: string, name: ThresholdName, limit: number, counted: Counted) => {
    const verdict = verdictOf(scope, name, limit, counted);
    thresholds.push(verdict);
    if (verdict.exceeded) holds.push({ code: 'threshold-exceeded', scope, message: messageOf(verdict) });
  };

  const take = (judged: Judged) => {
    thresholds.push(...judged.thresholds);
    holds.push(...judged.holds);
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
  const own = Object.entries(input.stored).filter(([name]) => !isJoinType(name));
  const changed = own.flatMap(([name]) => ownOf(input.counters, name) ?? []);
  const foreign = Object.entries(input.counters).flatMap(([name, counted]) =>
    Object.hasOwn(input.stored, name) ? [] : [counted],
  );
  // a percentage is of all that is stored, however small the sync's own scope is
  const lines = { ...sumLines(changed), stored: own.reduce((sum, [, { resources }]) => sum + resources, 0) };
  const ownLinks = own.flatMap(([, type]) => Object.values(type.links)).reduce((sum, count) => sum + count, 0);
  const links = { ...sumLinks([...changed, ...foreign]), stored: ownLinks + sumLinks(foreign).stored };
  const given = file.thresholds;
  for (const name of lineThresholdNames) judge('connector', name, given[name] ?? defaultOf(name), lines);
  for (const name of linkThresholdNames) judge('connector', name, given[name] ?? defaultOf(name), links);
  // a join is a link between a source and the directory, with the limits of links
  for (const type of file.entityTypes.filter((each) => isJoinType(each.name))) {
    const joins = ownOf(input.counters, type.name);
    if (joins) for (const name of linkThresholdNames) judge(type.name, name, given[name] ?? defaultOf(name), joins);
  }
  take(judgeRejected('connector', given, { read: input.rowsRead, rejected: input.rowsRejected }, true));

  for (const type of file.entityTypes) {
    const counted = ownOf(input.counters, type.name);
    if (!counted) continue;
    const limits = type.thresholds ?? {};
    for (const name of lineThresholdNames)
      if (limits[name] !== undefined) judge(type.name, name, limits[name], counted);
    for (const name of linkThresholdNames)
      if (limits[name] !== undefined) judge(type.name, name, limits[name], sumLinks([counted]));
    take(judgeRejected(type.name, limits, counted, false));
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
  take(judgeWindows(input.file, { lines, links }, input.deleted));
  take(judgeWatches(input.watched));
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
      property === undefined ? [counted?.deleted, 'line'] : [counted?.links[property]?.deleted, 'link'];
    holds.push({
      code: 'filter-changed',
      scope,
      message: `${describeChangedFilter(filter)}: ${amount(lost ?? 0, what)} would be deleted.`,
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
