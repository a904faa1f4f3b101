import { bytesOfText } from './bytes.ts';
import { FormatError } from './value.ts';

/**
 * Identifiers of 16 bytes. Of a GUID, the first three groups are numbers with the lowest byte first (MS-DTYP 2.3.4.2), so
 * its text and its bytes have another order. The bytes of a UUID have the order of its text (RFC 9562).
 */
export function guid(text: string): string {
  return textForm(text) ?? guidOfBytes(bytesOfText(text) ?? none);
}

export function uuid(text: string): string {
  return textForm(text.replace(/^urn:uuid:/i, '')) ?? uuidOfBytes(bytesOfText(text) ?? none);
}

function guidOfBytes(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new FormatError('is not a GUID');
  const swapped = Buffer.from(bytes);
  swapped.subarray(0, 4).reverse();
  swapped.subarray(4, 6).reverse();
  swapped.subarray(6, 8).reverse();
  return hyphenated(swapped.toString('hex'));
}

function uuidOfBytes(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new FormatError('is not a UUID');
  return hyphenated(Buffer.from(bytes).toString('hex'));
}

const none = new Uint8Array();

/** The text form, with or without braces and hyphens. */
function textForm(text: string): string | undefined {
  const plain = text.replace(/^\{(.*)\}$/, '$1').toLowerCase();
  if (isGuid(plain)) return plain;
  return /^[0-9a-f]{32}$/.test(plain) ? hyphenated(plain) : undefined;
}

const hyphenated = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const highestAuthority = 2n ** 48n - 1n;
const highestSubAuthority = 2n ** 32n - 1n;

/**
 * MS-DTYP 2.4.2: as text, or the bytes. Numbers have one form: decimal, without zeros before them. An authority beyond 32
 * bits is hexadecimal in the text form.
 */
export function sid(text: string): string {
  const found = /^S-1-(\d{1,15}|0x[0-9a-f]{1,12})((?:-\d{1,12}){0,15})$/i.exec(text);
  if (!found) return sidOfBytes(bytesOfSid(text));
  const authority = BigInt(found[1] ?? '');
  const parts = (found[2] ?? '').split('-').slice(1).map(BigInt);
  if (authority > highestAuthority || parts.some((part) => part > highestSubAuthority))
    throw new FormatError('is not a SID: a number in it is too large');
  return ['S-1', authority, ...parts].map(String).join('-');
}

/** Hexadecimal needs no mark here: the bytes of a SID begin with 1, which no base64 text that begins with 01 stands for. */
const bytesOfSid = (text: string): Uint8Array =>
  /^01(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : (bytesOfText(text) ?? none);

function sidOfBytes(bytes: Uint8Array): string {
  const count = bytes[1] ?? 0;
  if (bytes[0] !== 1 || count > 15 || bytes.length !== 8 + 4 * count) throw new FormatError('is not a SID');
  const buffer = Buffer.from(bytes);
  const parts = Array.from({ length: count }, (_, i) => String(buffer.readUInt32LE(8 + 4 * i)));
  return ['S-1', String(buffer.readUIntBE(2, 6)), ...parts].join('-');
}

export const isSid = (text: string): boolean => /^S-1-\d{1,15}(-\d{1,10}){0,15}$/.test(text);
