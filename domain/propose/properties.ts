import type { Column, Table } from './discovered.ts';
import { plain, propertyName, unused } from './names.ts';

/** Names that columns of keys and of labels often have, the most telling first. */
const keyNames = ['id', 'uid', 'guid', 'key', 'objectid', 'employeeid', 'login', 'username', 'email', 'mail', 'dn'];
const labelNames = ['displayname', 'name', 'fullname', 'title', 'cn', 'label', 'mail', 'email', 'login'];

export interface Key {
  columns: string[];
  reason: string;
}

/** The key of a table: what stays when a row is renamed, else what the source calls the key, else what is named like one. */
export function keyOf(table: Table, singular: string): Key {
  const has = (column: string) => table.columns.some(({ name }) => name === column);
  if (table.identity !== undefined && has(table.identity))
    return {
      columns: [table.identity],
      reason: `The source keeps ${table.identity} when a row is renamed or moved, so it is key and identity.`,
    };
  if (table.key?.length !== undefined && table.key.length > 0 && table.key.length <= 10 && table.key.every(has))
    return {
      columns: table.key,
      reason: `The source says that ${table.key.join(' and ')} tells its rows apart. Check that a value is never given to somebody else.`,
    };
  const found = named(table.columns, [`${plain(singular)}id`, ...keyNames], false);
  return found
    ? {
        columns: [found],
        reason: `The column ${found} is named like a key. Check that it is filled, unique, and never given to somebody else.`,
      }
    : {
        columns: [(table.columns.find(({ multiValued }) => multiValued !== true) ?? table.columns[0])?.name ?? ''],
        reason: 'No column is named like a key, so this is the first one. Choose the one that names a row for ever.',
      };
}

export const labelOf = ({ columns }: Table, singular: string): string | undefined =>
  named(columns, [`${plain(singular)}name`, ...labelNames], true);

function named(columns: readonly Column[], wanted: readonly string[], several: boolean): string | undefined {
  for (const name of wanted) {
    const found = columns.find(
      (column) => plain(column.name) === name && column.type !== 'binary' && (several || column.multiValued !== true),
    );
    if (found) return found.name;
  }
  return undefined;
}

/** Formats of identifiers that sources write as bytes, or in other forms, by names in small letters. */
const formats: Readonly<Record<string, string>> = {
  objectguid: 'guid',
  entryuuid: 'uuid',
  objectsid: 'sid',
  dn: 'dn',
  parentdn: 'dn',
};

/**
 * A property for each column, by the column's name. Values stay texts, as the source writes them; only what cannot be one has a type.
 * @param single columns of which a row has one value, whatever the source allows
 */
export function propertiesOf(
  columns: readonly Column[],
  { structured, single, label }: { structured: boolean; single: readonly string[]; label: string | undefined },
): Map<string, { name: string; property: Record<string, unknown> }> {
  const used = new Set<string>();
  return new Map(
    columns.map(({ name: column, type, multiValued = false }) => {
      const format = structured ? formats[column.toLowerCase()] : undefined;
      const typed = type === 'boolean' || (type === 'binary' && format === undefined) ? { type } : {};
      const list =
        !multiValued || single.includes(column) ? {} : column === label ? { pick: 'first' } : { multiValued: true };
      const property = { column, ...(structured ? typed : {}), ...(format === undefined ? {} : { format }), ...list };
      return [column, { name: unused(propertyName(column), used), property }];
    }),
  );
}
