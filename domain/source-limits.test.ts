import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitsOf, secondsUntilAskedAgain } from './source-limits.ts';

const connection = { name: 'files', package: 'csv', settings: {}, secrets: {} };

describe('the limits of a connection', () => {
  it('are those of its file, else those of its package, else none', () => {
    expect(limitsOf('hr', connection, {})).toEqual({
      key: 'hr/files',
      requestsPerSecond: undefined,
      concurrent: undefined,
    });
    expect(limitsOf('hr', connection, { requestsPerSecond: 5, concurrent: 2 })).toMatchObject({
      requestsPerSecond: 5,
      concurrent: 2,
    });
    expect(
      limitsOf('hr', { ...connection, limits: { concurrent: 1 } }, { requestsPerSecond: 5, concurrent: 2 }),
    ).toMatchObject({ requestsPerSecond: 5, concurrent: 1 });
  });

  it('are shared by the key that is named, whichever connector has it', () => {
    const limits = { key: 'payroll-host', concurrent: 1 };
    expect(limitsOf('hr', { ...connection, limits }, {}).key).toBe(
      limitsOf('pay', { ...connection, name: 'other', limits }, {}).key,
    );
  });
});

describe('a sync that waits for its turn', () => {
  it('asks again ever later, and at least once a minute', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        (a, b) => {
          const [early, late] = [Math.min(a, b), Math.max(a, b)].map(secondsUntilAskedAgain) as [number, number];
          expect(early).toBeGreaterThanOrEqual(1);
          expect(late).toBeLessThanOrEqual(60);
          expect(late).toBeGreaterThanOrEqual(early);
          expect(Number.isInteger(early)).toBe(true);
        },
      ),
    );
  });

  it('asks fewer than 1,000 times in half a day', () => {
    let [asked, waited] = [0, 0];
    while (waited < 43_200) {
      waited += secondsUntilAskedAgain(waited);
      asked++;
    }
    expect(asked).toBeLessThan(1000);
  });
});
