import type { Entry } from '../../entries/entry.ts';
import { splitName } from '../../entries/names.ts';
import type { Attributes, AttributeValue, DirectoryName } from '../../write-package.ts';
import type { Modification } from '../change.ts';
import { isDirectoryName, isNameAttribute, nameOf, partsOf, relativeOf, sameName, sameValue } from './names.ts';
import { sameBytes, type Values } from './values.ts';

/** What has to be sent so that an entry has the values that an order names. */

export interface Differences {
  /** The new name: its first part alone, where the parent stays. */
  rename: string | undefined;
  modifications: Modification[];
}

/** @param entry with its values of the attributes that are named */
export function differencesOf(entry: Entry, wanted: Attributes, values: Values): Differences {
  const now = partsOf(entry.dn);
  const then = nameThen(now, wanted);
  const modifications: Modification[] = [];
  for (const [attribute, value] of Object.entries(wanted)) {
    if (isNameAttribute(attribute)) continue;
    const present = entry.attributes.get(attribute.toLowerCase()) ?? [];
    const desired = values.bytesOf(attribute, value);
    if (isObjectClass(attribute)) {
      const missing = desired.filter((each) => !present.some((other) => sameText(each, other)));
      if (missing.length > 0) modifications.push({ operation: 'add', attribute, values: missing });
    } else if (desired.length === 0 || !sameBytes(renamed(present, attribute, now, then), desired))
      modifications.push({ operation: 'replace', attribute, values: desired });
  }
  return { rename: renameTo(entry.dn, then), modifications };
}

/** Auxiliary classes are added. None is taken away: directories show more of them than they were given, and few let one go. */
const isObjectClass = (attribute: string) => attribute.toLowerCase() === 'objectclass';
const sameText = (a: Buffer, b: Buffer) => a.toString().toLowerCase() === b.toString().toLowerCase();

/** The name that the entry will have. A value of its first part cannot be changed in another way. */
function nameThen(now: DirectoryName, wanted: Attributes): DirectoryName {
  const named = Object.entries(wanted).find(([attribute]) => isNameAttribute(attribute))?.[1];
  if (isDirectoryName(named)) return named;
  const rdn = Object.entries(now.rdn).map(([type, value]): [string, string] => {
    const change = Object.entries(wanted).find(([attribute]) => attribute.toLowerCase() === type.toLowerCase());
    return [type, change ? valueThen(value, change[1]) : value];
  });
  return { ...now, rdn: Object.fromEntries(rdn) };
}

/** Without a value, the directory says that it needs one. */
function valueThen(now: string, wanted: AttributeValue): string {
  const list = (isDirectoryName(wanted) ? [] : [wanted ?? []].flat()).map(String).filter((each) => each !== '');
  return list.some((each) => sameValue(each, now) && each === now) ? now : (list[0] ?? now);
}

/** The values that an attribute has once the entry has its new name. */
function renamed(present: readonly Buffer[], attribute: string, now: DirectoryName, then: DirectoryName): Buffer[] {
  const of = ({ rdn }: DirectoryName) =>
    Object.entries(rdn).find(([type]) => type.toLowerCase() === attribute.toLowerCase())?.[1];
  const [before, after] = [of(now), of(then)];
  if (before === after) return [...present];
  const left = present.filter((each) => before === undefined || !sameValue(each.toString(), before));
  return after === undefined || left.some((each) => each.toString() === after) ? left : [...left, Buffer.from(after)];
}

function renameTo(dn: string, then: DirectoryName): string | undefined {
  const name = nameOf(then);
  const { rdn, parent } = splitName(dn);
  const staysBelow = sameName(parent, then.parent);
  // a name in other letters is the same one, but people see the letters
  if (staysBelow && relativeOf(then) === relativeOf(partsOf(dn)) && sameName(dn, name)) return undefined;
  return staysBelow && rdn !== '' ? relativeOf(then) : name;
}
