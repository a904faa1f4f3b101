import { cell, filled, indexesOf, indexOf, sheetNames, type Directory } from '../directory.ts';
import { inSheet, keysOf, removeUsers, share, usableColumns, type Accident } from './accident.ts';

/** The groups below a group, itself included. */
function treeOf(directory: Directory, root: string): Set<string> {
  const { groups } = directory.sheets;
  const [key, parent] = [indexOf(groups, 'key'), indexOf(groups, 'parent')];
  const tree = new Set([root]);
  for (let before = 0; before < tree.size;) {
    before = tree.size;
    for (const row of groups.rows) if (tree.has(cell(row, parent))) tree.add(cell(row, key));
  }
  return tree;
}

function removeGroups(directory: Directory, gone: ReadonlySet<string>): void {
  const { groups, memberships } = directory.sheets;
  groups.rows = groups.rows.filter((row) => !gone.has(cell(row, indexOf(groups, 'key'))));
  memberships.rows = memberships.rows.filter((row) => !gone.has(cell(row, indexOf(memberships, 'group'))));
}

/** What happens to many rows. */
export const rowAccidents: Accident[] = [
  ...sheetNames.map((name): Accident => ({
    code: 'blank-file',
    name: `${name} come without rows`,
    make: inSheet(name, (sheet) => {
      sheet.rows = [];
      return true;
    }),
  })),
  ...sheetNames.map((name): Accident => ({
    code: 'file-cut-short',
    name: `the file of ${name} ends early`,
    make: inSheet(name, (sheet, random) => {
      const kept = Math.floor(sheet.rows.length * random.pick([0.3, 0.5, 0.75, 0.9]));
      const lost = sheet.rows.length - kept;
      sheet.rows = sheet.rows.slice(0, kept);
      return lost > 10;
    }),
  })),
  {
    code: 'branch-missing',
    name: 'the people of one unit are missing',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const { users } = changed.sheets;
      const columns = usableColumns(users, 0.8, 4).filter((i) => users.columns[i]?.kind === 'category');
      if (columns.length === 0) return undefined;
      const index = random.pick(columns);
      const unit = cell(random.pick(users.rows), index);
      const gone = users.rows.filter((row) => cell(row, index) === unit).map((row) => cell(row, indexOf(users, 'key')));
      if (unit === '' || gone.length < 11 || gone.length > 0.6 * users.rows.length) return undefined;
      removeUsers(changed, new Set(gone), random.chance(0.6));
      return { directory: changed };
    },
  },
  {
    code: 'branch-missing',
    name: 'a tree of groups is missing',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const trees = keysOf(changed.sheets.groups)
        .map((key) => treeOf(changed, key))
        .filter(({ size }) => size >= 6 && size < 0.6 * changed.sheets.groups.rows.length);
      if (trees.length === 0) return undefined;
      removeGroups(changed, random.pick(trees));
      return { directory: changed };
    },
  },
  {
    code: 'branch-missing',
    name: 'the keys with one beginning are missing',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const keys = keysOf(changed.sheets.users);
      const prefix = /^[A-Za-z]{2}(?=\d)/.exec(random.pick(keys))?.[0];
      const gone = prefix === undefined ? [] : keys.filter((key) => key.startsWith(prefix));
      if (gone.length < 11 || gone.length > 0.6 * keys.length) return undefined;
      removeUsers(changed, new Set(gone), random.chance(0.6));
      return { directory: changed };
    },
  },
  {
    code: 'group-emptied',
    name: 'one group loses all its members',
    make: inSheet('memberships', (sheet, random) => {
      const group = indexOf(sheet, 'group');
      const sizes = new Map<string, number>();
      for (const row of sheet.rows) sizes.set(cell(row, group), (sizes.get(cell(row, group)) ?? 0) + 1);
      const large = [...sizes].filter(([, size]) => size >= 11).map(([name]) => name);
      if (large.length === 0) return false;
      const name = random.pick(large);
      // if it stands at the end, the file is cut short as well
      if (cell(sheet.rows.at(-1) ?? [], group) === name) return false;
      sheet.rows = sheet.rows.filter((row) => cell(row, group) !== name);
      return true;
    }),
  },
  ...[0.35, 0.5, 0.67].map((part): Accident => ({
    code: 'links-lost',
    name: `${String(Math.round(part * 100))} % of the memberships are lost`,
    make: inSheet('memberships', (sheet, random) => {
      const gone = share(random, sheet, part);
      sheet.rows = sheet.rows.filter((row) => !gone.has(row));
      return gone.size >= 12;
    }),
  })),
  {
    code: 'links-lost',
    name: 'the memberships of one role are lost',
    make: inSheet('memberships', (sheet, random) => {
      const columns = indexesOf(sheet, 'category').filter(
        (i) => new Set(sheet.rows.map((row) => cell(row, i))).size > 1,
      );
      if (columns.length === 0 || filled(sheet, columns[0] ?? 0) === 0) return false;
      const index = random.pick(columns);
      const role = cell(random.pick(sheet.rows), index);
      const before = sheet.rows.length;
      sheet.rows = sheet.rows.filter((row) => cell(row, index) !== role);
      return before - sheet.rows.length >= Math.max(12, 0.12 * before) && sheet.rows.length > 0;
    }),
  },
  {
    code: 'links-lost',
    name: 'the members come under other keys, which nobody has',
    make: (directory, random) =>
      directory.membership !== 'links'
        ? undefined
        : inSheet('memberships', (sheet) => {
            const member = indexOf(sheet, 'member');
            for (const row of sheet.rows) row[member] = `x${cell(row, member)}`;
            return true;
          })(directory, random),
  },
  {
    code: 'target-missing',
    name: 'people are missing whose memberships are still there',
    make: (directory, random) => {
      if (directory.membership !== 'links') return undefined;
      const changed = structuredClone(directory);
      const { users, memberships } = changed.sheets;
      const members = new Set(memberships.rows.map((row) => cell(row, indexOf(memberships, 'member'))));
      const candidates = keysOf(users).filter((key) => members.has(key));
      const gone = random.some(candidates, Math.round(random.pick([0.08, 0.15, 0.3]) * candidates.length));
      removeUsers(changed, new Set(gone), false);
      return gone.length >= 8 ? { directory: changed } : undefined;
    },
  },
];
