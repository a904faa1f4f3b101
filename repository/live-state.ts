import { shownName } from './connectors.ts';
import type { Progress } from './syncs.ts';
import type { SyncStatus, Task } from '../domain/sync.ts';
import { row, type Queryable } from './database.ts';

/** What can be seen of a sync while it goes on. */
export interface LiveSync {
  no: number;
  id: string;
  connector: string;
  status: SyncStatus;
  phase: Task | null;
  progress: Progress;
  /** What it waits for, which attempt failed, its digest, its decision: a text that differs if one of them does. */
  waiting: string;
  /** Another one after every update of its row. */
  version: string;
}

export interface LiveExecution {
  no: number;
  id: string;
  job: string;
  status: string;
  /** A text that differs if one of its results does; null at the end. */
  results: string | null;
}

/** What a process compares with what it saw before. */
export interface LiveState {
  syncs: LiveSync[];
  executions: LiveExecution[];
  /** By name: texts that differ if anything of it does, data and breakers included. */
  connectors: Record<string, string>;
  jobs: Record<string, string>;
}

/** Which rows were seen before, so that their end is seen, too. */
export interface Seen {
  openSyncs: readonly number[];
  /** The highest number of a sync; null: none was looked for yet. */
  newestSync: number | null;
  openExecutions: readonly number[];
  newestExecution: number | null;
}

/**
 * Transactions may end in another order than their numbers: so many rows below the highest number are read again. Without a
 * highest number these are the newest ones.
 */
const overlap = 50;

/** @param limit of syncs and of executions: so many of them mean that some may be missing */
export async function readLiveState(db: Queryable, seen: Seen, limit: number): Promise<LiveState> {
  const state = await row<LiveState>(
    db,
    `select
       (select coalesce(jsonb_agg(to_jsonb(s) order by s.no), '[]') from (
          select s.no, s.id, ${shownName} as connector, s.status, s.phase, s.progress,
            hashtextextended(concat_ws('|', s.waiting_for, s.retry, s.digest, s.decision), 0)::text as waiting,
            s.xmin::text as version
          from syncline.sync s join syncline.connector c on c.id = s.connector
          where s.status in ('queued', 'running', 'held') or s.no = any(?)
            or s.no > coalesce(?::bigint, (select max(no) from syncline.sync)) - ${String(overlap)}
          order by s.no limit ?) s) as syncs,
       (select coalesce(jsonb_agg(to_jsonb(e) order by e.no), '[]') from (
          select e.no, e.id, e.job, e.status, case when e.ended_at is null then (
              select hashtextextended(coalesce(string_agg(r::text, '|' order by r.position), ''), 0)::text
              from syncline.execution_result r where r.execution = e.id) end as results
          from syncline.execution e
          where e.ended_at is null or e.no = any(?)
            or e.no > coalesce(?::bigint, (select max(no) from syncline.execution)) - ${String(overlap)}
          order by e.no limit ?) e) as executions,
       (select coalesce(jsonb_object_agg(c.name, hashtextextended(concat_ws('|', c, (
            select string_agg(concat_ws('|', p.connection, p.state, p.failures, p.retry_at, p.last_error), '|' order by p.connection)
            from syncline.poll p where p.connector = c.id)), 0)::text), '{}')
        from syncline.connector c where c.provisions is null) as connectors,
       (select coalesce(jsonb_object_agg(j.name, hashtextextended(j::text, 0)::text), '{}') from syncline.job j) as jobs`,
    [[...seen.openSyncs], seen.newestSync, limit, [...seen.openExecutions], seen.newestExecution, limit],
  );
  if (!state) throw new Error('a select without from gives one row');
  return state;
}
