import { ofSync } from '../change-parts.ts';

/**
 * Condition for the rows of a sync that were proposed when its causes were searched: whatever was decided of them since, but
 * not those that the comparison itself suppressed or withheld.
 */
export const proposed = (sync: number, alias: string): string =>
  `${ofSync(sync, alias)} and (${alias}.fate is null or ${alias}.fate not in ('s', 'w'))`;
