import type { Task } from '../domain/sync.ts';
import type { SyncEventType } from './sync-log.ts';
import { rows, type Queryable } from './database.ts';

export interface SyncEvent {
  seq: number;
  at: string;
  type: SyncEventType;
  data: Record<string, unknown>;
}

/** Events of a sync after one of them, in the order they were recorded. */
export function listEvents(db: Queryable, sync: number, after: number, limit: number): Promise<SyncEvent[]> {
  return rows(
    db,
    'select seq, at, type, data from syncline.sync_event where sync = ? and seq > ? order by seq limit ?',
    [sync, after, limit],
  );
}

/** The same, and whether the sync had ended when they were read. If it had, every event before its end is among them. */
export async function followEvents(
  db: Queryable,
  sync: number,
  after: number,
  limit: number,
): Promise<{ ended: boolean; events: SyncEvent[] }> {
  const found = await rows<Omit<SyncEvent, 'seq'> & { seq: number | null; ended: boolean }>(
    db,
    `select coalesce((select ended_at is not null from syncline.sync where no = ?), true) as ended, e.*
     from (values (1)) one left join lateral (
       select seq, at, type, data from syncline.sync_event where sync = ? and seq > ? order by seq limit ?
     ) e on true order by e.seq`,
    [sync, sync, after, limit],
  );
  return {
    ended: found[0]?.ended ?? true,
    events: found.flatMap(({ seq, at, type, data }) => (seq === null ? [] : [{ seq, at, type, data }])),
  };
}

/** Log lines of a sync after a given line, of one task if a task is given. */
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
