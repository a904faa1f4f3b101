import type { Priority, RevertThen, SyncMode, SyncScope, Task, Trigger } from '../domain/sync.ts';
import type { SyncOverrides } from '../domain/thresholds/names.ts';
import { row, type Queryable } from './database.ts';

/** What the API writes of a sync: that it was asked for, and what was decided. */
export interface SyncRequest {
  id: string;
  connector: number;
  mode: SyncMode;
  tasks: Task[];
  scope: SyncScope | null;
  dryRun: boolean;
  trigger: Trigger;
  priority: Priority;
  syncedBy: string;
  configRevision: number;
  workflowId: string;
  /** The job's name and the execution that it is part of. */
  job?: string;
  executionId?: string;
  /** Limits for this sync alone. */
  overrides?: SyncOverrides | undefined;
  /** A revert: ids of the syncs that it undoes, in the order in which they were applied. */
  revert?: { reverts: string[]; then: RevertThen; reason: string };
  /** Id of the held sync that this one is to take the place of. */
  refreshes?: string | undefined;
}

/** A repeat with the same id changes nothing. */
export async function insertSync(db: Queryable, request: SyncRequest): Promise<void> {
  await db.raw(
    `insert into syncline.sync (id, connector, mode, requested_mode, tasks, scope, dry_run, status, trigger, priority, synced_by,
       config_revision, workflow_id, job, execution_id, overrides, reverts, revert_then, revert_reason, refreshes)
     values (?, ?, ?, ?, ?, ?::jsonb, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::uuid[], ?, ?, ?) on conflict (id) do nothing`,
    [
      request.id,
      request.connector,
      request.mode,
      request.mode,
      request.tasks,
      request.scope === null ? null : JSON.stringify(request.scope),
      request.dryRun,
      request.trigger,
      request.priority,
      request.syncedBy,
      request.configRevision,
      request.workflowId,
      request.job ?? null,
      request.executionId ?? null,
      request.overrides === undefined ? null : JSON.stringify(request.overrides),
      request.revert?.reverts ?? [],
      request.revert?.then ?? null,
      request.revert?.reason ?? null,
      request.refreshes ?? null,
    ],
  );
}

/** Takes back a request whose workflow could not be started. */
export async function withdrawSync(db: Queryable, id: string): Promise<void> {
  await db.raw(`delete from syncline.sync where id = ? and status = 'queued' and run_id is null`, [id]);
}

/** The workflow has been started; whether its first step has begun, that says. */
export async function markStarted(db: Queryable, id: string, runId: string): Promise<void> {
  await db.raw('update syncline.sync set run_id = ? where id = ? and run_id is distinct from ?', [runId, id, runId]);
}

/** The workflow that has the sync from now on. */
export async function moveToWorkflow(db: Queryable, id: string, workflowId: string, runId: string): Promise<void> {
  await db.raw('update syncline.sync set workflow_id = ?, run_id = ? where id = ? and ended_at is null', [
    workflowId,
    runId,
    id,
  ]);
}

/** Whether a sync is still queued, and how many that were asked for before it are so too. */
export async function placeInQueue(db: Queryable, id: string): Promise<{ queued: boolean; ahead: number }> {
  const place = await row<{ queued: boolean; ahead: number }>(
    db,
    `select s.status = 'queued' as queued,
       (select count(*)::int from syncline.sync o where o.status = 'queued' and o.no < s.no) as ahead
     from syncline.sync s where s.id = ?`,
    [id],
  );
  return place ?? { queued: false, ahead: 0 };
}

/** Whether there is a preparation that `synchronize` alone could take. */
export async function hasPreparation(db: Queryable, connector: number, revision: number): Promise<boolean> {
  return (
    (await row(
      db,
      `select 1 from syncline.sync where connector = ? and config_revision = ? and preparation is not null
         and not (preparation ->> 'consumed')::boolean and not ('synchronize' = any(tasks)) and ended_at is not null limit 1`,
      [connector, revision],
    )) !== undefined
  );
}
