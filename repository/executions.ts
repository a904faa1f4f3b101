import type { ConnectorFile } from '../domain/connector-file.ts';
import type { ExecutionEnd, ExecutionStatus, ExecutionTrigger, LeftOut } from '../domain/job.ts';
import type { SyncMode, SyncStatus } from '../domain/sync.ts';
import { notDirectory } from './connectors.ts';
import { row, rows, touched, type Queryable } from './database.ts';

/** What the activities of an execution read and write. */
export interface ExecutionRow {
  id: string;
  job: string;
  mode: SyncMode | null;
  managedOnly: boolean;
  status: ExecutionStatus;
  trigger: ExecutionTrigger;
  startedBy: string;
  workflowId: string | null;
  runId: string | null;
  scheduledAt: string | null;
  planned: boolean;
}

const columns = `e.id, e.job, e.mode, e.managed_only as "managedOnly", e.status, e.trigger, e.started_by as "startedBy",
  e.workflow_id as "workflowId",
  e.run_id as "runId", e.scheduled_at as "scheduledAt", e.planned`;

export interface ExecutionRequest {
  id: string;
  job: string;
  trigger: ExecutionTrigger;
  startedBy: string;
  workflowId: string;
  runId: string | null;
  scheduledAt: string | null;
}

/** A repeat with the same id changes nothing. */
export async function insertExecution(db: Queryable, request: ExecutionRequest): Promise<void> {
  await db.raw(
    `insert into syncline.execution (id, job, status, trigger, started_by, workflow_id, run_id, scheduled_at)
     values (?, ?, 'queued', ?, ?, ?, ?, ?) on conflict (id) do nothing`,
    [
      request.id,
      request.job,
      request.trigger,
      request.startedBy,
      request.workflowId,
      request.runId,
      request.scheduledAt,
    ],
  );
}

/** Takes back a request whose workflow could not be started. */
export async function withdrawExecution(db: Queryable, id: string): Promise<void> {
  await db.raw(`delete from syncline.execution where id = ? and status = 'queued' and run_id is null`, [id]);
}

export async function setExecutionRun(db: Queryable, id: string, runId: string): Promise<void> {
  await db.raw('update syncline.execution set run_id = ? where id = ? and ended_at is null', [runId, id]);
}

export function findExecution(db: Queryable, id: string): Promise<ExecutionRow | undefined> {
  return row(db, `select ${columns} from syncline.execution e where e.id = ?`, [id]);
}

/** The execution of the job that runs or waits, other than this one. */
export async function executionIn(
  tx: Queryable,
  job: string,
  status: 'running' | 'waiting',
  but: string,
): Promise<{ id: string; workflowId: string | null } | undefined> {
  return row(
    tx,
    `select id, workflow_id as "workflowId" from syncline.execution where job = ? and status = ? and id <> ?`,
    [job, status, but],
  );
}

/** The execution has the job to itself, and does what the job says now. */
export async function beginExecution(
  tx: Queryable,
  id: string,
  job: { mode: SyncMode; managedOnly: boolean },
): Promise<void> {
  await tx.raw(
    `update syncline.execution set status = 'running', started_at = clock_timestamp(), mode = ?, managed_only = ?, met = null
     where id = ? and ended_at is null`,
    [job.mode, job.managedOnly, id],
  );
}

/** @param met the execution that it waits for */
export async function markWaiting(tx: Queryable, id: string, met: string): Promise<void> {
  await tx.raw(`update syncline.execution set status = 'waiting', met = ?::uuid where id = ? and ended_at is null`, [
    met,
    id,
  ]);
}

/** @returns false if it had ended already */
export async function endExecution(
  tx: Queryable,
  id: string,
  status: ExecutionEnd,
  reason: string | null,
  met: string | null = null,
): Promise<boolean> {
  const ended = await touched(
    tx,
    `update syncline.execution set status = ?, reason = ?, met = ?::uuid, ended_at = clock_timestamp()
     where id = ? and ended_at is null`,
    [status, reason, met, id],
  );
  return ended === 1;
}

/** Executions that should have a workflow. */
export function openExecutions(db: Queryable): Promise<(ExecutionRow & { ageSeconds: number })[]> {
  return rows(
    db,
    `select ${columns}, extract(epoch from clock_timestamp() - e.created_at)::float as "ageSeconds"
     from syncline.execution e where e.ended_at is null order by e.no`,
  );
}

export interface JobConnector {
  id: number;
  name: string;
  active: boolean;
  /** Of the revision in use; null if none is. */
  file: ConnectorFile | null;
}

/** The connectors that a job names, by name; those that are deactivated too. */
export function connectorsOfJob(db: Queryable, names: string[] | 'all'): Promise<JobConnector[]> {
  return rows(
    db,
    `select c.id, c.name, c.active, r.file from syncline.connector c
     left join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
     where ${names === 'all' ? notDirectory : 'c.name = any(?)'} order by c.name`,
    names === 'all' ? [] : [names],
  );
}

export interface PlannedResult {
  connector: string;
  after: string[];
  leftOut: LeftOut | null;
}

/** Writes down what an execution will do, in order. */
export async function insertPlan(tx: Queryable, execution: string, plan: PlannedResult[]): Promise<void> {
  await tx.raw(
    `insert into syncline.execution_result (execution, position, connector, after, status, reason, settled_at)
     select ?::uuid, p.place, p.item ->> 'connector',
       array(select jsonb_array_elements_text(p.item -> 'after')),
       case when p.item ->> 'leftOut' is null then 'queued' else 'skipped' end, p.item ->> 'leftOut',
       case when p.item ->> 'leftOut' is not null then clock_timestamp() end
     from jsonb_array_elements(?::jsonb) with ordinality p (item, place)
     on conflict (execution, connector) do nothing`,
    [execution, JSON.stringify(plan)],
  );
  await tx.raw('update syncline.execution set planned = true where id = ?', [execution]);
}

/** Connectors that are still to be synchronised, in order. */
export function remainingSteps(
  db: Queryable,
  execution: string,
  limit: number,
): Promise<{ connector: string; after: string[] }[]> {
  return rows(
    db,
    `select connector, after from syncline.execution_result
     where execution = ? and status = 'queued' order by position limit ?`,
    [execution, limit],
  );
}

export interface SettledResult {
  connector: string;
  syncId: string | null;
  status: SyncStatus;
  reason: string | null;
  metSync: string | null;
  metStatus: SyncStatus | null;
}

/** How connectors came out; failed and held ones say why by the code of their sync. A repeat writes the same. */
export async function settleResults(db: Queryable, execution: string, results: SettledResult[]): Promise<void> {
  await db.raw(
    `update syncline.execution_result r
     set sync_id = n."syncId", status = n.status, met_sync = n."metSync", met_status = n."metStatus",
       reason = coalesce(n.reason, s.error ->> 'code', case n.status when 'held' then s.holds -> 0 ->> 'code' end),
       settled_at = clock_timestamp()
     from jsonb_to_recordset(?::jsonb) n
       (connector text, "syncId" uuid, status text, reason text, "metSync" uuid, "metStatus" text)
       left join syncline.sync s on s.id = n."syncId"
     where r.execution = ? and r.connector = n.connector`,
    [JSON.stringify(results), execution],
  );
}

/**
 * For an execution that ends before its connectors: their results follow their syncs, or say that no sync was begun.
 */
export async function settleRest(tx: Queryable, execution: string): Promise<void> {
  await tx.raw(
    `update syncline.execution_result r set sync_id = s.id, status = coalesce(s.status, 'skipped'),
       reason = case when s.id is null then 'not-started' else s.error ->> 'code' end, settled_at = clock_timestamp()
     from syncline.execution_result q
       left join syncline.connector c on c.name = q.connector
       left join syncline.sync s on s.execution_id = q.execution and s.connector = c.id
     where r.execution = ? and q.execution = r.execution and q.connector = r.connector and r.status = 'queued'`,
    [execution],
  );
}

export function resultsOf(db: Queryable, execution: string): Promise<{ status: SyncStatus; reason: string | null }[]> {
  return rows(db, 'select status, reason from syncline.execution_result where execution = ? order by position', [
    execution,
  ]);
}
