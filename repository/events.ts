import type { Task } from '../domain/sync.ts';
import type { EventPlace } from './event-places.ts';
import type { SyncEventType } from './sync-log.ts';
import { rows, type Queryable } from './database.ts';

export interface SyncEvent {
  seq: number;
  at: string;
  type: SyncEventType;
  data: Record<string, unknown>;
}

/** An event, and the transaction that wrote it. */
export interface WrittenEvent extends SyncEvent {
  xid: string | null;
}

export interface EventPage {
  /** Whether the sync had ended. If it had, every event before its end is among those read so far. */
  ended: boolean;
  /** What was visible to this reading. */
  snapshot: string;
  /** In the order of their numbers. */
  events: WrittenEvent[];
}

/**
 * The events that a reader at a place lacks: those with higher numbers, at most `limit` of them, and all with lower numbers whose
 * transactions have ended since. Transactions of another server, whose rows came here by a dump, are never late.
 */
export async function readEvents(db: Queryable, sync: number, place: EventPlace, limit: number): Promise<EventPage> {
  const columns = 'e.seq, e.at, e.type, e.data, e.xid::text as xid';
  const found = await rows<Omit<WrittenEvent, 'seq'> & { seq: number | null; ended: boolean; snapshot: string }>(
    db,
    `select coalesce((select ended_at is not null from syncline.sync where no = ?), true) as ended, now.seen::text as snapshot, e.*
     from (select pg_current_snapshot() as seen, ?::pg_snapshot as before) now left join lateral (
       (select ${columns} from syncline.sync_event e where e.sync = ? and e.seq > ? order by e.seq limit ?)
       union all
       (select ${columns} from syncline.sync_event e where e.sync = ? and e.seq <= ? and e.xid >= pg_snapshot_xmin(now.before)
          and not pg_visible_in_snapshot(e.xid, now.before) and pg_visible_in_snapshot(e.xid, now.seen))
     ) e on true order by e.seq`,
    [sync, place.snapshot, sync, place.seq, limit, sync, place.seq],
  );
  const [first] = found;
  if (!first) throw new Error('the events of a sync were not read');
  return {
    ended: first.ended,
    snapshot: first.snapshot,
    events: found.flatMap(({ seq, at, type, data, xid }) => (seq === null ? [] : [{ seq, at, type, data, xid }])),
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
