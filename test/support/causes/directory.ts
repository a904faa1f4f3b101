import type { PropertyFile } from '../../../domain/connector-file.ts';

/** What a column holds, so that accidents can be made of any directory. */
export type ColumnKind =
  | 'key'
  | 'name'
  | 'mail'
  /** Different for nearly everybody. */
  | 'unique'
  | 'text'
  | 'date'
  | 'number'
  | 'boolean'
  /** Few different values. */
  | 'category'
  /** Key of a row of the same sheet. */
  | 'parent'
  /** Keys of the ends of a membership. */
  | 'group'
  | 'member'
  /** Not read by the connector. */
  | 'unread';

export interface Column {
  name: string;
  kind: ColumnKind;
  type?: PropertyFile['type'];
  format?: string;
}

export interface Sheet {
  columns: Column[];
  rows: string[][];
}

export type SheetName = 'users' | 'groups' | 'memberships';
export const sheetNames: readonly SheetName[] = ['users', 'groups', 'memberships'];

/** The files of a directory, and how a connector reads them. */
export interface Directory {
  name: string;
  sheets: Record<SheetName, Sheet>;
  /** Memberships are links of groups, or resources with a key of several columns. */
  membership: 'links' | 'resources';
  /** The parent of a row is a link, or plain text. */
  parents: 'links' | 'text';
  labels: boolean;
}

/** A copy that may be changed. */
export const copyOf = (directory: Directory): Directory => structuredClone(directory);

export const indexOf = (sheet: Sheet, kind: ColumnKind): number =>
  sheet.columns.findIndex((each) => each.kind === kind);

export const indexesOf = (sheet: Sheet, ...kinds: ColumnKind[]): number[] =>
  sheet.columns.flatMap((column, i) => (kinds.includes(column.kind) ? [i] : []));

export const cell = (row: readonly string[], index: number): string => row[index] ?? '';

/** How many rows have something in a column. */
export const filled = (sheet: Sheet, index: number): number =>
  sheet.rows.filter((row) => cell(row, index) !== '').length;

const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const toCsv = ({ columns, rows }: Sheet): string =>
  [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');

export const filesOf = ({ sheets }: Directory): Record<string, string> =>
  Object.fromEntries(sheetNames.map((name) => [`${name}.csv`, toCsv(sheets[name])]));

/** The connector file. Names of entity types begin with that of the connector, since they are unique over all. */
export function connectorOf(directory: Directory, connector: string): ConnectorBody {
  const { sheets, membership, labels } = directory;
  const types: EntityTypeBody[] = [];
  for (const [sheet, name] of [
    ['users', 'User'],
    ['groups', 'Group'],
  ] as const) {
    const { columns } = sheets[sheet];
    const parent = columns.find(({ kind }) => kind === 'parent');
    const linked = parent !== undefined && directory.parents === 'links';
    const label = columns.find(({ kind }) => kind === 'name');
    types.push({
      name: `${connector}_${name}`,
      source: { connection: 'files', table: `${sheet}.csv` },
      key: [columns.find(({ kind }) => kind === 'key')?.name ?? ''],
      ...(labels && label ? { label: label.name } : {}),
      properties: propertiesOf(columns.filter((column) => !(linked && column === parent))),
      navigationProperties: linked ? { parent: { to: `${connector}_${name}`, column: parent.name } } : {},
    });
  }
  const { columns } = sheets.memberships;
  const [group = '', member = ''] = (['group', 'member'] as const).map(
    (kind) => columns.find((each) => each.kind === kind)?.name,
  );
  if (membership === 'resources')
    types.push({
      name: `${connector}_Membership`,
      source: { connection: 'files', table: 'memberships.csv' },
      key: [group, member],
      properties: propertiesOf(columns),
      navigationProperties: {},
    });
  else
    Object.assign(types[1]?.navigationProperties ?? {}, {
      members: {
        ...{
          to: `${connector}_User`,
          table: 'memberships.csv',
          sourceColumn: group,
          targetColumn: member,
          multiValued: true,
        },
        ...(columns.some(({ name }) => name === 'member_type') ? { where: "row.member_type != 'group'" } : {}),
      },
    });
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: connector,
    connections: [{ name: 'files', package: 'csv', settings: { directory: connector } }],
    entityTypes: types,
  };
}

export interface EntityTypeBody {
  name: string;
  source: { connection: string; table: string; where?: string };
  key: string[];
  label?: string;
  properties: Record<string, { column?: string; expression?: string; type?: PropertyFile['type']; format?: string }>;
  navigationProperties: Record<string, Record<string, unknown>>;
}

export interface ConnectorBody {
  apiVersion: string;
  kind: string;
  name: string;
  connections: { name: string; package: string; settings: Record<string, unknown> }[];
  entityTypes: EntityTypeBody[];
}

const propertiesOf = (columns: readonly Column[]): EntityTypeBody['properties'] =>
  Object.fromEntries(
    columns
      .filter(({ kind }) => kind !== 'unread')
      .map(({ name, type, format }) => [
        name,
        { column: name, ...(type === undefined ? {} : { type }), ...(format === undefined ? {} : { format }) },
      ]),
  );
