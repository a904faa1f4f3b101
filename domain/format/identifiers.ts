import { isBase64 } from './binary.ts';
import { FormatError } from './value.ts';

/** With or without braces and hyphens, or as directories export it: 16 bytes in base64. */
export function guid(text: string): string {
  const plain = text.replace(/^\{(.*)\}$/, '$1').toLowerCase();
  if (isGuid(plain)) return plain;
  if (/^[0-9a-f]{32}$/.test(plain)) return plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 16 || !isBase64(text)) throw new FormatError('is not a GUID');
  // the first three groups are in little-endian order (MS-DTYP 2.3.4.2)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const pick = (...at: number[]) => at.map((i) => hex[i]).join('');
  return [pick(3, 2, 1, 0), pick(5, 4), pick(7, 6), pick(8, 9), pick(10, 11, 12, 13, 14, 15)].join('-');
}

export const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const highestAuthority = 2n ** 48n - 1n;
const highestSubAuthority = 2n ** 32n - 1n;

/**
 * MS-DTYP 2.4.2: as text, or the binary form in base64. Numbers have one form: decimal, without zeros before them. An
 * authority beyond 32 bits is hexadecimal in the text form.
 */
export function sid(text: string): string {
  const found = /^S-1-(\d{1,15}|0x[0-9a-f]{1,12})((?:-\d{1,12}){0,15})$/i.exec(text);
  if (found) {
    const authority = BigInt(found[1] ?? '');
    const parts = (found[2] ?? '').split('-').slice(1).map(BigInt);
    if (authority > highestAuthority || parts.some((part) => part > highestSubAuthority))
      throw new FormatError('is not a SID: a number in it is too large');
    return ['S-1', authority, ...parts].map(String).join('-');
  }
  const bytes = Buffer.from(text, 'base64');
  const count = bytes[1] ?? 0;
  if (!isBase64(text) || bytes[0] !== 1 || count > 15 || bytes.length !== 8 + 4 * count)
    throw new FormatError('is not a SID');
  const parts = Array.from({ length: count }, (_, i) => String(bytes.readUInt32LE(8 + 4 * i)));
  return ['S-1', String(bytes.readUIntBE(2, 6)), ...parts].join('-');
}

export const isSid = (text: string): boolean => /^S-1-\d{1,15}(-\d{1,10}){0,15}$/.test(text);
