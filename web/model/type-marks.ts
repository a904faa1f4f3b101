import { counted } from '../words/count.ts';

interface ErrorGroup {
  entityType?: string;
  errors: number;
}
interface ChangeGroup {
  entityType: string;
  property: string | null;
  transition: unknown;
  lines: number;
}

/** What the menu says of entity types: `3 changes held`, `1 error`. Types with neither have no entry. */
export function typeMarks(errors: readonly ErrorGroup[], held: readonly ChangeGroup[]): Map<string, string[]> {
  const marks = new Map<string, string[]>();
  const add = (counts: Map<string, number>, word: (n: number) => string) => {
    for (const [type, n] of counts) marks.set(type, [...(marks.get(type) ?? []), word(n)]);
  };
  // groups of a property or of a pair of values count lines of the group of their operation again
  const changes = held.filter(({ property, transition }) => property === null && transition === null);
  add(
    sums(changes.map(({ entityType, lines }) => [entityType, lines])),
    (n) => `${counted(n, 'change', 'changes')} held`,
  );
  add(sums(errors.map(({ entityType, errors }) => [entityType, errors])), (n) => counted(n, 'error', 'errors'));
  return marks;
}

function sums(of: readonly (readonly [string | undefined, number])[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const [type, n] of of) if (type !== undefined && n > 0) total.set(type, (total.get(type) ?? 0) + n);
  return total;
}
