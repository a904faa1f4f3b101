import { cell, indexesOf, type Sheet } from '../directory.ts';
import type { Random } from '../../random.ts';
import { inSheet, pickSheet, rewrite, usableColumns, type Accident } from './accident.ts';

const anySheet =
  (change: (sheet: Sheet, random: Random) => boolean): Accident['make'] =>
  (directory, random) =>
    inSheet(pickSheet(random), change)(directory, random);

const pickColumn = (random: Random, indexes: readonly number[]) =>
  indexes.length === 0 ? undefined : random.pick(indexes);

const swapNames = ({ columns }: Sheet, p: number, q: number) => {
  const [a, b] = [columns[p], columns[q]];
  if (a && b)
    [columns[p], columns[q]] = [
      { ...a, name: b.name },
      { ...b, name: a.name },
    ];
};

const everyday = (random: Random) => random.name();

/** What happens to whole columns. */
export const columnAccidents: Accident[] = [
  {
    code: 'blank-column',
    name: 'a column comes without its values',
    make: anySheet((sheet, random) => {
      const index = pickColumn(random, usableColumns(sheet));
      return index !== undefined && rewrite(sheet, index, () => '') > 0;
    }),
  },
  {
    code: 'blank-column',
    name: 'a sparse column comes without its values',
    make: anySheet((sheet, random) => {
      const index = pickColumn(random, usableColumns(sheet, 0.1));
      return index !== undefined && rewrite(sheet, index, () => '') > 10;
    }),
  },
  {
    code: 'swapped-headers',
    name: 'two headers are swapped',
    make: anySheet((sheet, random) => {
      const usable = usableColumns(sheet).filter((i) => (sheet.columns[i]?.type ?? 'string') === 'string');
      const [p, q] = random.some(usable, 2);
      if (p === undefined || q === undefined) return false;
      swapNames(sheet, p, q);
      return sheet.rows.filter((row) => cell(row, p) !== cell(row, q)).length > 0.6 * sheet.rows.length;
    }),
  },
  {
    code: 'swapped-headers',
    name: 'the header of the key is swapped with another',
    make: inSheet('users', (sheet, random) => {
      const [key = -1] = indexesOf(sheet, 'key');
      const other = pickColumn(
        random,
        indexesOf(sheet, 'mail', 'unique').filter(
          (i) => new Set(sheet.rows.map((row) => cell(row, i))).size === sheet.rows.length,
        ),
      );
      if (other === undefined) return false;
      swapNames(sheet, key, other);
      return true;
    }),
  },
  {
    code: 'swapped-headers',
    name: 'three headers went round',
    make: inSheet('users', (sheet, random) => {
      const usable = usableColumns(sheet, 0.6, 10).filter((i) => (sheet.columns[i]?.type ?? 'string') === 'string');
      const [p, q, r] = random.some(usable, 3);
      if (p === undefined || q === undefined || r === undefined) return false;
      swapNames(sheet, p, q);
      swapNames(sheet, q, r);
      return true;
    }),
  },
  {
    code: 'property-changed-everywhere',
    name: 'a column gets other values in most rows',
    make: anySheet((sheet, random) => {
      const index = pickColumn(
        random,
        usableColumns(sheet, 0.8).filter((i) => (sheet.columns[i]?.type ?? 'string') === 'string'),
      );
      if (index === undefined || sheet.columns[index]?.kind === 'boolean') return false;
      const part = random.pick([0.67, 0.8, 0.9, 1]);
      return (
        rewrite(sheet, index, (text) => (random.chance(part) ? `${everyday(random)} ${everyday(random)}` : text)) > 0
      );
    }),
  },
  {
    code: 'property-changed-everywhere',
    name: 'the mail domain changes',
    make: inSheet('users', (sheet, random) => {
      const index = pickColumn(random, indexesOf(sheet, 'mail'));
      const domain = `${random.word()}.example`;
      return (
        index !== undefined &&
        rewrite(sheet, index, (text) => `${text.split('@')[0] ?? ''}@${domain}`) > 0.6 * sheet.rows.length
      );
    }),
  },
  {
    code: 'property-changed-everywhere',
    name: 'a text is put behind each value',
    make: anySheet((sheet, random) => {
      const index = pickColumn(
        random,
        usableColumns(sheet, 0.8, 20).filter((i) => ['name', 'text', 'unique'].includes(sheet.columns[i]?.kind ?? '')),
      );
      const more = ` (${random.word()})`;
      return index !== undefined && rewrite(sheet, index, (text) => text + more) > 0;
    }),
  },
  {
    code: 'property-changed-everywhere',
    name: 'many groups are renamed at once',
    make: inSheet('groups', (sheet, random) => {
      const [name = -1] = indexesOf(sheet, 'name');
      const some = random.some(sheet.rows, Math.max(11, Math.round(random.pick([0.15, 0.3]) * sheet.rows.length)));
      for (const row of some) row[name] = `${everyday(random)} ${everyday(random)}`;
      return true;
    }),
  },
  {
    code: 'property-set-to-one-value',
    name: 'a column gets a default value everywhere',
    make: anySheet((sheet, random) => {
      const index = pickColumn(
        random,
        usableColumns(sheet, 0.6).filter((i) => (sheet.columns[i]?.type ?? 'string') === 'string'),
      );
      if (index === undefined) return false;
      const value = random.pick(['default', 'unknown', 'HQ', random.word()]);
      for (const row of sheet.rows) row[index] = value;
      return true;
    }),
  },
  {
    code: 'property-set-to-one-value',
    name: 'everything gets a value that some had already',
    make: inSheet('users', (sheet, random) => {
      const index = pickColumn(
        random,
        usableColumns(sheet, 0.8, 3).filter((i) => sheet.columns[i]?.kind === 'category'),
      );
      if (index === undefined) return false;
      const value = cell(random.pick(sheet.rows), index);
      const others = sheet.rows.filter((row) => cell(row, index) !== value).length;
      for (const row of sheet.rows) row[index] = value;
      return others >= 0.25 * sheet.rows.length;
    }),
  },
  {
    code: 'column-copied',
    name: 'a column gets the values of another',
    make: anySheet((sheet, random) => {
      const strings = (i: number) => (sheet.columns[i]?.type ?? 'string') === 'string';
      const from = pickColumn(random, usableColumns(sheet, 0.8, 8).filter(strings));
      const to = pickColumn(
        random,
        usableColumns(sheet, 0.5).filter((i) => strings(i) && i !== from),
      );
      if (from === undefined || to === undefined) return false;
      const differ = sheet.rows.filter((row) => cell(row, to) !== cell(row, from)).length;
      for (const row of sheet.rows) row[to] = cell(row, from);
      return differ > 0.5 * sheet.rows.length;
    }),
  },
  {
    code: 'column-copied',
    name: 'a column gets the key',
    make: anySheet((sheet, random) => {
      const [from = -1] = indexesOf(sheet, 'key');
      const to = pickColumn(
        random,
        usableColumns(sheet, 0.5).filter((i) => (sheet.columns[i]?.type ?? 'string') === 'string'),
      );
      if (to === undefined) return false;
      const differ = sheet.rows.filter((row) => cell(row, to) !== cell(row, from)).length;
      for (const row of sheet.rows) row[to] = cell(row, from);
      return differ > 0.5 * sheet.rows.length;
    }),
  },
];
