import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quarantine, quarantineAfter, type FailedRow } from './quarantine.ts';

const hour = 3_600_000;
const start = Date.parse('2026-01-31T02:00:00Z');
const failed = (failures: number, last = start): FailedRow => ({
  failures,
  since: new Date(last - failures * hour).toISOString(),
  last: new Date(last).toISOString(),
  error: { code: 'missing-file', message: 'There is no file.', syncId: 'x' },
});

describe('the quarantine', () => {
  it('begins with five failures in a row and says since when, until when and why', () => {
    expect(quarantine(null, 'complete', start)).toBeNull();
    expect(quarantine(failed(quarantineAfter - 1), 'complete', start)).toBeNull();
    const found = quarantine(failed(quarantineAfter), 'complete', start + 1);
    expect(found).toMatchObject({ failures: 5, until: '2026-02-01T01:00:00.000Z', error: { code: 'missing-file' } });
    expect(found?.reason).toMatch(/5 scheduled complete syncs .* failed.*missing-file.*2026-02-01T01:00:00.000Z/);
  });

  it('lets a job through exactly once a day while the connector keeps failing, however often jobs come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 8 * hour }), fc.integer({ min: 2, max: 10 }), (every, days) => {
        let rows = failed(quarantineAfter);
        let tries = 0;
        const end = start + days * 24 * hour;
        for (let now = start + every; now <= end; now += every)
          if (!quarantine(rows, 'complete', now)) {
            tries += 1;
            rows = failed(rows.failures + 1, now);
          }
        expect(tries).toBeLessThanOrEqual(Math.ceil((days * 24) / 23));
        expect(tries).toBeGreaterThanOrEqual(Math.floor((days * 24 * hour) / (23 * hour + every)));
      }),
      { numRuns: 50 },
    );
  });

  it('lets a daily job have its turn each day, some minutes sooner or later', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20 * 60_000, max: 20 * 60_000 }), { maxLength: 20 }), (shifts) => {
        let rows = failed(quarantineAfter);
        shifts.forEach((shift, day) => {
          const now = start + (day + 1) * 24 * hour + shift;
          expect(quarantine(rows, 'complete', now)).toBeNull();
          rows = failed(rows.failures + 1, now);
        });
      }),
    );
  });
});
