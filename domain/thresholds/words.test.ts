import { describe, expect, it } from 'vitest';
import type { ThresholdVerdict } from '../sync.ts';
import { messageOf, wordsOf } from './words.ts';

const verdict = (more: Partial<ThresholdVerdict>): ThresholdVerdict => ({
  scope: 'connector',
  name: 'maxPercentageDeletedLines',
  limit: 5,
  limitLines: 10,
  stored: 200,
  actual: 11,
  exceeded: true,
  ...more,
});

describe('the words of a verdict', () => {
  it.each<[string, Partial<ThresholdVerdict>]>([
    ['11 deleted of 200 stored = 5.5 %; limit 5 % = 10', {}],
    [
      '1,234 deleted of 20,000 stored; limit 100',
      { name: 'maximumDeletedLines', limit: 100, stored: 20_000, actual: 1234 },
    ],
    [
      '7 links updated of 3 stored = 233 %; limit 5 % = 1',
      { name: 'maxLinkPercentageUpdatedLines', limitLines: 1, stored: 3, actual: 7 },
    ],
    [
      '9 inserted of 0 stored; limit 5 % = 0',
      { name: 'maxPercentageInsertedLines', limitLines: 0, stored: 0, actual: 9 },
    ],
    ['1 deleted of 30,000 stored = 0.00333 %; limit 0 % = 0', { limit: 0, limitLines: 0, stored: 30_000, actual: 1 }],
    ['11 rejected of 150 read = 7.33 %; limit 5 % = 10', { name: 'maxPercentageRejectedLines', stored: 150 }],
    [
      '11 deleted of 200 stored = 5.5 %; limit 8 % (for this sync; else 5) = 16',
      { limit: 8, limitLines: 16, configured: 5, exceeded: false },
    ],
    [
      '201 deleted in 24h (200 before and 1 by this sync) of 5,200 stored or deleted since; limit 200',
      {
        name: 'maximumDeletedLines',
        window: '24h',
        earlier: 200,
        actual: 201,
        stored: 5200,
        limit: 200,
        limitLines: 200,
      },
    ],
    [
      '30 links deleted in 7d (25 before and 5 by this sync) of 100 stored or deleted since = 30 %; limit 20 % = 20',
      {
        name: 'maxLinkPercentageDeletedLines',
        window: '7d',
        earlier: 25,
        actual: 30,
        stored: 100,
        limit: 20,
        limitLines: 20,
      },
    ],
    [
      '11 whose status became disabled or terminated of 200 stored = 5.5 %; limit 5 % = 10',
      {
        scope: 'Person',
        name: 'watch',
        watch: { limit: 'maxPercentageLines', property: 'status', to: ['disabled', 'terminated'] },
      },
    ],
    [
      '1 link changed at domain-admins or a,b or c or one of 2 more of 200 stored; limit 0',
      {
        scope: 'Person.groups',
        name: 'watch',
        limit: 0,
        limitLines: 0,
        actual: 1,
        watch: { limit: 'maximumLines', to: ['domain-admins', ['a', 'b'], 'c', 'd', 'e'] },
      },
    ],
  ])('are %s', (words, more) => {
    expect(wordsOf(verdict(more))).toBe(words);
  });

  it('of a hold name the limit, and no value of a watch', () => {
    expect(messageOf(verdict({}))).toBe('Threshold Exceeded: 11 deleted lines, limit 5 % of 200 = 10');
    expect(messageOf(verdict({ name: 'maximumDeletedLines', window: '24h', limit: 10 }))).toBe(
      'Window Exceeded: 11 deleted lines in 24h, limit 10',
    );
    const watch = { limit: 'maximumLines', property: 'status', to: ['secret'] } as const;
    expect(messageOf(verdict({ scope: 'Person', name: 'watch', limit: 3, watch }))).toBe(
      'Watch Exceeded: 11 lines by status, limit 3 (Person)',
    );
  });

  it('has the singular of one', () => {
    const one = { name: 'maximumDeletedLines', limit: 0, actual: 1 } as const;
    expect(messageOf(verdict(one))).toBe('Threshold Exceeded: 1 deleted line, limit 0');
    expect(messageOf(verdict({ ...one, name: 'maximumLinkDeletedLines', window: '7d' }))).toBe(
      'Window Exceeded: 1 deleted link in 7d, limit 0',
    );
    const watch = { limit: 'maximumLines', property: 'status', to: ['secret'] } as const;
    expect(messageOf(verdict({ ...one, scope: 'Person', name: 'watch', watch }))).toBe(
      'Watch Exceeded: 1 line by status, limit 0 (Person)',
    );
  });
});
