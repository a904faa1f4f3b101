import type { Task } from '../domain/sync.ts';
import { rows, type Queryable } from './database.ts';

export interface SyncEvent {
  seq: number;
  at: string;
  type: 'log' | 'progress' | 'status';
  data: Record<string, unknown>;
}

/** Events of a sync after one of them, in the order they were told. */
export function listEvents(db: Queryable, sync: number, after: number, limit: number): Promise<SyncEvent[]> {
  return rows(
    db,
    'select seq, at, type, data from syncline.sync_event where sync = ? and seq > ? order by seq limit ?',
    [sync, after, limit],
  );
}

/** Log lines of a sync after one of them, of one task where that is given. */
export function listLog(
  db: Queryable,
  sync: number,
  { after, task }: { after: number; task: Task | undefined },
  limit: number,
): Promise<SyncEvent[]> {
  return rows(
    db,
    `select seq, at, type, data from syncline.sync_event
     where sync = ? and seq > ? and type = 'log' ${task === undefined ? '' : `and data ->> 'task' = ?`} order by seq limit ?`,
    task === undefined ? [sync, after, limit] : [sync, after, task, limit],
  );
}
