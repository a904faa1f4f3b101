import { characterFault, isLongerThan, longestKey, type TextFault } from './storable.ts';

/**
 * Keys as text. The text of a key with one part is this part. The text of a key with several parts has each part with
 * `%` and `,` percent-encoded, joined by `,`. Parts and text can be converted both ways without loss, so a text is one
 * key.
 */
export function keyText(parts: readonly string[]): string {
  if (parts.length === 1) return parts[0] ?? '';
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
}

/** The parts of a key text of so many key properties. */
export function keyParts(text: string, count: number): string[] {
  if (count === 1) return [text];
  return text.split(',').map((part) => part.replaceAll('%2C', ',').replaceAll('%25', '%'));
}

/** The form in which a key declared caseInsensitive is compared and stored. */
export function foldKey(part: string): string {
  return part.toLowerCase().normalize('NFC');
}

/**
 * A key as one segment of a URL path: percent-encoded parts joined by `,`. Keys that would be taken for something else
 * have another form: `.` and `..`, which clients resolve, and keys that begin with `~`.
 */
export function keyToPath(parts: readonly string[]): string {
  const segment = parts.map((part) => encodeURIComponent(part)).join(',');
  if (segment !== '.' && segment !== '..' && !segment.startsWith('~')) return segment;
  return `~${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
}

/**
 * Reads a path segment as it is in the URL: percent-encoded parts joined by `,`, or `~` and base64url of the JSON
 * array. @returns undefined if it is neither
 */
export function keyFromPath(segment: string): string[] | undefined {
  try {
    if (segment.startsWith('~')) {
      const parsed: unknown = JSON.parse(Buffer.from(segment.slice(1), 'base64url').toString('utf8'));
      return Array.isArray(parsed) && parsed.every(isKeyText) ? parsed : undefined;
    }
    return segment.split(',').map((part) => decodeURIComponent(part));
  } catch {
    return undefined;
  }
}

/** A text that Postgres can hold; in the other form of a path it is checked with the address. */
const isKeyText = (part: unknown): part is string =>
  typeof part === 'string' && !part.includes('\0') && part.isWellFormed();

// outer white space; no-break and other unusual spaces, zero-width and control characters, soft hyphens, byte order marks
const outer = /^\s|\s$/u;
const invisible =
  /[\p{Cc}\u00a0\u00ad\u1680\u180e\u2000-\u200a\u202f\u205f\u3000\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/u;

export interface KeyFault {
  code: 'key-empty' | 'key-unclean' | TextFault['code'];
  message: string;
}

/**
 * Why a text cannot be a key: it is empty, or it has characters that people do not see and systems compare.
 * The message names characters and positions, never the text.
 */
export function keyFault(text: string): KeyFault | undefined {
  if (text === '') return { code: 'key-empty', message: 'The key is empty.' };
  if (!needsLook.test(text)) return undefined;
  const fault = characterFault(text);
  if (fault) return { code: fault.code, message: `The key ${fault.message}.` };
  if (text.trim() === '')
    return { code: 'key-empty', message: `The key is only white space (${codePoints(text, /\s/u)}).` };
  if (outer.test(text))
    return {
      code: 'key-unclean',
      message: `The key begins or ends with white space (${codePoints(text, /^\s|\s$/u)}).`,
    };
  if (invisible.test(text))
    return { code: 'key-unclean', message: `The key has invisible characters (${codePoints(text, invisible)}).` };
  if (text.normalize('NFC') !== text)
    return {
      code: 'key-unclean',
      message: `The key is not in Unicode normal form NFC (${codePoints(text, /\p{M}/u)}).`,
    };
  return undefined;
}

/** Why a whole key, as text in its stored form, does not fit into an index. */
export function keyTextFault(text: string): KeyFault | undefined {
  if (!isLongerThan(text, longestKey)) return undefined;
  return {
    code: 'field-too-long',
    message: `The key is longer than ${longestKey.toLocaleString('en-US')} bytes, the most that an index can hold.`,
  };
}

/** Almost every key is plain: one test finds the keys that need further tests. */
const needsLook = /[^\x21-\x7e]/;

function codePoints(text: string, which: RegExp): string {
  const found: string[] = [];
  let position = 0;
  const characters = Array.from(text);
  for (const character of characters) {
    position++;
    const edge = position === 1 || position === characters.length;
    const hit = which.source.startsWith('^') ? edge && /\s/u.test(character) : which.test(character);
    if (hit)
      found.push(
        `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} at position ${String(position)}`,
      );
  }
  return found.slice(0, 5).join(', ') || 'the code points of the key show it';
}
