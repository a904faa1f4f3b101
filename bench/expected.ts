import type { Counters } from '../domain/sync.ts';
import { changes, hasUser, managerOf, movesMembership, userNumbers } from './rows.ts';
import type { Shape } from './sizes.ts';

interface Counts {
  inserted: number;
  updated: number;
  deleted: number;
}

/** What a sync found, over all entity types and link properties. */
export interface Changes {
  resources: Counts;
  links: Counts;
}

const nothing = (): Counts => ({ inserted: 0, updated: 0, deleted: 0 });
export const noChanges: Changes = { resources: nothing(), links: nothing() };

export function firstChanges({ users, groups, orgUnits, membershipsPerUser }: Shape): Changes {
  return {
    resources: { ...nothing(), inserted: users + groups + orgUnits },
    // each user has a unit, and a manager but for one; each unit has a parent but for one
    links: { ...nothing(), inserted: users * membershipsPerUser + users + (users - 1) + (orgUnits - 1) },
  };
}

/** From the first snapshot to the second, as the generator makes them. */
export function snapshotChanges(shape: Shape): Changes {
  const perUser = shape.membershipsPerUser;
  const resources = nothing();
  const links = nothing();
  for (let group = 0; group < shape.groups; group++) if (changes(group)) resources.updated++;
  for (let user = 0; user < userNumbers(shape); user++) {
    const [before, after] = [hasUser(shape, 'before', user), hasUser(shape, 'after', user)];
    if (before && after) {
      if (changes(user)) resources.updated++;
      if (movesMembership(user)) {
        links.inserted++;
        links.deleted++;
      }
      if (managerOf('before', user) !== managerOf('after', user)) links.updated++;
    } else if (after) {
      resources.inserted++;
      links.inserted += perUser + 2;
    } else {
      resources.deleted++;
      links.deleted += perUser + 2;
    }
  }
  return { resources, links };
}

export const linkDeltaChanges = (changes: number): Changes => ({
  resources: nothing(),
  links: { inserted: changes / 2, updated: 0, deleted: changes / 2 },
});

export const userDeltaChanges = (changes: number): Changes => ({
  resources: { ...nothing(), updated: changes },
  links: nothing(),
});

export function foundChanges(counters: Counters): Changes {
  const found = { resources: nothing(), links: nothing() };
  const add = (to: Counts, from: Counts) => {
    for (const name of ['inserted', 'updated', 'deleted'] as const) to[name] += from[name];
  };
  for (const type of Object.values(counters)) {
    add(found.resources, type);
    for (const link of Object.values(type.links)) add(found.links, link);
  }
  return found;
}

export const sameChanges = (a: Changes, b: Changes): boolean => JSON.stringify(a) === JSON.stringify(b);

const describeCounts = ({ inserted, updated, deleted }: Counts) =>
  `+${String(inserted)} ~${String(updated)} -${String(deleted)}`;
/** As in `resources +100 ~220 -100, links +1999 ~104 -1999`. */
export const describeChanges = ({ resources, links }: Changes): string =>
  `resources ${describeCounts(resources)}, links ${describeCounts(links)}`;
