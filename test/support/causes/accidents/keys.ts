import { cell, indexesOf, indexOf, type Directory, type Sheet } from '../directory.ts';
import type { Random } from '../../random.ts';
import { inSheet, type Accident } from './accident.ts';

const rekeyings: Record<string, (key: string, random: Random) => string> = {
  'a prefix is added': (key) => `new-${key}`,
  'a suffix is added': (key) => `${key}@corp`,
  'zeros in front are lost': (key) => key.replace(/(^|\D)0+(?=\d)/, '$1'),
  'upper case': (key) => key.toUpperCase(),
  'other keys': (_key, random) => String(random.between(10_000_000, 99_999_999)),
};

/** Gives a sheet new keys, and where it is said to all that refers to them. */
function rekey(
  directory: Directory,
  name: 'users' | 'groups',
  write: (key: string) => string,
  follow: boolean,
): number {
  const sheet = directory.sheets[name];
  const [key, parent] = [indexOf(sheet, 'key'), indexOf(sheet, 'parent')];
  const keys = new Map(sheet.rows.map((row) => [cell(row, key), write(cell(row, key))]));
  const renamed = (row: string[], index: number) => {
    if (index >= 0) row[index] = keys.get(cell(row, index)) ?? cell(row, index);
  };
  let changed = 0;
  for (const row of sheet.rows) {
    const before = cell(row, key);
    renamed(row, key);
    if (cell(row, key) !== before) changed++;
    renamed(row, parent);
  }
  const end = indexOf(directory.sheets.memberships, name === 'users' ? 'member' : 'group');
  if (follow) for (const row of directory.sheets.memberships.rows) renamed(row, end);
  return changed;
}

const spoilings: Record<string, (key: string, row: string[], key0: number) => void> = {
  'white space around': (key, row, at) => (row[at] = ` ${key} `),
  'no key': (_key, row, at) => (row[at] = ''),
  'a cell too many': (_key, row) => row.push('x'),
};

const addRow = (sheet: Sheet, random: Random, row: string[]) =>
  sheet.rows.splice(random.between(0, sheet.rows.length), 0, row);

/** What happens to keys and to rows as a whole. */
export const keyAccidents: Accident[] = [
  ...Object.entries(rekeyings).map(([name, write]): Accident => ({
    code: 'keys-reissued',
    name: `keys: ${name}`,
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const sheet = random.chance(0.7) ? 'users' : 'groups';
      const n = rekey(changed, sheet, (key) => write(key, random), random.chance(0.6));
      return n > 0.5 * changed.sheets[sheet].rows.length ? { directory: changed } : undefined;
    },
  })),
  {
    code: 'keys-reissued',
    name: 'another column becomes the key',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const { users } = changed.sheets;
      const other = random.pick(indexesOf(users, 'mail', 'unique'));
      const by = new Map(users.rows.map((row) => [cell(row, indexOf(users, 'key')), cell(row, other)]));
      if (new Set(by.values()).size < users.rows.length || by.has('')) return undefined;
      rekey(changed, 'users', (key) => by.get(key) ?? key, random.chance(0.5));
      return { directory: changed };
    },
  },
  {
    code: 'keys-reissued',
    name: 'many groups get other keys',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const some = new Set(
        random
          .some(changed.sheets.groups.rows, Math.ceil(0.25 * changed.sheets.groups.rows.length))
          .map((row) => cell(row, indexOf(changed.sheets.groups, 'key'))),
      );
      rekey(changed, 'groups', (key) => (some.has(key) ? `wg-${key}` : key), true);
      return { directory: changed };
    },
  },
  ...Object.entries(spoilings).map(([name, spoil]): Accident => ({
    code: 'many-rejected',
    name: `rows that cannot be read: ${name}`,
    make: (directory, random) =>
      inSheet(random.chance(0.7) ? 'users' : 'groups', (sheet) => {
        const key = indexOf(sheet, 'key');
        const some = random.some(sheet.rows, Math.ceil(random.pick([0.15, 0.3, 0.6]) * sheet.rows.length));
        for (const row of some) spoil(cell(row, key), row, key);
        return some.length >= 12;
      })(directory, random),
  })),
  {
    code: 'unusual-inserts',
    name: 'test data',
    make: (directory, random) =>
      inSheet('users', (sheet) => {
        const word = random.pick(['test', 'dummy', 'example', 'testuser-', 'demo ']);
        for (let n = 1; n <= random.between(12, 40); n++)
          addRow(
            sheet,
            random,
            sheet.columns.map(({ kind }) => (kind === 'key' ? word + String(n) : kind === 'name' ? random.name() : '')),
          );
        return true;
      })(directory, random),
  },
  {
    code: 'unusual-inserts',
    name: 'rows that are equal but for the key',
    make: (directory, random) =>
      inSheet('users', (sheet) => {
        const key = indexOf(sheet, 'key');
        const [model, start] = [random.pick(sheet.rows), random.between(100_000, 900_000)];
        for (let n = 0; n < random.between(15, 60); n++)
          addRow(
            sheet,
            random,
            model.map((text, i) => (i === key ? `k${String(start + n)}` : i < 4 ? text : text)),
          );
        return true;
      })(directory, random),
  },
  {
    code: 'unusual-inserts',
    name: 'headers and totals of a report',
    make: (directory, random) =>
      inSheet('users', (sheet) => {
        const fill = (text: string) => sheet.columns.map(({ kind }) => (kind === 'key' ? text : ''));
        const unit = () => random.name();
        for (let n = 1; n <= random.between(11, 20); n++)
          addRow(sheet, random, random.chance(0.5) ? fill(`Total ${unit()}`) : fill(`Subtotal ${String(n)}`));
        const header = sheet.columns.map(({ name }) => name);
        if (sheet.columns.every(({ type }) => type === undefined)) addRow(sheet, random, header);
        return true;
      })(directory, random),
  },
];
