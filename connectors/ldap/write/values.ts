import { isBinaryBy } from '../../entries/columns.ts';
import type { Entry } from '../../entries/entry.ts';
import type { AttributeValue } from '../../write-package.ts';
import { isDirectoryName, nameOf } from './names.ts';

/** Values of attributes, between the form of profiles and the bytes of the directory. */
export interface Values {
  bytesOf(attribute: string, value: AttributeValue): Buffer[];
  /** Null without a value; several are sorted as those of profiles are. */
  valueOf(entry: Entry, attribute: string): AttributeValue;
}

/** The server never shows them. */
export const isWriteOnly = (attribute: string): boolean =>
  ['userpassword', 'unicodepwd'].includes(attribute.toLowerCase());

/** @param binaryAttributes what settings add to those that are known */
export function valuesBy(binaryAttributes: readonly string[]): Values {
  const isBinary = isBinaryBy(binaryAttributes);

  function one(attribute: string, value: string | number | boolean): Buffer {
    if (typeof value === 'boolean') return Buffer.from(value ? 'TRUE' : 'FALSE');
    const text = String(value);
    // MS-ADTS 3.1.1.3.1.5.1
    if (attribute.toLowerCase() === 'unicodepwd') return Buffer.from(`"${text}"`, 'utf16le');
    return Buffer.from(text, isBinary(attribute) ? 'base64' : 'utf8');
  }

  return {
    bytesOf(attribute, value) {
      if (isDirectoryName(value)) return [Buffer.from(nameOf(value))];
      const list: readonly (string | number | boolean)[] = [value ?? []].flat();
      return list.filter((each) => each !== '').map((each) => one(attribute, each));
    },

    valueOf({ attributes }, attribute) {
      const name = attribute.toLowerCase();
      const found = attributes.get(name) ?? attributes.get(`${name};binary`) ?? [];
      const texts = found.map((each) => each.toString(isBinary(attribute) ? 'base64' : 'utf8'));
      const [only = null] = texts;
      return texts.length > 1 ? texts.sort((a, b) => (a < b ? -1 : 1)) : only;
    },
  };
}

/** Whether two lists have the same values. */
export function sameBytes(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((value) => b.some((other) => other.equals(value)));
}
