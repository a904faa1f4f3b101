import type { RowCode } from './codes.ts';

/**
 * What Postgres can hold of a row. A value beyond that is a fault of the row, never of the sync: UTF-8 has no half of a
 * surrogate pair and no text of Postgres a NUL; a key is in indexes, whose entries have at most 2,704 bytes; a JSON
 * document has at most 256 MiB.
 */

/** Bytes of a value in UTF-8. */
export const longestText = 1 << 20;
/**
 * Bytes of a key's text in UTF-8. An index entry has the key, the number of its type, and the number of a sync or
 * resource.
 */
export const longestKey = 2_600;
/** Characters of the JSON of a row's attributes, of at most three bytes each. */
export const longestRow = 64 << 20;

export interface TextFault {
  code: Extract<RowCode, 'invalid-character' | 'field-too-long'>;
  /** The text that follows the name of the property or key with the fault, without a full stop. */
  message: string;
}

/** Code units that are half of a pair only: with the flag u, a whole pair is one character. */
const unstorable = /[\0\ud800-\udfff]/u;

/** What is wrong with the characters of a text. */
export function characterFault(text: string): TextFault | undefined {
  if (!unstorable.test(text)) return undefined;
  return {
    code: 'invalid-character',
    message: 'has a NUL or half of a surrogate pair, which Postgres cannot store',
  };
}

/** @param bytes of UTF-8, of which a code unit has at most three */
export function isLongerThan(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && (text.length > bytes || Buffer.byteLength(text) > bytes);
}

const longestMessage = 1_000;

/** A message with text from other code, in a form that Postgres can store. */
export function storableMessage(text: string): string {
  const clean = text.toWellFormed().replace(/\p{Cc}/gu, '\ufffd');
  return clean.length > longestMessage ? `${clean.slice(0, longestMessage).toWellFormed()}…` : clean;
}
