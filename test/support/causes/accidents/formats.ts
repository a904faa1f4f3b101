import { cell, indexesOf, type ColumnKind, type Sheet } from '../directory.ts';
import type { Random } from '../../random.ts';
import { inSheet, rewrite, usableColumns, type Accident } from './accident.ts';

/** A column of the users of one kind, rewritten. */
const ofKind =
  (
    kind: ColumnKind,
    write: (random: Random, sheet: Sheet, index: number) => (text: string) => string,
    typed?: boolean,
  ): Accident['make'] =>
  (directory, random) =>
    inSheet('users', (sheet) => {
      const [index] = indexesOf(sheet, kind).filter(
        (i) => typed === undefined || (sheet.columns[i]?.type !== undefined) === typed,
      );
      return index !== undefined && rewrite(sheet, index, write(random, sheet, index)) > 0;
    })(directory, random);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The day that a text means, whatever the directory writes. */
function dayOf(text: string): [number, number, number] {
  const [a = 1, b = 1, c = 1] = text.split(/\D/).map(Number);
  return a > 31 ? [a, b, c] : [c, b, a];
}
const two = (n: number) => String(n).padStart(2, '0');
const dateFormats: ((y: number, m: number, d: number) => string)[] = [
  (y, m, d) => `${String(y)}-${two(m)}-${two(d)}`,
  (y, m, d) => `${two(d)}.${two(m)}.${String(y)}`,
  (y, m, d) => `${two(m)}/${two(d)}/${String(y)}`,
  (y, m, d) => `${String(m)}/${String(d)}/${String(y).slice(2)}`,
  (y, m, d) => `${String(y)}${two(m)}${two(d)}`,
  (y, m, d) => `${two(d)}-${months[m - 1] ?? ''}-${String(y)}`,
  (y, m, d) => `${String(y)}-${two(m)}-${two(d)}T00:00:00Z`,
  (y, m, d) => `${String(y)}-${two(m)}-${two(d)} 00:00:00`,
];

const grouped = (text: string, by: string) => text.replace(/\B(?=(\d{3})+(?!\d))/g, by);
const numberFormats: ((text: string) => string)[] = [
  (text) => text.replace('.', ','),
  (text) => text.replace(/^\d+/, (whole) => grouped(whole, ',')).replace(/^(\d+)\./, '$1.0'.slice(0, 2) + '.'),
  (text) => text.replace('.', ',').replace(/^\d+/, (whole) => grouped(whole, '.')),
  (text) => `${text}0`,
  (text) => `000${text}`,
  (text) => Number(text).toExponential(5).toUpperCase(),
];

const yesNo: [string, string][] = [
  ['true', 'false'],
  ['Y', 'N'],
  ['1', '0'],
  ['yes', 'no'],
  ['TRUE', 'FALSE'],
  ['X', ''],
  ['t', 'f'],
];

const mojibake = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const forms: Record<string, (text: string, random: Random) => string> = {
  'upper case': (text) => text.toUpperCase(),
  'lower case': (text) => text.toLowerCase(),
  'white space behind': (text) => `${text} `,
  'padded to a length': (text) => text.padEnd(40),
  'no-break spaces': (text) => text.replaceAll(' ', '\u00a0'),
  'in quotes': (text) => `'${text}'`,
  'decomposed characters': (text) => text.normalize('NFD'),
  mojibake: (text) => mojibake(text),
  'question marks': (text) => text.replace(/[^\x20-\x7e]/g, '?'),
  'without accents': (text) => text.normalize('NFD').replace(/[^\x20-\x7e]/g, ''),
  'family name first': (text) => text.split(' ').reverse().join(', '),
};

/** Values that say the same in another form. */
export const formatAccidents: Accident[] = [
  {
    code: 'date-format-changed',
    name: 'dates in another format',
    make: (directory, random) =>
      ofKind(
        'date',
        (_random, sheet, index) => {
          const before = cell(sheet.rows[0] ?? [], index);
          const format = random.pick(dateFormats.filter((each) => each(...dayOf(before)) !== before));
          return (text) => format(...dayOf(text));
        },
        false,
      )(directory, random),
  },
  {
    code: 'date-format-changed',
    name: 'day and month of read dates are exchanged',
    make: (directory, random) =>
      ofKind('date', () => (text) => text.replace(/(\d\d)(\D)(\d\d)(?!\d)/, '$3$2$1'), true)(directory, random),
  },
  {
    code: 'number-format-changed',
    name: 'numbers in another format',
    make: (directory, random) => ofKind('number', () => random.pick(numberFormats))(directory, random),
  },
  {
    code: 'number-format-changed',
    name: 'a number that is read comes with a decimal comma',
    make: (directory, random) => {
      const index = directory.sheets.users.columns.findIndex(({ kind }) => kind === 'number');
      if (index < 0 || directory.sheets.users.columns[index]?.type !== 'decimal') return undefined;
      return ofKind('number', () => (text) => text.replace('.', ','))(directory, random);
    },
  },
  {
    code: 'boolean-format-changed',
    name: 'yes and no with other words',
    make: (directory, random) =>
      inSheet(random.pick(['users', 'groups']), (sheet) => {
        const [index] = indexesOf(sheet, 'boolean');
        if (index === undefined) return false;
        const values = new Set(sheet.rows.map((row) => cell(row, index)));
        const yes = yesNo.find((pair) => pair.some((word) => word !== '' && values.has(word)))?.[0] ?? '';
        const [newYes, newNo] = random.pick(yesNo.filter(([word]) => word.toLowerCase() !== yes.toLowerCase()));
        // where nothing says yes and no is written as nothing, the column is blank: nobody can tell
        if (newNo === '' && !values.has(yes)) return false;
        return rewrite(sheet, index, (text) => (text === yes ? newYes : newNo)) > 0;
      })(directory, random),
  },
  ...Object.entries(forms).map(([name, write]): Accident => ({
    code: 'text-form-changed',
    name: `texts: ${name}`,
    make: (directory, random) =>
      inSheet(random.pick(['users', 'users', 'groups']), (sheet) => {
        const usable = usableColumns(sheet, 0.5, 8).filter((i) =>
          ['name', 'text', 'category', 'unique'].includes(sheet.columns[i]?.kind ?? ''),
        );
        const index = usable.length === 0 ? undefined : random.pick(usable);
        return index !== undefined && rewrite(sheet, index, (text) => write(text, random)) > 10;
      })(directory, random),
  })),
];
