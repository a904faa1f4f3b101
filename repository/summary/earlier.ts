import type { Counters, Decision, SyncMode, SyncStatus } from '../../domain/sync.ts';
import { row, rows, type Queryable } from '../database.ts';
import { shownDecision } from '../decisions.ts';

const usualSyncs = 30;

/** The sync that earlier ones are compared with. */
export interface Later {
  no: number;
  connector: number;
  mode: SyncMode;
  digest: string | null;
}

/** Of whole syncs that compared what a source has. */
const comparing = `s.scope is null and not s.dry_run and 'synchronize' = any(s.tasks) and s.trigger not in ('revert', 'purge')`;

/** The counters of the last applied whole syncs of the same mode; not of the first, which inserted everything. */
export async function usualCounters(db: Queryable, { no, connector, mode }: Later): Promise<Counters[]> {
  const found = await rows<{ counters: Counters }>(
    db,
    `select s.counters from syncline.sync s join syncline.connector c on c.id = s.connector
     where s.connector = ? and s.no < ? and s.mode = ? and s.applied and ${comparing}
       and s.no is distinct from c.first_complete_sync
     order by s.no desc limit ${String(usualSyncs)}`,
    [connector, no, mode],
  );
  return found.map(({ counters }) => counters);
}

/** An earlier sync with the same change set. */
export interface PreviousSync {
  syncId: string;
  status: SyncStatus;
  decision: Decision | null;
  /** How many earlier syncs had it. */
  times: number;
  /** Whether people are to be told: so for one sync of a day, however many find the same changes again. */
  tell: boolean;
}

/**
 * The newest earlier whole sync with the same changes, of the last 90 days. The first sync of a day (UTC) that has an earlier
 * one tells it: none of the same day had one itself.
 */
export async function previousSync(db: Queryable, { no, connector, digest }: Later): Promise<PreviousSync | null> {
  if (digest === null) return null;
  const found = await row<PreviousSync>(
    db,
    `with later as (select created_at, (created_at at time zone 'utc')::date as day from syncline.sync where no = ?),
     earlier as (
       select s.*, count(*) over ()::int as times,
         count(*) filter (where (s.created_at at time zone 'utc')::date = later.day) over ()::int as today
       from syncline.sync s cross join later
       where s.connector = ? and s.digest = ? and s.no < ? and s.change_count > 0 and ${comparing}
         and s.created_at > later.created_at - interval '90 days'
     )
     select s.id as "syncId", s.status, ${shownDecision('s')} as decision, s.times,
       s.today = 0 or s.today = 1 and s.times = 1 as tell
     from earlier s order by s.no desc limit 1`,
    [no, connector, digest, no],
  );
  return found ?? null;
}

/** The revision in use, if it is newer than that of the sync. */
export interface NewerRevision {
  revision: number;
  by: string;
  at: string;
}

export async function newerRevision(
  db: Queryable,
  { connector, configRevision }: { connector: number; configRevision: number },
): Promise<NewerRevision | null> {
  const found = await row<NewerRevision>(
    db,
    `select r.revision, r.created_by as by, r.created_at as at
     from syncline.connector c join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
     where c.id = ? and r.revision > ?`,
    [connector, configRevision],
  );
  return found ?? null;
}

/** A run of a job that does not sync a connector because the sync is held. */
export interface WaitingJob {
  connector: string;
  job: string;
  /** When the job met the sync, or when it will run. */
  at: string;
}

const waitsShown = 20;

/** What was skipped because of the sync since it is held, newest first: each connector and job once. */
export function skippedFor(db: Queryable, id: string): Promise<WaitingJob[]> {
  return rows(
    db,
    `select r.connector, e.job, max(coalesce(r.settled_at, e.started_at, e.created_at)) as at
     from syncline.execution_result r join syncline.execution e on e.id = r.execution
     where r.met_sync = ? group by 1, 2 order by 3 desc, 1, 2 limit ${String(waitsShown)}`,
    [id],
  );
}
