/** What a number format makes of a number. */
export type NumberFormat =
  | { kind: 'number' }
  | { kind: 'date' | 'dateTime' | 'time' }
  /** Hours beyond 24. */
  | { kind: 'duration' }
  /** Leading zeros. */
  | { kind: 'digits'; count: number };

const number: NumberFormat = { kind: 'number' };

/** @param code as the workbook writes it: `yyyy\-mm\-dd`, `[h]:mm`, `00000` */
export function readFormat(code: string): NumberFormat {
  const first = sectionOf(code);
  // office programs write the language of the format first
  const [zeros] = /^0+$/.exec(first.replace(/^\[\$-[^\]]*\]/, '')) ?? [];
  if (zeros !== undefined) return { kind: 'digits', count: zeros.length };
  if (/\[(h+|m+|s+)\]/i.test(first)) return { kind: 'duration' };
  // colours, currencies and conditions
  const letters = first.replace(/\[[^\]]*\]/g, '').toLowerCase();
  if (/general/.test(letters)) return number;
  const plain = letters.replace(/am\/pm|a\/p/g, 'h');
  // a letter of a number format is one of these, or it is a date
  const hasTime = /[hs]/.test(plain);
  const hasDate =
    /[dy]/.test(plain) || (/m/.test(plain) && !hasTime) || /[eg]{1,2}(?![+-])/.test(plain.replace(/e[+-]/g, ''));
  if (hasDate) return { kind: hasTime ? 'dateTime' : 'date' };
  return hasTime ? { kind: 'time' } : number;
}

/** The format of positive numbers, without texts in quotes and characters that are shown as they are. */
function sectionOf(code: string): string {
  let found = '';
  for (let i = 0; i < code.length; i++) {
    const character = code[i] ?? '';
    if (character === ';') break;
    if (character === '"') {
      const end = code.indexOf('"', i + 1);
      i = end < 0 ? code.length : end;
    } else if (character === '\\' || character === '_' || character === '*') i++;
    else if (character === '[') {
      const end = code.indexOf(']', i);
      found += code.slice(i, end < 0 ? code.length : end + 1);
      i = end < 0 ? code.length : end;
    } else found += character;
  }
  return found;
}

const builtIn = new Map<number, NumberFormat>();
for (const id of [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])
  builtIn.set(id, { kind: 'date' });
for (const id of [18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56]) builtIn.set(id, { kind: 'time' });
builtIn.set(22, { kind: 'dateTime' });
builtIn.set(46, { kind: 'duration' });

/** Formats that have a number only. */
export const builtInFormat = (id: number): NumberFormat => builtIn.get(id) ?? number;

/** @returns undefined for a number that is no date */
export function showNumber(text: string, format: NumberFormat, from1904: boolean): string | undefined {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return undefined;
  switch (format.kind) {
    case 'number':
      return plainNumber(value);
    case 'digits':
      return Number.isInteger(value) && value >= 0
        ? plainNumber(value).padStart(format.count, '0')
        : plainNumber(value);
    case 'duration': {
      const seconds = Math.round(value * 86_400);
      if (seconds < 0) return undefined;
      return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
    }
    case 'time':
      return timeOf(((Math.round(value * 86_400) % 86_400) + 86_400) % 86_400);
    case 'date':
      return dateOf(Math.floor(value), from1904);
    case 'dateTime': {
      const seconds = Math.round(value * 86_400);
      const date = dateOf(Math.floor(seconds / 86_400), from1904);
      return date === undefined ? undefined : `${date}T${timeOf(seconds - Math.floor(seconds / 86_400) * 86_400)}`;
    }
  }
}

const pad = (value: number) => String(value).padStart(2, '0');
const timeOf = (seconds: number) =>
  `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
const lastDay = 2_958_465;

/** Day 60 of the older calendar is the 29th of February 1900, which did not exist. */
function dateOf(day: number, from1904: boolean): string | undefined {
  if (day < 0 || day > lastDay || (!from1904 && day === 0)) return undefined;
  if (!from1904 && day === 60) return '1900-02-29';
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30);
  return new Date(epoch + day * 86_400_000).toISOString().slice(0, 10);
}

/** Fifteen digits, which is what a spreadsheet keeps, and no exponent. */
export function plainNumber(value: number): string {
  if (value === 0) return '0';
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential(14).split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  const point = Number(exponent) + 1;
  const sign = value < 0 ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits.padEnd(point, '0')}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
