import type { SyncStatus } from '../domain/sync.ts';
import { rows, type Queryable } from './database.ts';
import { newestSync } from './sync-status.ts';

/** Connectors and how they hang together, in two statements that read no resources. */

export interface MappedConnector {
  name: string;
  displayName: string;
  active: boolean;
  /** Of the sync that is held, else of the one that is queued or runs, else of the last one; null: there was none. */
  status: SyncStatus | null;
}

/** By name. */
export function mappedConnectors(db: Queryable): Promise<MappedConnector[]> {
  return rows(
    db,
    `select c.name, c.display_name as "displayName", c.active,
       (select status from syncline.sync s where s.no = coalesce(held.no, running.no, last.no)) as status
     from syncline.connector c ${newestSync.held} ${newestSync.running} ${newestSync.last}
     where c.provisions is null order by c.name`,
  );
}

export interface MapEdge {
  from: string;
  to: string;
  /** `Type.navigation property` */
  property: string;
}

/** Navigation properties that lead from one connector to another. Those that a revision has dropped are left out, and those of retired types. */
export function linksOverConnectors(db: Queryable): Promise<MapEdge[]> {
  return rows(
    db,
    `select distinct source.name as "from", target.name as "to", s.name || '.' || p.name as property
     from syncline.link_property p
       join syncline.entity_type s on s.id = p.entity_type join syncline.entity_type t on t.id = p.target
       join syncline.connector source on source.id = s.connector join syncline.connector target on target.id = t.connector
     where s.connector <> t.connector and source.provisions is null and target.provisions is null and not (p.retired or s.retired or t.retired) order by 1, 2, 3`,
  );
}
