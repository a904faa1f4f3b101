import { expect, it } from 'vitest';
import { secondsAsked } from './retry-after.ts';

const date = 'Tue, 01 Dec 2026 07:00:00 GMT';
const seconds = Date.parse(date) / 1000;

it.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Tue, 01 Dec 2026 07:01:30 GMT' }, 90],
  [{ 'retry-after': 'Tue, 01 Dec 2026 06:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-3' }, undefined],
  [{ 'retry-after': '2026' }, 2026],
  [{ 'retry-after': ['1', '2'] }, undefined],
  [{ 'x-rate-limit-reset': String(seconds + 30) }, 30],
  [{ 'x-ratelimit-reset': String(seconds - 30) }, 0],
  [{ 'x-rate-limit-reset': '30' }, undefined],
  [{ 'retry-after': '7', 'x-rate-limit-reset': String(seconds + 30) }, 7],
  [{}, undefined],
])('%j asks for %j seconds, by the clock of the source', (headers, asked) => {
  const wrongClock = Date.parse(date) + 3_600_000;
  expect(secondsAsked({ date, ...headers }, wrongClock)).toBe(asked);
});
