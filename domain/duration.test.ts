import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DurationError, formatDuration, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['15m', 900_000],
    ['2m30s', 150_000],
    ['12h', 43_200_000],
    ['90s', 90_000],
    ['1d', 86_400_000],
    ['1d2h3m4s', 93_784_000],
    ['PT15M', 900_000],
    ['PT2M30S', 150_000],
    ['P1D', 86_400_000],
    ['P1DT12H', 129_600_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    ['', /must not be empty/],
    ['15', /no unit.*15m/],
    ['-5m', /negative/],
    ['500ms', /parts of a second/],
    ['1.5h', /parts of a second/],
    ['PT1.5S', /parts of a second/],
    ['P1M', /longer than a day/],
    ['P1Y', /longer than a day/],
    ['P2W', /longer than a day/],
    ['15 m', /Write 15m/],
    ['15M', /Write 15m/],
    ['30s2m', /in this order/],
    ['5m5m', /in this order/],
    ['often', /not a duration/],
    ['P', /not a duration/],
    ['PT', /not a duration/],
    ['P1DT', /not a duration/],
    ['pt15m', /not a duration/],
  ])('%j is refused: %s', (text, why) => {
    expect(() => parseDuration(text)).toThrow(DurationError);
    expect(() => parseDuration(text)).toThrow(why);
  });

  it('is told as it is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e8 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
    expect(formatDuration(150_000)).toBe('2m30s');
  });

  it('is refused or read, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        try {
          expect(Number.isSafeInteger(parseDuration(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DurationError);
        }
      }),
    );
  });
});
