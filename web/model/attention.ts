import type { ConnectorStatus, Job } from '../server/types.ts';
import type { Tone } from './status.ts';

/** Something that a person has to look at. */
export interface Attention {
  id: string;
  kind: 'held' | 'failed' | 'quarantine' | 'breaker' | 'paused';
  tone: Tone;
  since: string | null;
  title: string;
  detail: string;
  /** Of the held sync that waits for a decision. */
  heldSync?: string;
  link: { to: string; name: string };
}

/** What needs a person, the most urgent first: held syncs, the oldest first; then what fails; then jobs that do not run. */
export function attentionOf(status: readonly ConnectorStatus[], jobs: readonly Job[] = []): Attention[] {
  const found: Attention[] = jobs.filter(({ paused }) => paused).map(pausedJob);
  for (const each of status) {
    const open = { to: `/connectors/${each.connector}`, name: `Open ${each.connector}` };
    if (each.heldSync)
      found.push({
        id: `held ${each.heldSync.syncId}`,
        kind: 'held',
        tone: 'warn',
        since: each.heldSince,
        title: `${each.connector} is held`,
        detail: each.heldSync.causes[0]?.message ?? 'Its changes exceed what may change without a person.',
        heldSync: each.heldSync.syncId,
        link: { to: `/syncs/${each.heldSync.syncId}/review`, name: `Review ${each.connector}` },
      });
    if (each.lastSync?.status === 'failed')
      found.push({
        id: `failed ${each.lastSync.syncId}`,
        kind: 'failed',
        tone: 'danger',
        since: each.lastSync.at,
        title: `The last sync of ${each.connector} failed`,
        detail: each.lastSuccess
          ? 'What is stored is of the last sync that was applied.'
          : 'Nothing has been applied yet.',
        link: { to: `/syncs/${each.lastSync.syncId}`, name: 'See why' },
      });
    if (each.quarantine)
      found.push({
        id: `quarantine ${each.connector}`,
        kind: 'quarantine',
        tone: 'danger',
        since: each.quarantine.since,
        title: `${each.connector} is in quarantine`,
        detail: each.quarantine.reason,
        link: open,
      });
    if (each.breaker?.state === 'open')
      found.push({
        id: `breaker ${each.connector}`,
        kind: 'breaker',
        tone: 'danger',
        since: null,
        title: `Polling of ${each.connector} has stopped`,
        detail: `${String(each.breaker.failures)} failures in a row. It is tried again by itself, or reset on the page of the connector.`,
        link: open,
      });
  }
  const rank = { held: 0, failed: 1, quarantine: 2, breaker: 3, paused: 4 };
  return found.sort((a, b) => rank[a.kind] - rank[b.kind] || (a.since ?? '').localeCompare(b.since ?? ''));
}

const pausedJob = ({ name, pauseNote }: Job): Attention => ({
  id: `paused ${name}`,
  kind: 'paused',
  tone: 'warn',
  since: null,
  title: `The job ${name} is paused`,
  detail: `It starts no sync by itself until somebody lets it go on${pauseNote === null ? '.' : `: “${pauseNote}”`}`,
  link: { to: `/jobs/${name}`, name: `Open ${name}` },
});
