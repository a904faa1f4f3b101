import { rows, type Queryable } from './database.ts';

export interface SyncEvent {
  seq: number;
  at: string;
  type: 'log' | 'progress' | 'status';
  data: Record<string, unknown>;
}

/** Events of a sync after one of them, in the order they were told. */
export function listEvents(
  db: Queryable,
  sync: number,
  after: number,
  limit: number,
  type?: SyncEvent['type'],
): Promise<SyncEvent[]> {
  return rows(
    db,
    `select seq, at, type, data from syncline.sync_event where sync = ? and seq > ? ${type === undefined ? '' : 'and type = ?'}
     order by seq limit ?`,
    type === undefined ? [sync, after, limit] : [sync, after, type, limit],
  );
}
