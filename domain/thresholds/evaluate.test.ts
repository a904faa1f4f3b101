import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangedFilter } from '../filters.ts';
import { parseConnectorFile } from '../parse-connector-file.ts';
import type { EntityCounters } from '../sync.ts';
import { evaluateThresholds } from './evaluate.ts';
import { thresholdNames } from './names.ts';
import { nothingDeleted } from './windows.ts';
import { percentageLines, shareOf } from './share.ts';

const counters = (more: Partial<EntityCounters> = {}): EntityCounters => ({
  stored: 0,
  inserted: 0,
  updated: 0,
  deleted: 0,
  unchanged: 0,
  read: 0,
  rejected: 0,
  duplicates: 0,
  filtered: 0,
  links: {},
  ...more,
});

function evaluate(
  person: Partial<EntityCounters>,
  limits: {
    connector?: object;
    type?: object;
    link?: object;
    zero?: string[];
    unreadable?: string[];
    filters?: ChangedFilter[];
    rejected?: number;
    read?: number;
  } = {},
) {
  const parsed = parseConnectorFile(
    JSON.stringify({
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name: 'hr',
      thresholds: limits.connector ?? {},
      connections: [{ name: 'files', package: 'csv', settings: {} }],
      entityTypes: [
        {
          name: 'Person',
          source: { connection: 'files', table: 'p.csv' },
          key: ['id'],
          properties: { id: { column: 'id' } },
          ...(limits.type ? { thresholds: limits.type } : {}),
          navigationProperties: {
            manager: { to: 'Person', column: 'm', ...(limits.link ? { thresholds: limits.link } : {}) },
          },
        },
      ],
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const stored = counters({
    links: { manager: { stored: 0, inserted: 0, updated: 0, deleted: 0, rejected: 0 } },
    ...person,
  });
  const { thresholds, holds } = evaluateThresholds({
    file: parsed.file,
    counters: { Person: stored },
    stored: { Person: { resources: stored.stored, links: { manager: stored.links['manager']?.stored ?? 0 } } },
    others: [],
    rowsRead: limits.read ?? 0,
    rowsRejected: limits.rejected ?? 0,
    zeroRows: limits.zero ?? [],
    unreadableKeys: limits.unreadable ?? [],
    changedFilters: limits.filters ?? [],
    deleted: nothingDeleted,
    watched: [],
  });
  return { thresholds, holds: holds.map((hold) => `${hold.scope} ${hold.code}`) };
}

describe('thresholds', () => {
  it('always hold what a filter that changed would delete', () => {
    const filters = [
      { scope: 'Person', entityType: 'Person', parts: ['where'], since: 1 },
      { scope: 'Person.manager', entityType: 'Person', property: 'manager', parts: ['column'], since: 1 },
    ];
    expect(evaluate({ stored: 1_000_000, deleted: 1 }, { filters }).holds).toEqual([
      'Person filter-changed',
      'Person.manager filter-changed',
    ]);
  });

  it('are twelve at the connector, with defaults, each checked at every sync', () => {
    const { thresholds } = evaluate({});
    const twelve = thresholds.filter(
      (verdict) => !verdict.window && (thresholdNames as readonly string[]).includes(verdict.name),
    );
    expect(twelve.map((verdict) => [verdict.scope, verdict.name])).toEqual(
      thresholdNames.map((name) => ['connector', name]),
    );
    expect(Object.fromEntries(twelve.map((verdict) => [verdict.name, verdict.limit]))).toMatchObject({
      maximumDeletedLines: 100,
      maximumLinkDeletedLines: 1000,
      maxPercentageDeletedLines: 5,
      maxLinkPercentageDeletedLines: 5,
    });
  });

  it('hold where a count is greater than the limit, not where it is equal', () => {
    expect(evaluate({ stored: 10_000, deleted: 100 }).holds).toEqual([]);
    expect(evaluate({ stored: 10_000, deleted: 101 }).holds).toEqual(['connector threshold-exceeded']);
    expect(evaluate({ stored: 100, deleted: 5 }).holds).toEqual([]);
    expect(evaluate({ stored: 100, deleted: 6 }).holds).toEqual(['connector threshold-exceeded']);
  });

  it('let one change alone pass a percentage, and none where the percentage is 0 or nothing is stored', () => {
    expect(evaluate({ stored: 3, deleted: 1 }).holds).toEqual([]);
    const held = 'connector threshold-exceeded';
    // twice 0 and five times 0 are 0, so the windows of this connector allow nothing either
    for (const connector of [{ maxPercentageDeletedLines: 0 }, { maximumDeletedLines: 0 }])
      expect(evaluate({ stored: 3, deleted: 1 }, { connector }).holds).toEqual([
        held,
        'connector window-exceeded',
        'connector window-exceeded',
      ]);
    expect(evaluate({ stored: 0, inserted: 1 }).holds).toHaveLength(1);
  });

  it("of an entity type and of a navigation property come on top of the connector's", () => {
    expect(evaluate({ stored: 10_000, deleted: 11 }, { type: { maximumDeletedLines: 10 } }).holds).toEqual([
      'Person threshold-exceeded',
    ]);
    const links = { manager: { stored: 10_000, inserted: 0, updated: 3, deleted: 0, rejected: 0 } };
    expect(evaluate({ links }, { link: { maximumLinkUpdatedLines: 2 } }).holds).toEqual([
      'Person.manager threshold-exceeded',
    ]);
  });

  it('limit rejected rows: more than the lines, or eleven and more beyond the percentage', () => {
    expect(evaluate({}, { rejected: 10, read: 20 }).holds).toEqual([]);
    expect(evaluate({}, { rejected: 11, read: 20 }).holds).toEqual(['connector rejected-rows']);
    expect(evaluate({}, { rejected: 100, read: 10_000 }).holds).toEqual([]);
    expect(evaluate({}, { rejected: 101, read: 10_000 }).holds).toEqual(['connector rejected-rows']);
  });

  it('are no matter to zero rows, and to deletes beside an unreadable key: those are always held', () => {
    expect(evaluate({}, { zero: ['Person'], unreadable: ['Person'] }).holds).toEqual([
      'Person zero-rows',
      'Person unreadable-key',
    ]);
  });

  it('stand for whole lines, exactly as decimal arithmetic has it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (stored, thousandths) => {
          const exact = Number((BigInt(stored) * BigInt(thousandths)) / 100_000n);
          expect(shareOf(stored, thousandths / 1000)).toBe(exact);
          const lines = stored === 0 || thousandths === 0 ? 0 : Math.max(1, exact);
          expect(percentageLines(stored, thousandths / 1000)).toBe(lines);
        },
      ),
    );
  });
});
