import { shownName } from './connectors.ts';
import { rows, type Queryable } from './database.ts';
import { openErrorCondition, type ClearedBy, type OpenError, type OpenErrorFilter } from './open-errors-list.ts';

/** Open errors of one code at one property, as the API answers them. */
export interface OpenErrorGroup extends Pick<OpenError, 'code' | 'connector' | 'entityType' | 'property'> {
  effects: OpenError['effect'][];
  clearedBy: ClearedBy[];
  errors: number;
  occurrences: number;
  firstSeen: string;
  lastSeen: string;
}

/** A place in the list, which is ordered by these; '' stands for what is absent. */
export interface OpenErrorGroupPlace {
  code: string;
  connector: string;
  entityType: string;
  property: string;
}

/** One statement over the kept errors, which are at most 10,000 of a connector. */
export function listOpenErrorGroups(
  db: Queryable,
  filter: OpenErrorFilter,
  after: OpenErrorGroupPlace | undefined,
  limit: number,
): Promise<OpenErrorGroup[]> {
  const { sql, bindings } = openErrorCondition(filter);
  const place = `e.code collate "C", ${shownName} collate "C", coalesce(e.entity_type, '') collate "C", coalesce(e.property, '') collate "C"`;
  return rows(
    db,
    `select e.code, ${shownName} as connector, e.entity_type as "entityType", e.property,
       array_agg(distinct e.effect) as effects, array_agg(distinct e.cleared_by) as "clearedBy",
       count(*) as errors, sum(e.occurrences)::bigint as occurrences,
       min(e.first_seen) as "firstSeen", max(e.last_seen) as "lastSeen"
     from syncline.open_error e join syncline.connector c on c.id = e.connector
     where ${sql} ${after ? `and (${place}) > (?, ?, ?, ?)` : ''}
     group by e.code, ${shownName}, e.entity_type, e.property order by ${place} limit ?`,
    [...bindings, ...(after ? [after.code, after.connector, after.entityType, after.property] : []), limit],
  );
}
