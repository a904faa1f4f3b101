import type { Queryable } from '../database.ts';
import { proposed } from './proposed.ts';

/**
 * The proposed deletes of resources of one change set, with statistics: several detectors ask for them. Only `createGone`
 * makes one.
 */
export interface Gone {
  /** A subquery: ids of the resources, of one entity type or of all. */
  ids: (type?: number) => string;
  /** A subquery: keys of the resources of one entity type, or of all but one. */
  keys: (of: { type: number } | { but: number }) => string;
  /** A subquery: resource, entity_type, and whether the resource is sampled. */
  sampled: string;
}

/** The sample is made. */
export async function createGone(tx: Queryable, sync: number): Promise<Gone> {
  await tx.raw(
    `create temp table cause_gone on commit drop as
     select e.entity_type, e.resource, e.key, (e.seq in (select seq from cause_sample where operation = 'd')) is true as sampled
     from syncline.change e where ${proposed(sync, 'e')} and e.operation = 'd'`,
  );
  await tx.raw('analyze cause_gone (entity_type, resource)');
  return {
    ids: (type) => `select resource from cause_gone${type === undefined ? '' : ` where entity_type = ${String(type)}`}`,
    keys: (of) =>
      `select key from cause_gone where entity_type ${'type' in of ? `= ${String(of.type)}` : `<> ${String(of.but)}`}`,
    sampled: '(select resource, entity_type, sampled from cause_gone)',
  };
}

/** If it was made. */
export async function dropGone(tx: Queryable): Promise<void> {
  await tx.raw('drop table if exists pg_temp.cause_gone');
}
