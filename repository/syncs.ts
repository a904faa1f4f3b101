import type { ModeReason } from '../domain/mode-reason.ts';
import { SyncError } from '../domain/errors.ts';
import type { Compared } from '../domain/compared.ts';
import type { Delta } from '../domain/delta.ts';
import {
  hasEnded,
  type Cause,
  type Completeness,
  type Counters,
  type Decision,
  type FateCounts,
  type Hold,
  type Priority,
  type RevertThen,
  type SyncFailure,
  type SyncMode,
  type SyncScope,
  type SyncStatus,
  type Task,
  type ThresholdVerdict,
  type Trigger,
  type UndoneWatch,
  type Waiting,
} from '../domain/sync.ts';
import type { SyncOverrides } from '../domain/thresholds/names.ts';
import { nowInUtc, row, touched, type Queryable } from './database.ts';
import type { DigestSums } from './digest.ts';
import { addEvent } from './sync-log.ts';

/** The record of a sync as the activities of its workflow read and write it. */
export interface SyncRow {
  no: number;
  id: string;
  connector: number;
  connectorName: string;
  mode: SyncMode;
  requestedMode: SyncMode;
  tasks: Task[];
  scope: SyncScope | null;
  dryRun: boolean;
  status: SyncStatus;
  phase: Task | null;
  applied: boolean;
  trigger: Trigger;
  priority: Priority;
  configRevision: number;
  workflowId: string;
  runId: string | null;
  refreshes: string | null;
  digest: string | null;
  changeCount: number | null;
  counters: Counters;
  holds: Hold[];
  waitingFor: Waiting | null;
  /** The decision as the API shows it in the sync. */
  decision: Decision | null;
  overtaken: number;
  fates: FateCounts;
  deletesWithheld: number;
  progress: Progress;
  completeness: Completeness;
  createdAt: string;
  exportStartedAt: string | null;
  exportRef: ExportReference | null;
  preparation: Preparation | null;
  diffBasis: Record<string, number> | null;
  /** Limits for this sync alone. */
  overrides: SyncOverrides | null;
  syncedBy: string;
  /** A revert: ids of the syncs that it undoes. */
  reverts: string[];
  revertThen: RevertThen | null;
  revertReason: string | null;
  /** What open watches of reverts found in its change set. */
  undoneAgain: UndoneAgain[] | null;
}

/** What a sync would make again of what one revert undid. */
export interface UndoneAgain {
  /** Number of the revert. */
  revert: number;
  changes: number;
  /** The sync could not read all that the revert undid. */
  unread: boolean;
}

export interface Progress {
  rowsExported: number;
  rowsPrepared: number;
  rowsRejected: number;
}

/** The completed export of a sync: one attempt in the export store for each connection. */
export interface ExportReference {
  syncId: string;
  attempts: { connection: string; attempt: string }[];
}

export interface ReadCounts {
  read: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  filtered: number;
  /** Rejected rows whose key could not be read. */
  unreadable: number;
}

/** Rows of a link table that are not one stored link each, and stored links that no row has. */
export interface CountedLinks {
  /** Listed as errors, since an end does not exist. */
  unresolved: number;
  /** Further rows of a link that another row has. */
  extra: number;
  /** Stored links that stay without a row of their own. */
  unbacked: number;
}

/** What prepare staged and counted. */
export interface Preparation {
  /** Number of the sync that staged it; its tables bear it. */
  sync: number;
  attempt: string;
  exportRef: ExportReference;
  /** The change table has been written from it. */
  consumed: boolean;
  mode: SyncMode;
  /** What was exported and prepared; null for everything. */
  scope: SyncScope | null;
  /**
   * If only the difference to an earlier export is staged: the sync of that export, how many syncs in a row did so, and the syncs that
   * had written since then; their changes are staged, too.
   */
  narrowed?: { base: number; inARow: number; since?: readonly number[] };
  /** The revisions of the connectors to which the links lead, by number, before the rows were read. */
  linked?: Record<string, number>;
  /** Of a sync of the directory: the rules that it applied, as a hash. */
  rules?: string;
  /** The comparison of the difference alone was refused: everything has to be staged. */
  whole?: true;
  /** What an incremental sync left out, since its connections cannot report changes. */
  skipped?: { entityTypes: string[]; links: string[] };
  types: Record<string, ReadCounts>;
  /** By `<Type>.<navigation property>`, for link tables. */
  links: Record<string, ReadCounts>;
  /** By number of link property, for link tables: how the rows of a complete read stand to the stored links, once compared. */
  counted?: Record<string, CountedLinks>;
  tables: {
    connection: string;
    table: string;
    columns: string[];
    certified: boolean;
    /** Its cells have types. */
    structured?: true;
    /** Incremental: the source named all that it still has. */
    present?: true;
    /** Only single keys were asked for, so it does not tell how many rows its source has. */
    byKeys?: true;
    /** Complete: the state of the source, if it has one. */
    state?: string;
    /** Where the next incremental read begins. */
    checkpoint?: { value: string; name: string };
    /** Incremental: the deltas that were read. */
    files: Delta[];
    /** Complete: deltas that lay there before the read began, and that no applied sync had taken. */
    noted?: Delta[];
  }[];
}

const columns = `s.no, s.id, s.connector, c.name as "connectorName", s.mode, s.requested_mode as "requestedMode", s.tasks,
  s.scope, s.dry_run as "dryRun", s.status, s.phase, s.applied, s.trigger, s.priority,
  s.config_revision as "configRevision", s.workflow_id as "workflowId", s.run_id as "runId", s.refreshes, s.digest,
  s.change_count as "changeCount", s.counters, s.holds, s.waiting_for as "waitingFor", s.decision, s.overtaken, s.fates,
  s.deletes_withheld as "deletesWithheld", s.progress, s.completeness, s.created_at as "createdAt",
  s.export_started_at as "exportStartedAt", s.export_ref as "exportRef", s.preparation, s.diff_basis as "diffBasis",
  s.overrides, s.synced_by as "syncedBy", s.reverts::text[], s.revert_then as "revertThen",
  s.revert_reason as "revertReason", s.undone_again as "undoneAgain"`;

export function findSync(db: Queryable, id: string): Promise<SyncRow | undefined> {
  return row(
    db,
    `select ${columns} from syncline.sync s join syncline.connector c on c.id = s.connector where s.id = ?`,
    [id],
  );
}

export function findSyncByNumber(db: Queryable, no: number): Promise<SyncRow | undefined> {
  return row(
    db,
    `select ${columns} from syncline.sync s join syncline.connector c on c.id = s.connector where s.no = ?`,
    [no],
  );
}

/** The row, locked until the transaction ends. */
export function lockSync(tx: Queryable, id: string): Promise<SyncRow | undefined> {
  return row(
    tx,
    `select ${columns} from syncline.sync s join syncline.connector c on c.id = s.connector where s.id = ? for update of s`,
    [id],
  );
}

/**
 * Locks a sync for a step that writes for it. @throws SyncError `sync-ended` if the sync has ended, or is gone: the step
 * comes too late
 */
export async function lockOpenSync(tx: Queryable, id: string): Promise<SyncRow> {
  const sync = await lockSync(tx, id);
  if (!sync || hasEnded(sync.status)) throw tooLate(sync?.status);
  return sync;
}

export const tooLate = (status: SyncStatus | undefined): SyncError =>
  new SyncError(
    'sync-ended',
    status === undefined
      ? 'The sync is not in the database: this step changes nothing.'
      : `The sync already ended with the status ${status}. This step ran too late and changed nothing.`,
  );

/**
 * Sets columns of a sync that has not ended; jsonb values are given as objects.
 * @throws SyncError `sync-ended` if it has: what is in its row then stays
 */
export async function updateSync(
  db: Queryable,
  no: number,
  values: Partial<{
    status: SyncStatus;
    mode: SyncMode;
    modeReason: ModeReason;
    phase: Task | null;
    workflowId: string;
    runId: string;
    applied: boolean;
    progress: Progress;
    completeness: SyncRow['completeness'];
    deletesWithheld: number;
    overtaken: number;
    fates: FateCounts;
    appliedCounters: Counters;
    digest: string;
    digestSums: DigestSums;
    changeCount: number;
    counters: Counters;
    thresholds: ThresholdVerdict[];
    holds: Hold[];
    causes: Cause[];
    causeRows: Record<string, unknown>;
    waitingFor: Waiting | null;
    decision: Decision;
    error: SyncFailure;
    exportRef: ExportReference;
    preparation: Preparation;
    compared: Compared;
    diffBasis: Record<string, number>;
    undoneAgain: UndoneAgain[];
    undoneWatch: UndoneWatch;
  }>,
): Promise<void> {
  const entries = Object.entries(values);
  const assignments = entries.map(([name, value]) => `${snake(name)} = ?${isObject(value) ? '::jsonb' : ''}`);
  const bindings = entries.map(([, value]) => (isObject(value) ? JSON.stringify(value) : (value ?? null)));
  const updated = await touched(
    db,
    `update syncline.sync set ${assignments.join(', ')} where no = ? and ended_at is null`,
    [...bindings, no],
  );
  if (updated === 0)
    throw new SyncError('sync-ended', 'The sync already ended. This step ran too late and changed nothing.');
}

/** Marks a sync as applied now, inside the transaction that applies it or finds that there is nothing to apply. */
export async function markApplied(tx: Queryable, no: number): Promise<void> {
  await updateSync(tx, no, { applied: true });
  await tx.raw('update syncline.sync set applied_at = clock_timestamp() where no = ?', [no]);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Changes the status and reports it in the event stream. The first change to running sets the start time, an end status the
 * end time.
 * @param from only if the sync has one of these now
 * @returns false if it had ended already, or has another
 */
export async function changeStatus(
  db: Queryable,
  no: number,
  status: SyncStatus,
  from: readonly SyncStatus[] = ['queued', 'running', 'held'],
): Promise<boolean> {
  const changed = await touched(
    db,
    `update syncline.sync set status = ?, ended_at = case when ? then clock_timestamp() end,
       started_at = case when ? = 'running' then coalesce(started_at, clock_timestamp()) else started_at end,
       waiting_for = case when ? = 'held' then waiting_for end, retry = null
     where no = ? and ended_at is null and status = any(?)`,
    [status, hasEnded(status), status, status, no, [...from]],
  );
  if (changed === 1) await addEvent(db, no, 'status', { status });
  return changed === 1;
}

/** A sync enters a task: the task before has ended. The event stream reports this once. */
export async function enterPhase(db: Queryable, no: number, phase: Task): Promise<void> {
  const entered = await touched(
    db,
    `update syncline.sync set phase = ?,
       task_times = case when phase is null then task_times
           else task_times || jsonb_build_object(phase, jsonb_build_object('endedAt', ${nowInUtc}) || coalesce(task_times -> phase, '{}')) end
         || jsonb_build_object(?::text, coalesce(task_times -> ?::text, jsonb_build_object('startedAt', ${nowInUtc})) - 'endedAt')
     where no = ? and phase is distinct from ? and digest is null and ended_at is null`,
    [phase, phase, phase, no, phase],
  );
  if (entered === 1) await addEvent(db, no, 'status', { status: 'running', phase });
}

/** The work of a task is done; a repeat changes nothing. */
export async function leavePhase(db: Queryable, no: number, phase: Task): Promise<void> {
  await db.raw(
    `update syncline.sync
     set task_times = task_times || jsonb_build_object(?::text, jsonb_build_object('endedAt', ${nowInUtc}) || (task_times -> ?::text))
     where no = ? and task_times \\? ? and ended_at is null`,
    [phase, phase, no, phase],
  );
}

export async function startExport(db: Queryable, no: number): Promise<void> {
  await db.raw(
    `update syncline.sync set export_started_at = coalesce(export_started_at, clock_timestamp())
     where no = ? and digest is null and ended_at is null`,
    [no],
  );
}

/** The newest preparation of the connector under the given revision that no sync has used. */
export function lastPreparation(
  db: Queryable,
  connector: number,
  revision: number,
): Promise<{ id: string; no: number; preparation: Preparation } | undefined> {
  return row(
    db,
    `select id, no, preparation from syncline.sync where connector = ? and config_revision = ? and preparation is not null
       and not (preparation ->> 'consumed')::boolean and not ('synchronize' = any(tasks))
     order by no desc limit 1`,
    [connector, revision],
  );
}

/** Counts of a sync's errors that make it end with errors (warnings do not). */
export async function countRejections(db: Queryable, no: number): Promise<number> {
  const found = await row<{ n: number }>(
    db,
    `select count(*)::int as n from syncline.sync_error where sync = ? and effect <> 'warning'`,
    [no],
  );
  return found?.n ?? 0;
}

/** The change table was written from the preparation: neither this sync nor the sync that staged it can use it again. */
export async function consumePreparation(tx: Queryable, no: number, preparation: Preparation): Promise<void> {
  await tx.raw(
    `update syncline.sync set preparation = jsonb_set(preparation, '{consumed}', 'true') where no in (?, ?)`,
    [no, preparation.sync],
  );
}

/**
 * Locks a sync whose change set is still to be found. A step that hung while another worker did its work comes here too
 * late. @throws SyncError `sync-ended` if it has ended; Error if it has a change set
 */
export async function requireUncompared(tx: Queryable, no: number): Promise<void> {
  const found = await row<{ status: SyncStatus; compared: boolean }>(
    tx,
    'select status, digest is not null as compared from syncline.sync where no = ? for update',
    [no],
  );
  if (!found || hasEnded(found.status)) throw tooLate(found?.status);
  if (found.compared) throw new Error('the sync has gone on without this attempt');
}

/** Sets one number of the progress and reports it in the event stream. A step that hung until the sync continued without it
 * reports nothing. */
export async function tellProgress(db: Queryable, no: number, name: keyof Progress, value: number): Promise<void> {
  const found = await row<{ progress: Progress }>(
    db,
    `update syncline.sync set progress = progress || jsonb_build_object(?::text, ?::bigint)
     where no = ? and phase = ? and ended_at is null returning progress`,
    [name, value, no, name === 'rowsExported' ? 'export' : 'prepare'],
  );
  if (found) await addEvent(db, no, 'progress', { ...found.progress });
}
