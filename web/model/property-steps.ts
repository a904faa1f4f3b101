import type { components } from '../generated/api.ts';

type Group = components['schemas']['Summary']['groups'][number];

/**
 * The groups of a sync by the property that changes, as the list can be gone through: of deletes and inserts of resources none,
 * since each of their properties has the same changes.
 */
export const propertyGroups = (groups: readonly Group[]): readonly Group[] =>
  groups.filter(
    ({ property, transition, kind, operation }) =>
      property !== null && transition === null && (kind === 'link' || operation === 'update'),
  );

/** "hr_Person.name updates" */
export const groupName = ({ entityType, property, kind, operation }: Group): string =>
  `${entityType}${property === null ? '' : `.${property}`}${kind === 'link' ? ' link' : ''} ${operation}s`;

/** The group after, or before, the one that is shown; from none, the first or the last. */
export function groupBeside(groups: readonly Group[], shown: string | undefined, step: 1 | -1): Group | undefined {
  const at = groups.findIndex(({ id }) => id === shown);
  return at < 0 ? groups.at(step === 1 ? 0 : -1) : groups[at + step];
}
