import type { ConnectorStatus } from '../server/types.ts';
import type { Tone } from './status.ts';

/** Something that a person has to look at. */
export interface Attention {
  id: string;
  connector: string;
  displayName: string;
  kind: 'held' | 'failed' | 'quarantine' | 'breaker';
  tone: Tone;
  since: string | null;
  title: string;
  detail: string;
  syncId: string | null;
}

/** What needs a person, the most urgent first: held syncs, the oldest first; then what fails. */
export function attentionOf(status: readonly ConnectorStatus[]): Attention[] {
  const found: Attention[] = [];
  for (const each of status) {
    const of = { connector: each.connector, displayName: each.displayName };
    if (each.heldSync)
      found.push({
        ...of,
        id: `held ${each.heldSync.syncId}`,
        kind: 'held',
        tone: 'warn',
        since: each.heldSince,
        title: `${each.connector} is held`,
        detail: each.heldSync.causes[0]?.message ?? 'Its changes exceed what may change without a person.',
        syncId: each.heldSync.syncId,
      });
    if (each.lastSync?.status === 'failed')
      found.push({
        ...of,
        id: `failed ${each.lastSync.syncId}`,
        kind: 'failed',
        tone: 'danger',
        since: each.lastSync.at,
        title: `The last sync of ${each.connector} failed`,
        detail: each.lastSuccess
          ? 'What is stored is of the last sync that was applied.'
          : 'Nothing has been applied yet.',
        syncId: each.lastSync.syncId,
      });
    if (each.quarantine)
      found.push({
        ...of,
        id: `quarantine ${each.connector}`,
        kind: 'quarantine',
        tone: 'danger',
        since: each.quarantine.since,
        title: `${each.connector} is in quarantine`,
        detail: each.quarantine.reason,
        syncId: null,
      });
    if (each.breaker?.state === 'open')
      found.push({
        ...of,
        id: `breaker ${each.connector}`,
        kind: 'breaker',
        tone: 'danger',
        since: null,
        title: `Polling of ${each.connector} has stopped`,
        detail: `${String(each.breaker.failures)} failures in a row. It is tried again by itself, or reset on the page of the connector.`,
        syncId: null,
      });
  }
  const rank = { held: 0, failed: 1, quarantine: 2, breaker: 3 };
  return found.sort((a, b) => rank[a.kind] - rank[b.kind] || (a.since ?? '').localeCompare(b.since ?? ''));
}
