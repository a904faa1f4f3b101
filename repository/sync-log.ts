import type { Task } from '../domain/sync.ts';
import type { Queryable } from './database.ts';

export type SyncEventType = 'log' | 'progress' | 'status' | 'waiting';
export type LogLevel = 'info' | 'warn' | 'error';

/** Adds a line to a sync's log. Lines are for operators and hold counts, tables and codes, never row data. */
export async function logSync(
  db: Queryable,
  sync: number,
  task: Task | null,
  level: LogLevel,
  message: string,
): Promise<void> {
  await addEvent(db, sync, 'log', { task, level, message });
}

export async function addEvent(
  db: Queryable,
  sync: number,
  type: SyncEventType,
  data: Record<string, unknown>,
): Promise<void> {
  await db.raw('insert into syncline.sync_event (sync, type, data) values (?, ?, ?::jsonb)', [
    sync,
    type,
    JSON.stringify(data),
  ]);
}
