import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { workflowBundle } from '../../worker/bundle.ts';
import { hashesOf, historiesFolder as folder, refuseReleased, releasedHistories } from './histories.ts';

Runtime.install({ logger: new DefaultLogger('WARN') });
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/**
 * Histories of syncs that ran: one that this version's code cannot follow would fail the syncs that run or are held while
 * Syncline is upgraded. `npm run record:histories` writes those of this version, until it is released; those of released versions stay.
 */
describe('recorded histories', () => {
  it('are there for every way that a sync can go', () => {
    const ways = new Set(files.map((name) => name.replace(/^[^_]+_/, '').replace(/\.json$/, '')));
    for (const way of [
      'completed',
      'unchanged',
      'resumed',
      'rejected',
      'superseded',
      'cancelled',
      'failed',
      'dry-run',
      'throttled',
      'inspect',
      'purge',
      'reconcile',
      'clean-up',
      'job-completed',
      'job-skipped',
      'poll',
      'poll-continued',
      'expired',
      'refresh',
      'refresh-failed',
      'refreshed',
      'refreshing',
    ])
      expect(ways).toContain(way);
  });

  it('of released versions are those that were released', () => {
    for (const [version, hashes] of Object.entries(releasedHistories())) expect(hashesOf(version)).toEqual(hashes);
  });

  it('are kept of every version in CHANGELOG.md but the one that is being made', () => {
    const changes = readFileSync(join(import.meta.dirname, '..', '..', 'CHANGELOG.md'), 'utf8');
    const told = [...changes.matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, version = '']) => version);
    const released = Object.keys(releasedHistories());
    expect(told.filter((version) => version !== packageJson.version && !released.includes(version))).toEqual([]);
  });

  it('are not recorded over those of a released version', () => {
    expect(() => {
      refuseReleased('0.1.0');
    }).toThrow('0.1.0 is released');
    refuseReleased('0.1.1');
  });

  it.each(files)('%s is followed to its end', async (name) => {
    const history = historyFromJSON(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history);
  });

  it.each(files)('%s has no row data', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const payloads = [...text.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map((match) =>
      Buffer.from(match[1] ?? '', 'base64').toString('utf8'),
    );
    expect(payloads.length).toBeGreaterThan(0);
    expect(`${text}\n${payloads.join('\n')}`).not.toMatch(/canary/i);
  });
});
