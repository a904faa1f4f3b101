import { expect, it } from 'vitest';
import { cronWords } from './cron.ts';

it.each([
  ['0 2 * * *', 'At 02:00, every day'],
  ['*/15 * * * *', 'Every 15 minutes, every hour, every day'],
  ['30 18 * * mon-fri', 'At 18:30, Monday through Friday'],
  ['0 2 * * 7', 'At 02:00, only on Sunday'],
  // either of the two, as schedules mean it
  ['0 2 1 * 1', 'At 02:00, on day 1 of the month; and at 02:00, only on Monday'],
])('says %s in words', (cron, words) => {
  expect(cronWords(cron)).toBe(words);
});

it.each(['', '@weekly', '0 2 * *', '0 2 * * * *', '0 99 * * *', 'x y z a b'])('has no words for %s', (cron) => {
  expect(cronWords(cron)).toBeUndefined();
});
