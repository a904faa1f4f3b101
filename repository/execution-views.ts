import type { ExecutionResult, ExecutionStatus, ExecutionTrigger } from '../domain/job.ts';
import type { SyncMode, SyncStatus } from '../domain/sync.ts';
import { row, rows, type Queryable } from './database.ts';

/** An execution as the API answers it, with its number for paging. */
export interface ExecutionView {
  no: number;
  id: string;
  job: string;
  mode: SyncMode | null;
  managedOnly: boolean;
  status: ExecutionStatus;
  trigger: ExecutionTrigger;
  startedBy: string;
  scheduledAt: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  reason: string | null;
  metExecutionId: string | null;
  workflowId: string | null;
  results: ResultView[];
}

export interface ResultView extends ExecutionResult {
  metSyncId: string | null;
  metStatus: SyncStatus | null;
}

// a connector that is not settled has the status of its sync; a skipped connector shows the sync that it met
const results = `(
  select coalesce(jsonb_agg(jsonb_build_object(
      'connector', r.connector, 'syncId', coalesce(r.sync_id, s.id),
      'status', case when r.settled_at is null then coalesce(nullif(s.status, 'skipped'), r.status) else r.status end,
      'reason', r.reason, 'metSyncId', r.met_sync, 'metStatus', r.met_status) order by r.position), '[]')
  from syncline.execution_result r
    left join syncline.connector c on c.name = r.connector and r.settled_at is null
    left join syncline.sync s on s.execution_id = r.execution and s.connector = c.id and r.settled_at is null
  where r.execution = e.id)`;

const columns = `e.no, e.id, e.job, e.mode, e.managed_only as "managedOnly", e.status, e.trigger, e.started_by as "startedBy",
  e.scheduled_at as "scheduledAt", e.created_at as "createdAt", e.started_at as "startedAt", e.ended_at as "endedAt",
  e.reason, e.met as "metExecutionId", e.workflow_id as "workflowId", ${results} as results`;

export function viewExecution(db: Queryable, id: string): Promise<ExecutionView | undefined> {
  return row(db, `select ${columns} from syncline.execution e where e.id = ?`, [id]);
}

export interface ExecutionFilter {
  job?: string | undefined;
  status?: ExecutionStatus | undefined;
  /** Created at or after. */
  since?: string | undefined;
  /** Older than this number. */
  before?: number | undefined;
}

/** Newest first. */
export function listExecutions(db: Queryable, filter: ExecutionFilter, limit: number): Promise<ExecutionView[]> {
  const conditions: [string, string | number | undefined][] = [
    ['e.job = ?', filter.job],
    ['e.status = ?', filter.status],
    ['e.created_at >= ?', filter.since],
    ['e.no < ?', filter.before],
  ];
  const used = conditions.filter((each): each is [string, string | number] => each[1] !== undefined);
  const where = used.length === 0 ? '' : `where ${used.map(([sql]) => sql).join(' and ')}`;
  return rows(db, `select ${columns} from syncline.execution e ${where} order by e.no desc limit ?`, [
    ...used.map(([, value]) => value),
    limit,
  ]);
}

export interface ExecutionBrief {
  id: string;
  status: ExecutionStatus;
  createdAt: string;
  endedAt: string | null;
}

/** The execution of a job that runs, else the newest. */
export async function lastExecutionOf(db: Queryable, job: string): Promise<ExecutionBrief | null> {
  const found = await row<ExecutionBrief>(
    db,
    `select id, status, created_at as "createdAt", ended_at as "endedAt" from syncline.execution
     where no = coalesce((select no from syncline.execution where job = ? and status = 'running'),
       (select max(no) from syncline.execution where job = ?))`,
    [job, job],
  );
  return found ?? null;
}
