import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectorFile } from '../connector-file.ts';
import { windowThresholdNames } from './names.ts';
import { percentageLines } from './share.ts';
import { judgeWindows, nothingDeleted, windowLimit, type DeletedInPeriod } from './windows.ts';

const file = (more: Partial<ConnectorFile> = {}) => ({ thresholds: {}, ...more }) as ConnectorFile;
const lines = (stored: number, deleted: number) => ({
  lines: { stored, deleted },
  links: { stored: 0, deleted: 0 },
});
const before = (more: Partial<DeletedInPeriod>): DeletedInPeriod => ({
  lines: 0,
  links: 0,
  countedLines: 0,
  countedLinks: 0,
  ...more,
});
const exceeded = (...[of, sums, deleted]: Parameters<typeof judgeWindows>) =>
  judgeWindows(of, sums, deleted)
    .thresholds.filter((verdict) => verdict.exceeded)
    .map(({ window, name }) => `${String(window)} ${name}`);

describe('windows', () => {
  it('allow twice and five times the lines of one sync, and two and four times its percentages', () => {
    const limits = (of: ConnectorFile) =>
      (['24h', '7d'] as const).map((period) => windowThresholdNames.map((name) => windowLimit(of, period, name)));
    expect(limits(file())).toEqual([
      [200, 10, 2000, 10],
      [500, 20, 5000, 20],
    ]);
    expect(limits(file({ thresholds: { maximumDeletedLines: 7, maxPercentageDeletedLines: 1.1 } }))).toEqual([
      [14, 2.2, 2000, 10],
      [35, 4.4, 5000, 20],
    ]);
  });

  it('have the limits of the file where it gives them, and their defaults for the others', () => {
    const of = file({ windows: [{ period: '24h', maximumDeletedLines: 3, maxPercentageDeletedLines: 500 }] });
    expect(windowThresholdNames.map((name) => windowLimit(of, '24h', name))).toEqual([3, 500, 2000, 10]);
    expect(windowLimit(of, '7d', 'maximumDeletedLines')).toBe(500);
  });

  it('count what was deleted before together with the change set, of what is stored and was deleted', () => {
    const deleted = { '24h': before({ lines: 50, countedLines: 9 }), '7d': before({ lines: 300, countedLines: 30 }) };
    const of = file({ thresholds: { maxPercentageDeletedLines: 0.5 } });
    const { thresholds, holds } = judgeWindows(of, lines(950, 2), deleted);
    expect(thresholds.find(({ window, name }) => window === '24h' && name === 'maxPercentageDeletedLines')).toEqual({
      scope: 'connector',
      name: 'maxPercentageDeletedLines',
      window: '24h',
      limit: 1,
      limitLines: 10,
      stored: 1000,
      actual: 11,
      earlier: 9,
      exceeded: true,
    });
    expect(holds).toEqual([
      {
        code: 'window-exceeded',
        scope: 'connector',
        message: 'Window Exceeded: 11 deleted lines in 24h, limit 1 % of 1,000 = 10',
      },
      {
        code: 'window-exceeded',
        scope: 'connector',
        message: 'Window Exceeded: 32 deleted lines in 7d, limit 2 % of 1,250 = 25',
      },
    ]);
  });

  it('hold no change set that deletes nothing, whatever was deleted before', () => {
    const deleted = { ...nothingDeleted, '24h': before({ lines: 900, countedLines: 900 }) };
    expect(exceeded(file(), lines(10_000, 0), deleted)).toEqual([]);
    expect(exceeded(file(), lines(10_000, 1), deleted)).toEqual(['24h maximumDeletedLines']);
    // links that are deleted say nothing about lines
    expect(exceeded(file(), { ...lines(10_000, 0), links: { stored: 100, deleted: 1 } }, deleted)).toEqual([]);
  });

  it('are exceeded by exactly what is more than the limit, for any figures', () => {
    const figures = fc.integer({ min: 0, max: 2_000_000 });
    fc.assert(
      fc.property(
        fc.record({ stored: figures, earlier: figures, more: figures, now: fc.integer({ min: 0, max: 5000 }) }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        ({ stored, earlier, more, now }, maximum, hundredths) => {
          const percentage = hundredths / 100;
          const windows: ConnectorFile['windows'] = [
            { period: '24h', maximumDeletedLines: maximum, maxPercentageDeletedLines: percentage },
            { period: '7d', maximumDeletedLines: 1_000_000, maxPercentageDeletedLines: 1000 },
          ];
          const deleted = {
            ...nothingDeleted,
            '24h': before({ lines: earlier + more, countedLines: earlier }),
          };
          const allowed = percentageLines(stored + now + earlier + more, percentage);
          expect(exceeded(file({ windows }), lines(stored + now, now), deleted)).toEqual([
            ...(now > 0 && earlier + now > maximum ? ['24h maximumDeletedLines'] : []),
            ...(now > 0 && earlier + now > allowed ? ['24h maxPercentageDeletedLines'] : []),
          ]);
        },
      ),
    );
  });
});
