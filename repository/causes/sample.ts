import { row, type Queryable } from '../database.ts';
import { proposed } from './proposed.ts';
import type { Gone } from './gone.ts';
import type { CauseSubject } from './subject.ts';

/** How many changes of a type and operation are looked at, evenly spread. A cause shows in far fewer. */
export const sampled = 2000;

/**
 * cause_sample (entity_type, operation, seq, resource, key, before, after, place): an even sample of the changed resources of
 * each type and operation; all of them where there are few. `place` counts from 1 for each type and operation.
 * cause_stored (entity_type, resource, key, attributes): an even sample of the stored resources that stay, of each type of
 * which some go.
 */
export async function createSample(
  tx: Queryable,
  sync: number,
  subjects: readonly CauseSubject[],
  gone: () => Promise<Gone>,
): Promise<void> {
  await tx.raw(`create temp table cause_sample (entity_type integer, operation "char", seq bigint, resource bigint,
    key text collate "C", before jsonb, after jsonb, place integer) on commit drop`);
  for (const { id, inserted, updated, deleted } of subjects)
    for (const [operation, lines] of [
      ['i', inserted],
      ['u', updated],
      ['d', deleted],
    ] as const)
      if (lines > 0)
        await tx.raw(
          `insert into cause_sample
           select c.entity_type, c.operation, c.seq, c.resource, c.key, c.before, c.after, row_number() over ()
           from syncline.change c where ${proposed(sync, 'c')} and c.entity_type = ? and c.operation = ? and c.seq % ? = 0`,
          [id, operation, Math.ceil(lines / sampled)],
        );
  await tx.raw(`analyze cause_sample (entity_type, operation);
    create temp table cause_stored (entity_type integer, resource bigint, key text collate "C", attributes jsonb) on commit drop`);
  for (const { id, stored, deleted } of subjects)
    if (deleted > 0 && deleted < stored)
      await tx.raw(
        `insert into cause_stored select r.entity_type, r.id, r.key, r.attributes from syncline.resource r
         where r.entity_type = ? and ${await everyNth(tx, id, Math.ceil(Math.max(1, stored) / sampled))}
           and r.id not in (${(await gone()).ids(id)})`,
        [id],
      );
}

/** Ids that are looked up one by one rather than by reading all resources of a type. */
const mostLookedUp = 10 * sampled;

/** Condition for the stored resources `r` of a type whose id can be divided by `n`. */
async function everyNth(tx: Queryable, type: number, n: number): Promise<string> {
  const ids = await row<{ least: number; greatest: number }>(
    tx,
    'select min(id)::float8 as least, max(id)::float8 as greatest from syncline.resource where entity_type = ?',
    [type],
  );
  const first = n * Math.ceil((ids?.least ?? 0) / n);
  const last = ids?.greatest ?? 0;
  if (n === 1 || (last - first) / n > mostLookedUp) return `r.id % ${String(n)} = 0`;
  return `r.id = any(array(select generate_series(${String(first)}::bigint, ${String(last)}, ${String(n)})))`;
}

export async function dropSample(tx: Queryable): Promise<void> {
  await tx.raw('drop table cause_sample, cause_stored');
}

/** How many rows are in the sample, of so many. */
export const inSample = (lines: number): number => lines / Math.ceil(Math.max(1, lines) / sampled);
