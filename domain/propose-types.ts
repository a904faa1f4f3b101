import { toPointer } from './fault.ts';

interface Table {
  table: string;
  columns: { name: string; type: string; multiValued?: boolean | undefined }[];
}

interface Proposal {
  entityTypes: Record<string, unknown>[];
  guesses: { pointer: string; reason: string }[];
}

/** Names that columns of keys and of labels often have, the most telling first. */
const keyNames = ['id', 'uid', 'guid', 'key', 'objectid', 'employeeid', 'login', 'username', 'email', 'mail', 'dn'];
const labelNames = ['displayname', 'name', 'fullname', 'title', 'cn', 'label', 'mail', 'email', 'login'];

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
/** `user_id` as `userId`; a name that begins with no letter gets one. */
function propertyName(column: string): string {
  const words = column.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const name = words
    .map((word, i) => (i === 0 ? word.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (c) => c.toLowerCase()) : capital(word)))
    .join('');
  return /^[A-Za-z]/.test(name) ? name : `p${name}`;
}
const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/**
 * Entity types for tables: a type a table, with a key, a label and a property a column. All of it is guessed by names, and
 * each guess says why: a person reads the file before it is used.
 */
export function proposeTypes(connector: string, tables: readonly Table[]): Proposal {
  const guesses: Proposal['guesses'] = [];
  const prefix = connector
    .split(/[^A-Za-z0-9]+/)
    .map(capital)
    .join('');
  const taken = new Set<string>();
  const entityTypes = tables
    .filter(({ columns }) => columns.length > 0)
    .map(({ table, columns }, place) => {
      const base = propertyName((table.split(/[\\/]/).at(-1) ?? table).replace(/\.[A-Za-z0-9]+$/, ''));
      const name = unused(`${prefix}_${capital(base.replace(/ies$/, 'y').replace(/(?<!s)s$/, ''))}`, taken);
      const at = (...path: string[]) => toPointer(['entityTypes', String(place), ...path]);
      const singular = plain(base).replace(/s$/, '');
      const key = bestOf(columns, [`${singular}id`, ...keyNames]);
      guesses.push({
        pointer: at('key'),
        reason: key.named
          ? `The column ${key.column} is named like a key. Check that it is filled, unique, and never given to somebody else.`
          : `No column is named like a key, so this is the first one. Choose the one that names a row for ever.`,
      });
      const properties: Record<string, unknown> = {};
      const names = new Map<string, string>();
      const used = new Set<string>();
      for (const { name: column, multiValued } of columns) {
        const property = unused(propertyName(column), used);
        names.set(column, property);
        properties[property] = { column, ...(multiValued === true ? { multiValued: true } : {}) };
      }
      const label = bestOf(columns, [`${singular}name`, ...labelNames]);
      if (label.named)
        guesses.push({
          pointer: at('label'),
          reason: `The column ${label.column} is named like what people call a row.`,
        });
      return {
        name,
        source: { connection: 'source', table },
        key: [names.get(key.column) ?? ''],
        ...(label.named ? { label: names.get(label.column) } : {}),
        properties,
      };
    });
  return { entityTypes, guesses };
}

function bestOf(columns: Table['columns'], wanted: readonly string[]): { column: string; named: boolean } {
  for (const name of wanted) {
    const found = columns.find((column) => plain(column.name) === name && column.multiValued !== true);
    if (found) return { column: found.name, named: true };
  }
  return { column: columns[0]?.name ?? '', named: false };
}

function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}${String(n)}`;
  taken.add(free);
  return free;
}
