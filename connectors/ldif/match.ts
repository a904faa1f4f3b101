import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  ExtensibleFilter,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
  type Filter,
} from 'ldapts';
import type { Entry } from '../entries/entry.ts';
import { isName, normalName } from '../entries/names.ts';

/** Filters as a directory without a schema understands them: without regard to case, and names by their normal form. */

const bitAnd = '1.2.840.113556.1.4.803';
const bitOr = '1.2.840.113556.1.4.804';

/** What a file cannot answer; undefined if it can answer all. */
export function unsupportedPart(filter: Filter): string | undefined {
  if (filter instanceof AndFilter || filter instanceof OrFilter)
    return filter.filters.map(unsupportedPart).find((each) => each !== undefined);
  if (filter instanceof NotFilter) return unsupportedPart(filter.filter);
  if (filter instanceof ExtensibleFilter && (![bitAnd, bitOr].includes(filter.rule) || filter.matchType === ''))
    return `The matching rule ${filter.rule === '' ? 'without a name' : filter.rule} is known to directories only. For files, there are ${bitAnd} (all bits) and ${bitOr} (any bit).`;
  return undefined;
}

export function matches(filter: Filter, entry: Entry): boolean {
  if (filter instanceof AndFilter) return filter.filters.every((each) => matches(each, entry));
  if (filter instanceof OrFilter) return filter.filters.some((each) => matches(each, entry));
  if (filter instanceof NotFilter) return !matches(filter.filter, entry);
  if (filter instanceof ExtensibleFilter)
    return textsOf(entry, filter.matchType).some((value) => hasBits(value, filter.value, filter.rule === bitAnd));
  if (filter instanceof PresenceFilter) return valuesOf(entry, filter.attribute).length > 0;
  if (filter instanceof EqualityFilter) {
    const wanted = Buffer.isBuffer(filter.value) ? filter.value : Buffer.from(filter.value, 'utf8');
    const folded = fold(wanted.toString('utf8'));
    const name = isName(folded) && folded.includes('=') ? normalName(folded) : undefined;
    return valuesOf(entry, filter.attribute).some((value) => {
      const text = value.toString('utf8');
      return value.equals(wanted) || fold(text) === folded || (name !== undefined && normalName(text) === name);
    });
  }
  if (filter instanceof ApproximateFilter)
    return textsOf(entry, filter.attribute).some((value) => fold(value) === fold(filter.value));
  if (filter instanceof GreaterThanEqualsFilter)
    return textsOf(entry, filter.attribute).some((value) => compare(value, filter.value) >= 0);
  if (filter instanceof LessThanEqualsFilter)
    return textsOf(entry, filter.attribute).some((value) => compare(value, filter.value) <= 0);
  if (filter instanceof SubstringFilter)
    return textsOf(entry, filter.attribute).some((value) => hasParts(value, filter));
  return false;
}

const valuesOf = ({ attributes }: Entry, name: string) => attributes.get(name.toLowerCase()) ?? [];
const textsOf = (entry: Entry, name: string) => valuesOf(entry, name).map((value) => value.toString('utf8'));
/** As caseIgnoreMatch does: case and repeated spaces do not count. */
const fold = (text: string) => text.normalize('NFKC').toLowerCase().trim().replace(/ +/g, ' ');

const integer = /^-?\d{1,30}$/;

function compare(one: string, other: string): number {
  if (integer.test(one) && integer.test(other)) return Number(BigInt(one) - BigInt(other));
  const [a, b] = [fold(one), fold(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function hasBits(value: string, mask: string, all: boolean): boolean {
  if (!integer.test(value) || !integer.test(mask)) return false;
  const bits = BigInt.asUintN(64, BigInt(value)) & BigInt.asUintN(64, BigInt(mask));
  return all ? bits === BigInt.asUintN(64, BigInt(mask)) : bits !== 0n;
}

function hasParts(value: string, { initial, any, final }: SubstringFilter): boolean {
  let rest = fold(value);
  const [begin, end] = [fold(initial), fold(final)];
  if (!rest.startsWith(begin)) return false;
  rest = rest.slice(begin.length);
  for (const part of any.map(fold)) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(end);
}
