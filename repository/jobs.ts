import type { JobDefinition } from '../domain/job.ts';
import { row, rows, touched, type Queryable } from './database.ts';

export interface JobRow extends JobDefinition {
  name: string;
  builtin: boolean;
  revision: number;
  coveredUntil: string | null;
  coveredBy: string | null;
  createdAt: string;
  updatedAt: string;
}

const columns = `name, mode, connectors, managed_only as "managedOnly", cron, timezone, overlap, paused,
  pause_note as "pauseNote", builtin, revision, covered_until as "coveredUntil", covered_by as "coveredBy",
  created_at as "createdAt", updated_at as "updatedAt"`;

export function findJob(db: Queryable, name: string): Promise<JobRow | undefined> {
  return row(db, `select ${columns} from syncline.job where name = ?`, [name]);
}

/** The row, locked until the transaction ends. */
export function lockJob(tx: Queryable, name: string): Promise<JobRow | undefined> {
  return row(tx, `select ${columns} from syncline.job where name = ? for update`, [name]);
}

/**
 * A writer of the schedule of a job in Temporal holds this lock until the transaction ends, and reads or writes the row
 * after it. So the last writer of the schedule saw the current row. The lock works for a job that does not exist, too.
 */
export async function holdSchedule(tx: Queryable, name: string): Promise<void> {
  await tx.raw(`select pg_advisory_xact_lock(hashtextextended('syncline job schedule ' || ?, 0))`, [name]);
}

/** By name. */
export function listJobs(db: Queryable, after: string, limit: number): Promise<JobRow[]> {
  return rows(db, `select ${columns} from syncline.job where name > ? order by name limit ?`, [after, limit]);
}

export function allJobs(db: Queryable): Promise<JobRow[]> {
  return rows(db, `select ${columns} from syncline.job order by name`);
}

/** @returns false if there is one of this name already */
export async function insertJob(tx: Queryable, name: string, job: JobDefinition): Promise<boolean> {
  const inserted = await touched(
    tx,
    `insert into syncline.job (name, mode, connectors, managed_only, cron, timezone, overlap, paused, pause_note)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (name) do nothing`,
    [name, ...values(job)],
  );
  return inserted === 1;
}

/** Counts a revision if the job differs. */
export async function updateJob(tx: Queryable, name: string, job: JobDefinition): Promise<void> {
  await tx.raw(
    `update syncline.job j set mode = n.mode, connectors = n.connectors, managed_only = n.managed_only, cron = n.cron,
       timezone = n.timezone, overlap = n.overlap, paused = n.paused, pause_note = n.pause_note,
       revision = j.revision + 1, updated_at = now()
     from (select ?::text as mode, ?::text[] as connectors, ?::boolean as managed_only, ?::text as cron, ?::text as timezone,
       ?::text as overlap, ?::boolean as paused, ?::text as pause_note) n
     where j.name = ? and (j.mode, j.connectors, j.managed_only, j.cron, j.timezone, j.overlap, j.paused, j.pause_note)
       is distinct from (n.mode, n.connectors, n.managed_only, n.cron, n.timezone, n.overlap, n.paused, n.pause_note)`,
    [...values(job), name],
  );
}

const values = (job: JobDefinition) => [
  job.mode,
  job.connectors,
  job.managedOnly,
  job.cron,
  job.timezone,
  job.overlap,
  job.paused,
  job.pauseNote,
];

/** @returns false if there is none */
export async function deleteJob(db: Queryable, name: string): Promise<boolean> {
  return (await touched(db, 'delete from syncline.job where name = ?', [name])) === 1;
}

/** This execution covers all scheduled times until then. */
export async function coverUntil(tx: Queryable, name: string, until: string, execution: string): Promise<void> {
  await tx.raw(
    `update syncline.job set covered_until = greatest(covered_until, ?::timestamptz), covered_by = ?::uuid where name = ?`,
    [until, execution, name],
  );
}

/** Which of these names no connector has. */
export async function unknownConnectors(db: Queryable, names: string[]): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    `select n.name from unnest(?::text[]) with ordinality n (name, place)
     where not exists (select from syncline.connector c where c.name = n.name) order by n.place`,
    [names],
  );
  return found.map(({ name }) => name);
}
