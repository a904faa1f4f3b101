import { isTypeChanged } from '../domain/changed-configuration.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { rows, type Queryable } from './database.ts';

/** A link property that leads to an entity type of another connector, which a revision has retired or given another key. */
export interface ChangedTarget {
  /** Link property. */
  property: number;
  /** `<Type>.<navigation property>` */
  name: string;
  target: string;
  /** The connector of the target, and its revision before. */
  connector: string;
  revision: number;
}

/** The targets of other connectors that have changed since a moment, by the link properties that lead to them. */
export async function changedTargets(db: Queryable, connector: number, since: string): Promise<ChangedTarget[]> {
  const found = await rows<ChangedTarget & { retired: boolean; before: ConnectorFile; now: ConnectorFile }>(
    db,
    `select p.id as property, s.name || '.' || p.name as name, t.name as target, t.retired, c.name as connector,
       before.revision, before.file as before, now.file as now
     from syncline.link_property p
       join syncline.entity_type s on s.id = p.entity_type join syncline.entity_type t on t.id = p.target
       join syncline.connector c on c.id = t.connector
       join syncline.connector_revision now on now.connector = c.id and now.revision = c.active_revision
       cross join lateral (
         select r.revision, r.file from syncline.connector_revision r
         where r.connector = c.id and r.created_at <= ? order by r.revision desc limit 1
       ) before
     where s.connector = ? and t.connector <> s.connector and before.revision < now.revision
     order by 2`,
    [since, connector],
  );
  return found.flatMap(({ retired, before, now, ...target }) =>
    retired || isTypeChanged(before, now, target.target) ? [target] : [],
  );
}
