import { describe, expect, it } from 'vitest';
import type { ConnectorStatus, Job } from '../server/types.ts';
import { attentionOf } from './attention.ts';

const status = (connector: string, more: object = {}) =>
  ({
    connector,
    heldSync: null,
    heldSince: null,
    lastSync: null,
    lastSuccess: null,
    quarantine: null,
    breaker: null,
    ...more,
  }) as unknown as ConnectorStatus;
const held = (at: string) => ({ heldSync: { syncId: 's', causes: [] }, heldSince: at });
const job = (name: string, paused: boolean, pauseNote: string | null = null) => ({ name, paused, pauseNote }) as Job;

describe('what needs a person', () => {
  it('is what is held, the oldest first, then what fails, then what is paused', () => {
    const found = attentionOf(
      [
        status('a', { breaker: { state: 'open', failures: 3 } }),
        status('b', { quarantine: { since: '2026-01-01', reason: 'three failures' } }),
        status('c', { lastSync: { status: 'failed', syncId: 'f', at: '2026-01-02' } }),
        status('d', held('2026-01-04')),
        status('e', held('2026-01-03')),
        status('f', { lastSync: { status: 'completed', syncId: 'g', at: '2026-01-02' } }),
      ],
      [job('nightly', true, 'the source is being moved'), job('hourly', false)],
    );
    expect(found.map(({ kind, link }) => [kind, link.name])).toEqual([
      ['held', 'Review e'],
      ['held', 'Review d'],
      ['failed', 'See why'],
      ['quarantine', 'Open b'],
      ['breaker', 'Open a'],
      ['paused', 'Open nightly'],
    ]);
    expect(found.at(-1)?.detail).toContain('the source is being moved');
  });

  it('is nothing where all goes well', () => {
    expect(attentionOf([status('a')], [job('nightly', false)])).toEqual([]);
  });
});
