import { foldKey } from '../key.ts';
import { nameOfType } from './attribute-types.ts';
import { notAName, readFirst, readName, type NamePart } from './distinguished-name.ts';
import { FormatError } from './value.ts';

/** The value of the first relative name of a distinguished name. */
export function rdn(text: string): string {
  const value = readName(text)[0]?.[0]?.value;
  if (!value) throw notAName();
  return value;
}

/**
 * A distinguished name in the one form that all ways of writing it have: two directories, or two attributes of one, need not
 * escape alike, and compare names without regard to case.
 */
export const dn = (text: string): string => readName(text).map(normalRelative).join(',');

/**
 * `dn` for many names. They have few parents, which are remembered: without this, a name with five parents takes three times
 * as long.
 */
export function createDn(): (text: string) => string {
  const parents = new Map<string, string>();
  const parentOf = (text: string): string => {
    const known = parents.get(text);
    if (known !== undefined) return known;
    const normal = dn(text);
    if (text.length > longestParent) return normal;
    if (parents.size >= mostParents) parents.clear();
    parents.set(text, normal);
    return normal;
  };
  return (text) => {
    const { first, rest } = readFirst(text);
    return rest === undefined ? normalRelative(first) : `${normalRelative(first)},${parentOf(rest)}`;
  };
}

/** Together some megabytes. */
const mostParents = 10_000;
const longestParent = 500;

export function isDn(text: string): boolean {
  try {
    return dn(text) === text;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

const normalRelative = (parts: NamePart[]): string => parts.map(normalPart).sort().join('+');

const normalPart = ({ type, value, ber }: NamePart): string =>
  `${nameOfType(type.toLowerCase())}=${value === undefined ? `#${ber?.toLowerCase() ?? ''}` : escaped(normalValue(value))}`;

const manySpaces = / {2,}/g;

/** Spaces at the ends do not count, and several are one; a value of spaces only is one space (RFC 4518, 2.6.1). */
function normalValue(value: string): string {
  const single = value.replace(manySpaces, ' ');
  const spaced = single.length > 1 ? single.replace(/^ | $/g, '') : single;
  return foldKey(spaced);
}

/** What has to be escaped, and no more (RFC 4514, 2.4): a name has no NUL. */
const mustEscape = /^[ #]| $|["+,;<>\\]/g;
const escaped = (value: string): string => value.replace(mustEscape, '\\$&');
