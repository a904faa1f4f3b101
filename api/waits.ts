import { ownerName } from '../domain/provisioning/target.ts';
import type { Database } from '../repository/database.ts';
import { allJobs } from '../repository/jobs.ts';
import { skippedFor, type WaitingJob } from '../repository/summary/earlier.ts';
import type { SyncView } from '../repository/sync-views.ts';
import { nextRunsOfJobs } from './next-sync.ts';
import { plannableOf } from './plannable.ts';

interface Wait extends WaitingJob {
  /** The job has run, and has left the connector out. Else it will do so at that time if the sync is still held. */
  skipped: boolean;
}

/** A polled connection whose next poll waits for the end of the hold. */
interface WaitingPoll {
  connector: string;
  connection: string;
  /** When it was to be polled, or will be. */
  at: string;
}

/** What is in the way of a held sync's connector, and since when. */
interface Waits {
  waits: Wait[];
  polls: WaitingPoll[];
}

/**
 * What is left out because a sync is held: runs of jobs that met it, newest first, then the next run of each job that will
 * meet it, the earliest first; and the polls that wait for its end. A hold of a revert, or of a sync limited to keys, is in nobody's way.
 */
export async function waitsOf(db: Database, sync: SyncView, now: Date): Promise<Waits> {
  const skipped = (await skippedFor(db, sync.id)).map((each) => ({ ...each, skipped: true }));
  const blocks = sync.status === 'held' && sync.decision === null && !sync.scope?.keys && sync.trigger !== 'revert';
  const plannable = blocks ? await plannableOf(db, sync.connector, now) : undefined;
  if (!plannable) return { waits: skipped, polls: [] };
  const next = nextRunsOfJobs(await allJobs(db), plannable, now).map(({ job, at }) => ({
    ...{ connector: ownerName(sync.connector), job, at, skipped: false },
  }));
  const polls = plannable.breakers.flatMap(({ connector, connection, nextAt, retryAt }) => {
    const at = retryAt ?? nextAt;
    return at === null ? [] : [{ connector, connection, at }];
  });
  return { waits: [...skipped, ...next], polls };
}
