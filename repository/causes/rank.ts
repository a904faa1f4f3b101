import { causeAdvice } from '../../domain/cause-advice.ts';
import type { CauseCode } from '../../domain/codes.ts';
import type { Finding } from './detector.ts';

/** A finding whose explained changes were counted. */
export interface Counted extends Finding {
  code: CauseCode;
  lines: number;
  changes: string[];
}

/** Causes that explain at least this part of the most explained one count as explaining as much. */
const asMuch = 0.8;
const mostCauses = 12;

/**
 * The most explained first; of those that explain about as much, the most specific. A cause goes whose changes a more
 * specific one of the same type and property, or about all of the same changes, explains as well.
 */
export function rank(found: readonly Counted[]): Counted[] {
  const left = found.filter((each) => weight(each) > 0);
  const ranked: Counted[] = [];
  while (left.length > 0 && ranked.length < mostCauses) {
    const most = Math.max(...left.map(weight));
    const close = left.filter((each) => weight(each) >= asMuch * most);
    const [next] = close.sort((a, b) => specificity(b) - specificity(a) || weight(b) - weight(a));
    if (!next) break;
    left.splice(left.indexOf(next), 1);
    if (!ranked.some((first) => saysItAlready(first, next))) ranked.push(next);
  }
  return ranked;
}

const specificity = ({ code, specificity: own }: Counted) => own ?? causeAdvice[code].specificity;
const weight = ({ lines, rejected = 0 }: Counted) => Math.max(lines, rejected);

/** Whether one that stands before explains what the other does. */
function saysItAlready(first: Counted, next: Counted): boolean {
  // two tables without rows are two facts
  if (first.code === next.code) return false;
  // first by its figures alone: what usually says more is told as well
  if (first.specificity !== undefined && causeAdvice[next.code].specificity > causeAdvice[first.code].specificity)
    return false;
  if (weight(first) < asMuch * weight(next)) return false;
  return keyed(next).every((part) => keyed(first).some((each) => part === each || part.startsWith(`${each}/`)));
}

/** What a finding is about: kinds, types and operations, and the property of updates. */
function keyed({ explains, entityType }: Counted): string[] {
  const parts = explains.map((term) => {
    const of = term.kind === 'resource' ? term.type : term.property;
    if (term.operation !== 'u' || term.kind === 'link') return `${term.kind} ${String(of)} ${term.operation}`;
    const where = term.where;
    const names = where && 'changes' in where ? where.changes : [];
    return `resource ${String(of)} u${names.length === 1 ? `/${names[0] ?? ''}` : ''}`;
  });
  return parts.length > 0 ? parts : [`rejected ${entityType}`];
}
