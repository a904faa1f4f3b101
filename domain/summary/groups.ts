import { createHash } from 'node:crypto';
import type { ChangeCounts, Operation } from '../sync.ts';
import type { SummaryGroup, SummaryTransition } from './body.ts';

export const groupsAtMost = 200;
export const transitionsAtMost = 20;

/** Proposed changes of one type and operation, of links also of one property. */
export interface CountedCell {
  entityType: string;
  kind: 'resource' | 'link';
  operation: Operation;
  /** Of links. */
  property: string | null;
  lines: number;
}

/** Updates that change one property, or resources that come or go with it. */
export interface CountedProperty {
  entityType: string;
  kind: 'resource' | 'link';
  operation: Operation;
  property: string;
  lines: number;
  becameNull: number;
  /** Largest first; empty if there are too many. */
  transitions: { from: unknown; to: unknown; lines: number }[];
}

type Group = Omit<SummaryGroup, 'id' | 'share' | 'causes'>;

/**
 * One group for each type, kind and operation, then one for each property below, then the transitions of properties; each of
 * these from the largest to the smallest. Of too many the last are left out. Properties of resources that come or go are the
 * very last: nearly all of these resources have nearly all of them, so they tell least.
 * @param digest seeds the ids: who does not have the digest cannot tell values from ids
 */
export function makeGroups(
  digest: string,
  total: number,
  cells: readonly CountedCell[],
  properties: readonly CountedProperty[],
  causesOf: (group: Group) => string[],
): { groups: SummaryGroup[]; groupsOmitted: number } {
  const changed = properties.filter(({ operation }) => operation === 'update');
  const carried = properties.filter(({ operation }) => operation !== 'update');
  const all = [
    ...topGroups(cells),
    ...propertyGroups(cells, changed),
    ...transitionGroups(changed),
    ...largestFirst(carried.map(groupOfProperty)),
  ];
  const groups = all.slice(0, groupsAtMost).map((group) => ({
    id: groupId(digest, group),
    ...group,
    share: total === 0 ? 0 : group.lines / total,
    causes: causesOf(group),
  }));
  return { groups, groupsOmitted: all.length - groups.length };
}

function topGroups(cells: readonly CountedCell[]): Group[] {
  const top = new Map<string, Group>();
  for (const { entityType, kind, operation, lines } of cells) {
    const id = JSON.stringify([entityType, kind, operation]);
    const known = top.get(id);
    if (known) known.lines += lines;
    else top.set(id, { entityType, kind, operation, property: null, transition: null, lines, becameNull: 0 });
  }
  return largestFirst([...top.values()]);
}

function propertyGroups(cells: readonly CountedCell[], properties: readonly CountedProperty[]): Group[] {
  // a property whose target changed stands in the catalog twice
  const links = new Map<string, Group>();
  for (const { entityType, kind, operation, property, lines } of cells) {
    if (property === null) continue;
    const id = JSON.stringify([entityType, operation, property]);
    const known = links.get(id);
    if (known) known.lines += lines;
    else links.set(id, { entityType, kind, operation, property, transition: null, lines, becameNull: 0 });
  }
  return largestFirst([
    ...links.values(),
    ...properties.filter(({ kind }) => kind === 'resource').map(groupOfProperty),
  ]);
}

const groupOfProperty = ({ entityType, kind, operation, property, lines, becameNull }: CountedProperty): Group => ({
  ...{ entityType, kind, operation, property, transition: null, lines, becameNull },
});

function transitionGroups(properties: readonly CountedProperty[]): Group[] {
  // links of one property that lead to several entity types may move between equal keys
  const groups = new Map<string, Group>();
  for (const { entityType, kind, property, transitions } of properties)
    for (const { from, to, lines } of transitions.slice(0, transitionsAtMost)) {
      const id = JSON.stringify([entityType, kind, property, from, to]);
      const group = groups.get(id) ?? {
        entityType,
        kind,
        operation: 'update',
        property,
        transition: { property, from, to },
        lines: 0,
        becameNull: 0,
      };
      groups.set(id, {
        ...group,
        lines: group.lines + lines,
        becameNull: group.becameNull + (to === null ? lines : 0),
      });
    }
  return largestFirst([...groups.values()]);
}

const largestFirst = (groups: Group[]): Group[] =>
  groups.sort((a, b) => b.lines - a.lines || compare(nameOf(a), nameOf(b)));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Named = Pick<SummaryGroup, 'entityType' | 'kind' | 'operation' | 'property'> & {
  transition: SummaryTransition | null;
};

const nameOf = ({ entityType, kind, operation, property, transition }: Named): string =>
  JSON.stringify([entityType, kind, operation, property, transition && [transition.from, transition.to]]);

export const groupId = (digest: string, group: Named): string =>
  `g${createHash('sha256')
    .update(`${digest} ${nameOf(group)}`)
    .digest('hex')
    .slice(0, 16)}`;

export function sixCounts(cells: readonly CountedCell[]): ChangeCounts {
  const of = (kind: string, operation: Operation) =>
    cells.reduce((sum, cell) => sum + (cell.kind === kind && cell.operation === operation ? cell.lines : 0), 0);
  return {
    deleted: of('resource', 'delete'),
    updated: of('resource', 'update'),
    inserted: of('resource', 'insert'),
    linksDeleted: of('link', 'delete'),
    linksUpdated: of('link', 'update'),
    linksInserted: of('link', 'insert'),
  };
}
