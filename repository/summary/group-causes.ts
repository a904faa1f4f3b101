import type { SummaryGroup } from '../../domain/summary/body.ts';
import type { Explained } from '../causes/explained.ts';
import { operationLetters } from '../change-filter.ts';

/** A link property with the entity types at its ends. */
export interface Ends {
  id: number;
  name: string;
  entityType: number;
  target: number;
}

type About = Pick<SummaryGroup, 'kind' | 'operation' | 'property' | 'transition'> & { type: number };

/** The ids of the causes that explain changes of a group, in the order of the causes. */
export function causesOf(
  group: About,
  explained: Readonly<Record<string, readonly Explained[]>>,
  links: readonly Ends[],
): string[] {
  return Object.entries(explained)
    .filter(([, terms]) => terms.some((term) => isAbout(term, group, links)))
    .map(([id]) => id);
}

function isAbout(term: Explained, group: About, links: readonly Ends[]): boolean {
  if (operationLetters[group.operation] !== term.operation) return false;
  const own = links.filter(
    (each) => each.entityType === group.type && (group.property === null || each.name === group.property),
  );
  if (term.kind === 'link') return group.kind === 'link' && own.some(({ id }) => id === term.property);
  // links come and go with the resources at their ends
  if (group.kind === 'link')
    return (
      term.operation !== 'u' && own.some(({ entityType, target }) => term.type === entityType || term.type === target)
    );
  if (term.type !== group.type) return false;
  const { where } = term;
  if (group.property === null || !where) return true;
  if ('changes' in where)
    return (
      where.changes.includes(group.property) &&
      (!group.transition || !('to' in where) || isSame(where.to, group.transition.to))
    );
  return true;
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
