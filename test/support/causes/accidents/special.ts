import { cell, indexesOf, type ConnectorBody, type Directory } from '../directory.ts';
import type { Random } from '../../random.ts';
import { removeUsers, keysOf, usableColumns, type Accident } from './accident.ts';

const typeOf = (body: ConnectorBody, end: string) => body.entityTypes.find(({ name }) => name.endsWith(end));

/** A column that the connector file reads as a property of users. */
function property(directory: Directory, random: Random, fewestValues = 2): string | undefined {
  const { users } = directory.sheets;
  const usable = usableColumns(users, 0.5, fewestValues).filter((i) => users.columns[i]?.type === undefined);
  return usable.length === 0 ? undefined : users.columns[random.pick(usable)]?.name;
}

/** What somebody changed in the connector file, and what was put right again. */
export const specialAccidents: Accident[] = [
  {
    code: 'configuration-changed',
    name: 'a property reads another column',
    make: (directory, random) => {
      const [of, from] = [property(directory, random), property(directory, random)];
      if (of === undefined || from === undefined || of === from) return undefined;
      return {
        directory,
        configure(body) {
          const found = typeOf(body, '_User')?.properties[of];
          if (found) found.column = from;
        },
      };
    },
  },
  {
    code: 'configuration-changed',
    name: 'an expression is put in place of a column',
    make: (directory, random) => {
      const of = property(directory, random);
      if (of === undefined) return undefined;
      return {
        directory,
        configure(body) {
          const type = typeOf(body, '_User');
          if (type) type.properties[of] = { expression: `row['${of}'] + ' (' + row['${of}'] + ')'` };
        },
      };
    },
  },
  {
    code: 'configuration-changed',
    name: 'a condition leaves rows out',
    make: (directory, random) => {
      const { users } = directory.sheets;
      const columns = indexesOf(users, 'category');
      const index = columns.length === 0 ? undefined : random.pick(columns);
      if (index === undefined) return undefined;
      const value = cell(random.pick(users.rows), index);
      const out = users.rows.filter((row) => cell(row, index) === value).length;
      if (value === '' || out < 11 || out > 0.8 * users.rows.length) return undefined;
      return {
        directory,
        configure(body) {
          const type = typeOf(body, '_User');
          if (type) type.source.where = `row['${users.columns[index]?.name ?? ''}'] != '${value}'`;
        },
      };
    },
  },
  {
    code: 'configuration-changed',
    name: 'another column is the key',
    make: (directory, random) => {
      const { users } = directory.sheets;
      const unique = indexesOf(users, 'mail', 'unique').filter(
        (i) =>
          new Set(users.rows.map((row) => cell(row, i))).size === users.rows.length &&
          users.rows.every((row) => cell(row, i) !== ''),
      );
      const index = unique.length === 0 ? undefined : random.pick(unique);
      const name = index === undefined ? undefined : users.columns[index]?.name;
      if (name === undefined) return undefined;
      return {
        directory,
        configure(body) {
          const type = typeOf(body, '_User');
          if (type) type.key = [name];
        },
      };
    },
  },
  {
    code: 'restored',
    name: 'people that were missing come back',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const keys = keysOf(changed.sheets.users);
      removeUsers(
        changed,
        new Set(random.some(keys, Math.round(random.pick([0.1, 0.3]) * keys.length))),
        random.chance(0.5),
      );
      return { directory: changed, thenRestored: true };
    },
  },
  {
    code: 'restored',
    name: 'a column that had one value has its values back',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const usable = usableColumns(changed.sheets.users, 0.5, 3).filter(
        (i) => changed.sheets.users.columns[i]?.type === undefined,
      );
      if (usable.length === 0) return undefined;
      const index = random.pick(usable);
      for (const row of changed.sheets.users.rows) row[index] = 'x';
      return { directory: changed, thenRestored: true };
    },
  },
  {
    code: 'restored',
    name: 'memberships that were lost come back',
    make: (directory, random) => {
      const changed = structuredClone(directory);
      const { memberships } = changed.sheets;
      memberships.rows = random.some(memberships.rows, Math.round(0.6 * memberships.rows.length));
      return { directory: changed, thenRestored: true };
    },
  },
];
