/** A value is cut after so many characters; the rest comes on demand. */
export const tooLong = 200;

/** A value as text. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

interface Part {
  text: string;
  mark: boolean;
  /** Where two values are compared: whether the other one has something else here. */
  differs: boolean;
  name?: string;
}

const names: Record<string, string> = {
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u202e': 'right-to-left override',
  '\ufeff': 'byte order mark',
  '\t': 'tab',
  '\n': 'new line',
};
const invisible = /[\p{Cc}\p{Cf}\u00a0\u2028\u2029]/u;

/** A part of a text: from its first character to the one after its last. */
export type Stretch = readonly [from: number, to: number];

const none: Stretch = [0, 0];
const lowSurrogate = /[\uDC00-\uDFFF]/;

/**
 * What differs between two texts: all between the beginning and the end that they have in common.
 * @returns undefined where they have neither in common, or are too long to be shown whole
 */
export function differing(before: string, after: string): { before: Stretch; after: Stretch } | undefined {
  const shorter = Math.min(before.length, after.length);
  if (before === after || Math.max(before.length, after.length) > tooLong) return undefined;
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  // not in the middle of a character
  if (lowSurrogate.test(before[start] ?? '') || lowSurrogate.test(after[start] ?? '')) start--;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  if (end > 0 && lowSurrogate.test(before.at(-end) ?? '')) end--;
  if (start <= 0 && end === 0) return undefined;
  return { before: [start, before.length - end], after: [start, after.length - end] };
}

/** Splits a text at characters that nobody sees, and gives them a mark; and where a stretch that differs begins and ends. */
export function marked(text: string, [from, to]: Stretch = none): Part[] {
  const parts: Part[] = [];
  let plain = '';
  let differs = false;
  let at = 0;
  const flush = () => {
    if (plain !== '') parts.push({ text: plain, mark: false, differs });
    plain = '';
  };
  for (const character of text) {
    const inside = at >= from && at < to;
    at += character.length;
    if (inside !== differs) flush();
    differs = inside;
    if (!invisible.test(character)) {
      plain += character;
      continue;
    }
    flush();
    const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    parts.push({ text: code, mark: true, differs, name: names[character] ?? code });
  }
  flush();
  const scripts = ['Latin', 'Cyrillic', 'Greek'].filter((script) =>
    new RegExp(`\\p{Script=${script}}`, 'u').test(text),
  );
  if (scripts.length > 1)
    parts.push({ text: scripts.join(' + '), mark: true, differs: false, name: 'letters of several scripts' });
  return parts;
}
