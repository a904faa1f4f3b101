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

/** Splits a text at characters that nobody sees, and gives them a mark. */
export function marked(text: string): Part[] {
  const parts: Part[] = [];
  let plain = '';
  for (const character of text) {
    if (!invisible.test(character)) {
      plain += character;
      continue;
    }
    if (plain !== '') parts.push({ text: plain, mark: false });
    plain = '';
    const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    parts.push({ text: code, mark: true, name: names[character] ?? code });
  }
  if (plain !== '') parts.push({ text: plain, mark: false });
  const scripts = ['Latin', 'Cyrillic', 'Greek'].filter((script) =>
    new RegExp(`\\p{Script=${script}}`, 'u').test(text),
  );
  if (scripts.length > 1) parts.push({ text: scripts.join(' + '), mark: true, name: 'letters of several scripts' });
  return parts;
}
