import type { Explained } from './explained.ts';
import type { CauseSubject } from './subject.ts';

/**
 * Everything that comes, or goes, of a type. Where nothing of it stays, every link at it that comes or goes follows: the terms
 * then name the properties, and nobody has to look at the resources.
 */
export function wholeType(subjects: readonly CauseSubject[], type: CauseSubject, operation: 'i' | 'd'): Explained[] {
  if (type.deleted < type.stored) return [{ kind: 'resource', type: type.id, operation }];
  return [
    { kind: 'resource', type: type.id, operation, alone: true },
    ...subjects
      .flatMap(({ id, links }) => links.filter((link) => id === type.id || link.target === type.id))
      .map((link): Explained => ({ kind: 'link', property: link.id, operation })),
  ];
}
