import type { Sync } from '../server/types.ts';

type Counters = Sync['counters'];

export interface ComparedRow {
  /** `hr_Person deletes`, `hr_Group.members inserts` */
  name: string;
  earlier: number;
  later: number;
}

/** Whichever was chosen first, the earlier one stands first: a difference is then always what came later. */
export const inOrder = <Of extends { id: string }>(one: Of, other: Of): [earlier: Of, later: Of] =>
  one.id < other.id ? [one, other] : [other, one];

const counted = [
  ['stored', 'stored'],
  ['deleted', 'deletes'],
  ['updated', 'updates'],
  ['inserted', 'inserts'],
  ['rejected', 'rejected'],
] as const;

/** The counters of two syncs side by side, by entity type and its links, without those that are 0 in both. */
export function comparedRows(earlier: Counters, later: Counters): ComparedRow[] {
  const [before, after] = [flat(earlier), flat(later)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, earlier: before.get(name) ?? 0, later: after.get(name) ?? 0 }))
    .filter((row) => row.earlier !== 0 || row.later !== 0);
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
