import { row, type Queryable } from '../database.ts';
import { proposed } from './proposed.ts';
import type { Gone } from './gone.ts';
import type { CauseSubject } from './subject.ts';

/** How many changes of a type and operation are looked at, evenly spread. A cause shows in far fewer. */
export const sampled = 2000;

/**
 * cause_sample (entity_type, operation, seq, resource, key, before, after, place): an even sample of the changed resources of
 * each type and operation; all of them where there are few. `place` counts from 1 for each type and operation.
 * cause_stored (entity_type, resource, key, attributes): a random sample of the stored resources that stay, of each type of
 * which some go; the same one for the same ids.
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
         where r.entity_type = ? and ${await oneOf(tx, id, storedForOne(stored))}
           and r.id not in (${(await gone()).ids(id)})`,
        [id],
      );
}

/** Ids that are looked up one by one rather than by reading all resources of a type. */
const mostLookedUp = 10 * sampled;

/** Condition for the stored resources `r` of a type, of which one of `n` is taken, whatever the order in which they were stored. */
async function oneOf(tx: Queryable, type: number, n: number): Promise<string> {
  if (n === 1) return 'true';
  const ids = await row<{ least: number; width: number }>(
    tx,
    `select coalesce(min(id), 0)::float8 as least, coalesce(max(id) - min(id) + 1, 1)::float8 as width
     from syncline.resource where entity_type = ?`,
    [type],
  );
  const { least, width } = ids ?? { least: 0, width: 1 };
  const tries = Math.ceil(width / n);
  if (tries > mostLookedUp) return `hashint8(r.id) % ${String(n)} = 0`;
  return `r.id = any(array(
    select ${String(least)}::bigint + (hashint8extended(i, 0) & x'7fffffffffffffff'::bigint) % ${String(width)}::bigint from generate_series(1, ${String(tries)}) i))`;
}

export async function dropSample(tx: Queryable): Promise<void> {
  await tx.raw('drop table cause_sample, cause_stored');
}

/** Of so many stored resources of a type, one is in the sample. */
const storedForOne = (stored: number) => Math.ceil(Math.max(1, stored) / sampled);

/**
 * That many resources that stay would hardly all be missing from the sample: each is missing with a chance of 1 - 1/n, so all of
 * 10 n are with one of e^-10.
 */
export const sureInSample = (stored: number): number => 10 * storedForOne(stored);

/** How many rows are in the sample, of so many. */
export const inSample = (lines: number): number => lines / Math.ceil(Math.max(1, lines) / sampled);
