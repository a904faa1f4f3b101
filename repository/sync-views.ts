import { targetName } from '../domain/provisioning/target.ts';
import type { FateCounts, Priority, Sync, SyncMode, SyncStatus, TaskTimes, Trigger } from '../domain/sync.ts';
import { row, rows, type Queryable } from './database.ts';
import { shownDecision } from './decisions.ts';

/** A sync as it is stored, with its number for the tables that hang on it; the API makes the results of its tasks. */
export type SyncView = Omit<Sync, 'taskResults' | 'outcome'> & {
  no: number;
  taskTimes: TaskTimes;
  changeCount: number | null;
  fates: FateCounts;
};

const columns = `s.no, s.id, c.name as connector, s.mode, s.requested_mode as "requestedMode", s.mode_reason as "modeReason", s.tasks, s.scope,
  s.dry_run as "dryRun", s.status, s.applied, s.trigger, s.priority, s.job, s.execution_id as "executionId",
  s.synced_by as "syncedBy", s.config_revision as "configRevision", s.refreshes, s.compared, s.workflow_id as "workflowId", s.run_id as "runId",
  s.created_at as "createdAt", s.started_at as "startedAt", s.ended_at as "endedAt", s.phase, s.progress, s.completeness,
  round(extract(epoch from coalesce(s.started_at, s.ended_at, clock_timestamp()) - s.created_at), 3)::float as "queuedSeconds",
  s.task_times as "taskTimes", s.retry,
  s.deletes_withheld as "deletesWithheld", s.overtaken, s.digest, s.counters, s.thresholds, s.holds, s.causes,
  s.waiting_for as "waitingFor", ${shownDecision('s')} as decision, s.overrides, s.error, s.change_count as "changeCount", s.fates,
  case when s.applied then coalesce(s.applied_counters, s.counters) end as "appliedCounters", s.changes_removed_at as "changesRemovedAt",
  s.reverts::text[], s.revert_then as then, s.revert_reason as reason, s.undone_watch as "undoneWatch",
  s.reverted_by as "revertedBy"`;
const from = 'from syncline.sync s join syncline.connector c on c.id = s.connector';

export function viewSync(db: Queryable, id: string): Promise<SyncView | undefined> {
  return row(db, `select ${columns} ${from} where s.id = ?`, [id]);
}

export interface SyncFilter {
  connector?: string | undefined;
  /** Any of these. */
  statuses?: readonly SyncStatus[] | undefined;
  mode?: SyncMode | undefined;
  trigger?: Trigger | undefined;
  job?: string | undefined;
  /** Created at or after. */
  since?: string | undefined;
  /** Older than this number. */
  before?: number | undefined;
}

/** Newest first. */
export function listSyncs(db: Queryable, filter: SyncFilter, limit: number): Promise<SyncView[]> {
  const conditions: [string, string | number | string[] | undefined][] = [
    ['c.name = any(?)', filter.connector === undefined ? undefined : [filter.connector, targetName(filter.connector)]],
    ['s.status = any(?)', filter.statuses && [...filter.statuses]],
    ['s.mode = ?', filter.mode],
    ['s.trigger = ?', filter.trigger],
    ['s.job = ?', filter.job],
    ['s.created_at >= ?', filter.since],
    ['s.no < ?', filter.before],
  ];
  const used = conditions.filter((each): each is [string, string | number | string[]] => each[1] !== undefined);
  const where = used.length === 0 ? '' : `where ${used.map(([sql]) => sql).join(' and ')}`;
  return rows(db, `select ${columns} ${from} ${where} order by s.no desc limit ?`, [
    ...used.map(([, value]) => value),
    limit,
  ]);
}

export interface SyncBrief {
  id: string;
  status: SyncStatus;
  mode: SyncMode;
  applied: boolean;
  trigger: Trigger;
  priority: Priority;
  createdAt: string;
  endedAt: string | null;
}

const brief = `s.id, s.status, s.mode, s.applied, s.trigger, s.priority, s.created_at as "createdAt", s.ended_at as "endedAt"`;

/** The last sync that has ended, and the newest that has not. */
export async function briefsOf(
  db: Queryable,
  connector: number,
): Promise<{ lastSync: SyncBrief | null; runningSync: SyncBrief | null }> {
  const one = (condition: string) =>
    row<SyncBrief>(
      db,
      `select ${brief} from syncline.sync s where s.connector = ? and ${condition} order by s.no desc limit 1`,
      [connector],
    );
  return {
    lastSync: (await one('s.ended_at is not null')) ?? null,
    runningSync: (await one('s.ended_at is null')) ?? null,
  };
}

/**
 * The sync that has a workflow id now, if any: the newest that has not ended; a sync that has begun comes before others.
 * `certain` says that its workflow has been started. Until then it is only asked for, and may be refused like others.
 */
export function openSyncOf(
  db: Queryable,
  workflowId: string,
  but: string,
): Promise<{ id: string; status: SyncStatus; certain: boolean } | undefined> {
  return row(
    db,
    `select id, status, status <> 'queued' or run_id is not null as certain from syncline.sync where workflow_id = ? and ended_at is null and id <> ?
     order by status = 'queued', run_id is null, no desc limit 1`,
    [workflowId, but],
  );
}

/** The whole sync of a connector that runs or is held, if there is one: no other can start beside it. A revert is none. */
export function openWholeSyncOf(
  db: Queryable,
  connector: number,
): Promise<{ id: string; status: SyncStatus } | undefined> {
  return row(
    db,
    `select id, status from syncline.sync
     where connector = ? and ended_at is null and trigger <> 'revert' and not coalesce(scope \\? 'keys', false) order by no desc limit 1`,
    [connector],
  );
}
