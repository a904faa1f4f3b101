import type { Sync } from '../server/types.ts';

type Counters = Sync['counters'];

export interface ComparedRow {
  /** `hr_Person deletes`, `hr_Group.members inserts` */
  name: string;
  first: number;
  second: number;
}

const counted = [
  ['stored', 'stored'],
  ['deleted', 'deletes'],
  ['updated', 'updates'],
  ['inserted', 'inserts'],
  ['rejected', 'rejected'],
] as const;

/** The counters of two syncs side by side, by entity type and its links, without those that are 0 in both. */
export function comparedRows(first: Counters, second: Counters): ComparedRow[] {
  const [before, after] = [flat(first), flat(second)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, first: before.get(name) ?? 0, second: after.get(name) ?? 0 }))
    .filter((row) => row.first !== 0 || row.second !== 0);
}

function flat(counters: Counters): Map<string, number> {
  const found = new Map<string, number>();
  for (const [type, entity] of Object.entries(counters))
    for (const [name, part] of [[type, entity], ...links(type, entity.links)] as const)
      for (const [counter, word] of counted) found.set(`${name} ${word}`, part[counter]);
  return found;
}

const links = <Link>(type: string, of: Record<string, Link>): [string, Link][] =>
  Object.entries(of).map(([navigation, link]) => [`${type}.${navigation}`, link]);

/** The sync that a sync is compared with where nobody has chosen another: the last one before it. Ids are in the order of time. */
export const oneBefore = <Of extends { id: string }>(id: string, newestFirst: readonly Of[]): Of | undefined =>
  newestFirst.find((sync) => sync.id < id);
