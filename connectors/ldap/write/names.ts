import { readFirst } from '../../../domain/format/distinguished-name.ts';
import { isName, normalName } from '../../entries/names.ts';
import { WriteError, type AttributeValue, type DirectoryName } from '../../write-package.ts';

/** Names of entries, between the form of profiles and that of the directory. */

export const isDirectoryName = (value: AttributeValue | undefined): value is DirectoryName =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name of the attribute of a profile that is the name of the entry. */
export const isNameAttribute = (attribute: string): boolean => attribute.toLowerCase() === 'dn';

const type = /^[A-Za-z][A-Za-z0-9-]*$/;
const wrong = (what: string) =>
  new WriteError('terminal', `${what} Write it like { rdn: { uid: … }, parent: 'ou=people,dc=example,dc=org' }.`, {
    field: 'dn',
  });

/** The first part of the name, as text. @throws WriteError */
export function relativeOf({ rdn }: DirectoryName): string {
  const parts = Object.entries(rdn);
  if (parts.length === 0) throw wrong('The name of the entry has no first part.');
  return parts
    .map(([attribute, value]) => {
      if (!type.test(attribute)) throw wrong('The first part of the name has an attribute that is none.');
      if (value === '') throw wrong(`The name of the entry has no value of ${attribute}.`);
      return `${attribute}=${escaped(value)}`;
    })
    .join('+');
}

/** @throws WriteError */
export function nameOf(name: DirectoryName): string {
  if (!isName(name.parent)) throw wrong('The parent of the entry is not a distinguished name.');
  return `${relativeOf(name)},${name.parent}`;
}

/**
 * By hexadecimal digits, which RFC 4514 allows for every character: ldapts splits a new name at its first comma that has no
 * backslash before it, and `\\,` is such a comma.
 */
const escaped = (value: string): string =>
  value.replace(/^[ #]|[\p{Cc}"+,;<=>\\]| $/gu, (each) => Buffer.from(each).toString('hex').replace(/../g, '\\$&'));

/** What a name says, unescaped. */
export function partsOf(dn: string): DirectoryName {
  const { first, rest = '' } = readFirst(dn);
  return {
    rdn: Object.fromEntries(first.map(({ type: attribute, value, ber }) => [attribute, value ?? `#${ber ?? ''}`])),
    parent: rest,
  };
}

export const sameName = (a: string, b: string): boolean => normalName(a) === normalName(b);

/** Whether two texts are one value of a name. */
export const sameValue = (a: string, b: string): boolean => sameName(`cn=${escaped(a)}`, `cn=${escaped(b)}`);
