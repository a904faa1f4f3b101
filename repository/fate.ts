import type { FateCounts } from '../domain/sync.ts';
import { ofSync } from './change-parts.ts';
import { rows, type Queryable } from './database.ts';

/** What became of a change row that was not simply done with its sync. Null in the column: nothing special. */
export type Fate = 'o' | 'r' | 'd' | 's' | 'w';

/** The state that people read in place of that of the sync. */
export const fateWords: Record<Fate, keyof FateCounts> = {
  o: 'overtaken',
  r: 'refused',
  d: 'deferred',
  s: 'suppressed',
  w: 'withheld',
};

/**
 * Condition for the rows that the sync proposed: those of its digest, its counters and its number of changes. It holds before
 * and after the sync is applied. Suppressed and withheld rows were never proposed.
 */
export const isProposed = (alias = '') => {
  const fate = alias === '' ? 'fate' : `${alias}.fate`;
  return `(${fate} is null or ${fate} not in ('s', 'w'))`;
};

/** How many change rows of a sync have which fate; a fate that no row has is left out. */
export async function countFates(tx: Queryable, sync: number): Promise<FateCounts> {
  const found = await rows<{ fate: Fate; lines: number }>(
    tx,
    `select fate, count(*) as lines from (
       select fate from syncline.change where ${ofSync(sync)} and fate is not null
       union all select fate from syncline.link_change where ${ofSync(sync)} and fate is not null
     ) each group by fate`,
  );
  return Object.fromEntries(found.map(({ fate, lines }) => [fateWords[fate], lines]));
}
