import type { ChangeCounts, Counters } from './sync.ts';

export const changeCountNames = [
  'deleted',
  'updated',
  'inserted',
  'linksDeleted',
  'linksUpdated',
  'linksInserted',
] as const satisfies readonly (keyof ChangeCounts)[];

/** The counts over all entity types and link properties. */
export function changeCountsOf(counters: Counters): ChangeCounts {
  const types = Object.values(counters);
  const links = types.flatMap((type) => Object.values(type.links));
  const sum = (of: Record<Operation, number>[], name: Operation) => of.reduce((n, each) => n + each[name], 0);
  return {
    deleted: sum(types, 'deleted'),
    updated: sum(types, 'updated'),
    inserted: sum(types, 'inserted'),
    linksDeleted: sum(links, 'deleted'),
    linksUpdated: sum(links, 'updated'),
    linksInserted: sum(links, 'inserted'),
  };
}
type Operation = 'inserted' | 'updated' | 'deleted';

/** The names of the counts that a person gave and that are not those of what is decided on. */
export const differingCounts = (given: Partial<ChangeCounts>, actual?: ChangeCounts): (keyof ChangeCounts)[] =>
  changeCountNames.filter((name) => given[name] !== undefined && given[name] !== actual?.[name]);
