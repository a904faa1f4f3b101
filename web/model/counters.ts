import type { Sync } from '../server/types.ts';

type Counters = Sync['counters'];

/** Deletes, updates and inserts of resources and links together. */
export function changeSums(counters: Counters): { deleted: number; updated: number; inserted: number } {
  const sums = { deleted: 0, updated: 0, inserted: 0 };
  for (const entity of Object.values(counters))
    for (const part of [entity, ...Object.values(entity.links)]) {
      sums.deleted += part.deleted;
      sums.updated += part.updated;
      sums.inserted += part.inserted;
    }
  return sums;
}
