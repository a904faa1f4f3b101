import type { ObjectFigures } from '../domain/sync-counts.ts';
import type { Priority, Sync, SyncMode, SyncStatus, Task, Trigger } from '../domain/sync.ts';
import { rows, type Queryable } from './database.ts';
import { refusedObjects } from './refusals/list.ts';
import type { NeedsComplete } from './needs-complete.ts';

/**
 * The status of connectors and their entity types, from figures that each sync stores at its end. No statement reads
 * resources.
 */

/** A connector, with the numbers of the syncs that decide its status. */
export interface ConnectorStanding {
  id: number;
  connector: string;
  displayName: string;
  active: boolean;
  /** Ended, and neither a dry run nor skipped. */
  lastSync: number | null;
  /** Applied. */
  lastSuccess: number | null;
  /** Held: the one that has waited longest. */
  heldSync: number | null;
  /** Queued or running: the newest. */
  runningSync: number | null;
  openErrors: number;
  needsComplete: NeedsComplete | null;
  /** The newest first. */
  lastResults: { syncId: string; status: SyncStatus }[];
}

const newest = (name: string, condition: string, order = 'desc') => `
  left join lateral (select s.no from syncline.sync s where s.connector = c.id and ${condition}
    order by s.no ${order} limit 1) ${name} on true`;

/** SQL that joins the sync of a connector `c` that decides how it stands, with the number as `no`. */
export const newestSync = {
  last: newest('last', `s.ended_at is not null and s.status <> 'skipped' and not s.dry_run`),
  success: newest('success', 's.applied'),
  held: newest('held', `s.status = 'held'`, 'asc'),
  running: newest('running', `s.status in ('queued', 'running')`),
};

/** So many last results of each connector are told. */
const mostResults = 14;

/** Of a connector `c`, along the index by connector and number: a quiet connector has its own, however busy others are. */
const lastResults = `
  cross join lateral (
    select coalesce(json_agg(json_build_object('syncId', r.id, 'status', r.status) order by r.no desc), '[]') as found from (
      select s.no, s.id, s.status from syncline.sync s
      where s.connector = c.id and (s.ended_at is not null or s.status = 'held') and s.status <> 'skipped' and not s.dry_run
      order by s.no desc limit ${String(mostResults)}
    ) r
  ) results`;

/** By name. @param connector only this one */
export function connectorStandings(
  db: Queryable,
  connector: string | undefined,
  after: string,
  limit: number,
): Promise<ConnectorStanding[]> {
  return rows(
    db,
    `select c.id, c.name as connector, c.display_name as "displayName", c.active, c.needs_complete - 'scope' as "needsComplete", last.no as "lastSync",
       success.no as "lastSuccess", held.no as "heldSync", running.no as "runningSync", results.found as "lastResults",
       (select count(*) from syncline.open_error e where e.connector = c.id)
         + (select coalesce(sum(e.rejected_rows + e.rejected_links), 0)::bigint
            from syncline.open_error_surplus e where e.connector = c.id) as "openErrors"
     from syncline.connector c
     ${newestSync.last} ${newestSync.success} ${newestSync.held} ${newestSync.running} ${lastResults}
     where c.provisions is null and c.name > ? ${connector === undefined ? '' : 'and c.name = ?'} order by c.name limit ?`,
    [after, ...(connector === undefined ? [] : [connector]), limit],
  );
}

/** An entity type, with the numbers of its syncs and what its counts are made of. */
export interface EntityTypeStanding extends ObjectFigures {
  connector: number;
  entityType: string;
  displayName: string;
  /** Marked `users: true`. */
  users: boolean;
  /** Has a multi-valued link to or from users. */
  groups: boolean;
  lastSync: number | null;
  completeSync: number | null;
}

/** Entity types of connectors, retired ones included, by name. */
export function entityTypeStandings(db: Queryable, connectors: readonly number[]): Promise<EntityTypeStanding[]> {
  return rows(
    db,
    `with users as materialized (
       select id from syncline.entity_type where users and not retired
     ), objects as (
       select e.connector, e.entity_type, e.key, bool_or(e.effect = 'row-rejected') as rejected, bool_or(e.stored) as stored,
         coalesce(sum(e.occurrences) filter (where e.key is null and e.effect = 'row-rejected'), 0) as unnamed
       from syncline.open_error e where e.connector = any(?) and e.entity_type is not null group by 1, 2, 3
     ), figures as (
       select connector, entity_type,
         sum(unnamed) + count(*) filter (where key is not null and rejected) as failed,
         count(*) filter (where key is not null and rejected and stored) as failed_stored,
         count(*) filter (where key is not null and not rejected and stored) as partial
       from objects group by 1, 2
     )
     select t.connector, t.name as "entityType", t.display_name as "displayName", t.retired, t.stored,
       t.id in (select id from users) as users,
       t.id not in (select id from users) and exists (
         select from syncline.link_property p where p.multi_valued and not p.retired
           and ((p.entity_type = t.id and p.target in (select id from users))
             or (p.target = t.id and p.entity_type in (select id from users)))) as groups,
       y.last_sync as "lastSync", y.complete_sync as "completeSync",
       (coalesce(f.failed, 0) + coalesce(u.rejected_rows, 0))::bigint as failed,
       coalesce(f.failed_stored, 0) + coalesce(u.rejected_stored, 0) as "failedStored",
       coalesce(f.partial, 0) + coalesce(u.rejected_links, 0) as partial,
       coalesce((s.counters -> t.name ->> 'withheld')::bigint, 0) as withheld, coalesce(refused.n, 0) as refused
     from syncline.entity_type t
     left join syncline.entity_type_sync y on y.entity_type = t.id
     left join syncline.sync s on s.no = y.complete_sync
     left join ${refusedObjects} refused on refused.entity_type = t.id
     left join figures f on f.connector = t.connector and f.entity_type = t.name
     left join syncline.open_error_surplus u on u.connector = t.connector and u.entity_type = t.name
     where t.connector = any(?) and t.joins_from is null order by t.name`,
    [[...connectors], [...connectors]],
  );
}

/** When and how something was synchronised, and by whom. */
export interface SyncMention {
  syncId: string;
  /** When it was applied, or ended; of one that has not, when it was asked for. */
  at: string;
  status: SyncStatus;
  phase: Task | null;
  mode: SyncMode;
  trigger: Trigger;
  priority: Priority;
  job: string | null;
  executionId: string | null;
  syncedBy: string;
  applied: boolean;
  /** Held only. */
  heldSince: string | null;
  waitingFor: Sync['waitingFor'];
  retry: Sync['retry'];
  causes: Sync['causes'];
}

export async function mentionSyncs(db: Queryable, numbers: readonly number[]): Promise<Map<number, SyncMention>> {
  const found = await rows<SyncMention & { no: number }>(
    db,
    `select no, id as "syncId", coalesce(applied_at, ended_at, created_at) as at, status, phase, mode, trigger, priority,
       job, execution_id as "executionId", synced_by as "syncedBy", applied,
       case when status = 'held' then waiting_for ->> 'since' end as "heldSince", waiting_for as "waitingFor", retry,
       causes
     from syncline.sync where no = any(?)`,
    [[...numbers]],
  );
  return new Map(found.map(({ no, ...mention }) => [no, mention]));
}
