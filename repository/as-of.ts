import { row, type Queryable } from './database.ts';

export interface AppliedSync {
  no: number;
  /** Whether later changes are no longer kept, so that the earlier state cannot be computed. */
  forgotten: boolean;
}

/** When a sync had been applied; one that found its files unchanged, in version 0.1.0, has only its end. */
const appliedAt = (of: string) => `coalesce(${of}.applied_at, ${of}.ended_at)`;

/** The sync whose end is asked for, if it was applied. */
export function findAppliedSync(db: Queryable, id: string, connector: number): Promise<AppliedSync | undefined> {
  return row(
    db,
    `select s.no, exists (
       select from syncline.sync l where l.connector = ? and l.applied and l.applied_at > ${appliedAt('s')}
         and l.changes_removed_at is not null) as forgotten
     from syncline.sync s where s.id = ? and s.applied`,
    [connector, id],
  );
}

/** A subquery of (id, key, attributes) that replaces today's resources. */
export interface ResourceSource {
  sql: string;
  bindings: (string | string[] | number)[];
}

/** The requested part of a list in order of the key: so many resources after a key. */
export interface ListPart {
  after: string | undefined;
  limit: number;
}

/**
 * The resources of an entity type as they were after a sync was applied: today's resources, with every later change undone,
 * the newest first. A resource that was deleted later has the attributes that it had when it was deleted, with the changes
 * in between undone.
 * @returns all of them, or a part. A part reads only as many of today's resources as it returns, and the later changes after
 * its key
 */
export const resourcesAsOf =
  (entityType: number, sync: number) =>
  (part?: ListPart): ResourceSource => {
    const type = String(entityType);
    const after = part?.after === undefined ? [] : [part.after];
    const behind = (column: string) => (after.length > 0 ? `and ${column} > ?` : '');
    const since = `syncline.change c join syncline.sync s on s.no = c.sync
      where c.entity_type = ${type} and c.fate is null and s.applied
        and s.applied_at > (select ${appliedAt('o')} from syncline.sync o where o.no = ${String(sync)}) ${behind('c.key')}`;
    // the planner does not merge both halves in order by itself
    const first = (column: string) => (part ? `order by ${column} limit ?` : '');
    const limit = part ? [part.limit] : [];
    return {
      sql: `(
    (select r.id, r.key, r.attributes from syncline.resource r
     where r.entity_type = ${type} and not exists (select from ${since} and c.key = r.key) ${behind('r.key')} ${first('r.key')})
    union all
    (select u.id, u.key, jsonb_strip_nulls(case when u.gone then '{}' else coalesce(r.attributes, '{}') end || u.before)
     from (
       select key, (array_agg(operation order by applied_at, operation))[1] as first, (array_agg(resource order by applied_at, operation))[1] as id,
         bool_or(gone_at is not null) as gone,
         syncline.jsonb_merge(coalesce(before, '{}') order by applied_at desc)
           filter (where gone_at is null or applied_at <= gone_at) as before
       from (
         select c.key, c.resource, c.operation, c.before, s.applied_at,
           min(s.applied_at) filter (where c.operation = 'd') over (partition by c.key) as gone_at
         from ${since}
       ) change group by key
     ) u left join syncline.resource r on r.entity_type = ${type} and r.key = u.key
     where u.first <> 'i' ${first('u.key')})
  )`,
      bindings: [...after, ...after, ...limit, ...after, ...limit],
    };
  };
