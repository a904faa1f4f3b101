import type { Rekeyed } from '../../domain/summary/body.ts';
import { ofSync } from '../change-parts.ts';
import type { EntityTypeRow } from '../catalog.ts';
import { row, type Queryable } from '../database.ts';
import { isProposed } from '../fate.ts';

/** A type that loses resources and gets others. */
export interface Exchanged {
  type: EntityTypeRow;
  deleted: number;
  inserted: number;
}

/** Of more, an even part is compared: that of the values with some hashes. */
const comparedAtMost = 100_000;

/**
 * The type whose deletes and inserts pair off by a value that one delete and one insert have: by the label, or else by
 * another property, if at least half of the fewer of them do. Then these are most likely the same resources under new keys.
 */
export async function findRekeyed(
  db: Queryable,
  sync: number,
  exchanged: readonly Exchanged[],
): Promise<Rekeyed | null> {
  let best: Rekeyed | null = null;
  for (const { type, deleted, inserted } of exchanged) {
    const fewer = Math.min(deleted, inserted);
    if (fewer === 0) continue;
    const part = Math.ceil(fewer / comparedAtMost);
    for (const [property, enough] of candidates(type, fewer)) {
      const pairs = Math.min(fewer, part * (await countPairs(db, sync, type.id, property, part)));
      if (pairs < enough) continue;
      if (best === null || pairs > best.pairs) best = { pairs, entityType: type.name, by: property };
      break;
    }
  }
  return best;
}

/** Properties with the number of pairs from which they count. A name may be the same by chance; other values are so often. */
function candidates(type: EntityTypeRow, fewer: number): [property: string, enough: number][] {
  const others = type.properties
    .filter(({ name, retired }) => !retired && name !== type.labelProperty && !type.keyProperties.includes(name))
    .map(({ name }): [string, number] => [name, Math.max(2, fewer / 2)]);
  const label: [string, number][] =
    type.labelProperty === null || type.keyProperties.includes(type.labelProperty) ? [] : [[type.labelProperty, 1]];
  return [...label, ...(fewer > comparedAtMost ? [] : others.slice(0, 10))];
}

async function countPairs(db: Queryable, sync: number, type: number, property: string, part: number): Promise<number> {
  // one aggregate: the planner takes values that come once for few, and would join them by nested loops
  const found = await row<{ pairs: number }>(
    db,
    `select count(*)::int as pairs from (
       select from (
         select c.operation, coalesce(c.before, c.after) ->> ? as value from syncline.change c
         where ${ofSync(sync, 'c')} and ${isProposed('c')} and c.entity_type = ? and c.operation in ('i', 'd')
       ) exchanged
       where value is not null ${part === 1 ? '' : `and hashtext(value) % ${String(part)} = 0`}
       group by value having count(*) filter (where operation = 'd') = 1 and count(*) filter (where operation = 'i') = 1
     ) pair`,
    [property, type],
  );
  return found?.pairs ?? 0;
}
