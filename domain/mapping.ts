import { createHash } from 'node:crypto';
import type { ConnectorFile, EntityTypeFile, NavigationFile, PropertyFile } from './connector-file.ts';
import type { RowCode } from './codes.ts';
import { missingColumn } from './columns.ts';
import { compileExpression, firstLine, type Expression } from './expression.ts';
import { createFormat, FormatError, type Format, type Value } from './format.ts';
import { foldKey, keyFault, keyText } from './key.ts';

/** A row of a source, as packages give it. */
export interface Row {
  line: number;
  cells: readonly string[];
  fault?: { code: 'row-shape' | 'invalid-character' | 'field-too-long'; column?: string; message: string };
}

/** What a table is needed for: compiled once for a connector file, bound to the columns of each file that is read. */
export interface TableMapping {
  connection: string;
  table: string;
  entityTypes: EntityTypeMapping[];
  links: LinkMapping[];
  requiredColumns: { column: string; neededBy: string }[];
}

export interface ConnectorMapping {
  tables: TableMapping[];
}

interface PropertyMapping {
  name: string;
  column: string | undefined;
  expression: Expression | undefined;
  format: Format;
  type: PropertyFile['type'];
  multiValued: boolean;
  separator: string;
  caseInsensitive: boolean;
}

export interface EntityTypeMapping {
  name: string;
  where: Expression | undefined;
  key: PropertyMapping[];
  /** In sorted order of their names, the key's included. */
  properties: PropertyMapping[];
  references: { name: string; column: string; separator: string | undefined; fold: boolean }[];
}

export interface LinkMapping {
  entityType: string;
  name: string;
  where: Expression | undefined;
  sourceColumn: string;
  targetColumn: string;
  foldSource: boolean;
  foldTarget: boolean;
}

export interface RowFault {
  code: Extract<RowCode, 'format' | 'expression' | 'invalid-character' | 'field-too-long'>;
  column?: string;
  property?: string;
  message: string;
}

export interface Rejection {
  kind: 'rejected';
  code: RowCode;
  column?: string | undefined;
  property?: string | undefined;
  message: string;
  /** Absent where the key cannot be read. */
  key?: string[] | undefined;
  keyText?: string | undefined;
}

export interface MappedRow {
  kind: 'row';
  key: string[];
  keyText: string;
  /** JSON object, properties in sorted order, nulls left out (a patch has them). */
  attributes: string;
  /** One for each reference: null for an empty cell, undefined where a patch does not have the column. */
  references: (string | string[] | null | undefined)[];
  /** Equal for two rows exactly when their mapped values are. */
  comparison: string;
  fault?: RowFault;
}

export type EntityOutcome = { kind: 'filtered' } | Rejection | MappedRow;
export type LinkOutcome =
  | { kind: 'filtered' }
  | {
      kind: 'rejected';
      code: RowCode;
      column?: string | undefined;
      message: string;
      source?: string | undefined;
      target?: string | undefined;
    }
  | { kind: 'link'; source: string; target: string };

/** A table's mapping with the columns found. */
export interface RowBinder {
  entityTypes: { name: string; map: (row: Row) => EntityOutcome }[];
  links: { entityType: string; name: string; map: (row: Row) => LinkOutcome }[];
}

/**
 * Compiles the mapping of a checked connector file.
 * @param foldsElsewhere whether the key of an entity type of another connector is declared caseInsensitive
 */
export function compileMapping(
  file: ConnectorFile,
  foldsElsewhere: (entityType: string) => boolean = () => false,
): ConnectorMapping {
  const tables = new Map<string, TableMapping>();
  const own = new Map(file.entityTypes.map((type) => [type.name, type]));
  const folds = (name: string, by: string | undefined): boolean => {
    if (by !== undefined) return false;
    const type = own.get(name);
    return type ? type.key.some((key) => type.properties[key]?.caseInsensitive ?? false) : foldsElsewhere(name);
  };
  const tableOf = (connection: string, table: string): TableMapping => {
    const id = JSON.stringify([connection, table]);
    let found = tables.get(id);
    if (!found) tables.set(id, (found = { connection, table, entityTypes: [], links: [], requiredColumns: [] }));
    return found;
  };
  for (const type of file.entityTypes) {
    const table = tableOf(type.source.connection, type.source.table);
    table.entityTypes.push(compileEntityType(type, folds, table.requiredColumns));
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      if (navigation.table === undefined) continue;
      const links = tableOf(navigation.connection ?? type.source.connection, navigation.table);
      links.links.push(compileLink(type, name, navigation, folds, links.requiredColumns));
    }
  }
  return { tables: [...tables.values()] };
}

type Required = TableMapping['requiredColumns'];

function compileEntityType(
  type: EntityTypeFile,
  folds: (name: string, by: string | undefined) => boolean,
  required: Required,
): EntityTypeMapping {
  const need = (columns: readonly string[] | undefined, what: string) => {
    for (const column of columns ?? []) required.push({ column, neededBy: `${type.name}${what}` });
  };
  const where = type.source.where === undefined ? undefined : compileExpression(type.source.where);
  need(where?.columns, ' where');
  const properties = Object.entries(type.properties)
    .map(([name, property]) => {
      const expression = property.expression === undefined ? undefined : compileExpression(property.expression);
      need(property.column === undefined ? expression?.columns : [property.column], `.${name}`);
      return {
        name,
        column: property.column,
        expression,
        format: createFormat(property),
        type: property.type,
        multiValued: property.multiValued,
        separator: property.separator ?? ';',
        caseInsensitive: property.caseInsensitive,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const references = Object.entries(type.navigationProperties).flatMap(([name, { to, by, column, separator }]) => {
    if (column === undefined) return [];
    need([column], `.${name}`);
    return [{ name, column, separator, fold: folds(to, by) }];
  });
  const key = type.key.flatMap((name) => properties.filter((property) => property.name === name));
  return { name: type.name, where, key, properties, references };
}

function compileLink(
  type: EntityTypeFile,
  name: string,
  navigation: NavigationFile,
  folds: (name: string, by: string | undefined) => boolean,
  required: Required,
): LinkMapping {
  const where = navigation.where === undefined ? undefined : compileExpression(navigation.where);
  const sourceColumn = navigation.sourceColumn ?? '';
  const targetColumn = navigation.targetColumn ?? '';
  for (const column of [sourceColumn, targetColumn, ...(where?.columns ?? [])])
    required.push({ column, neededBy: `${type.name}.${name}` });
  return {
    entityType: type.name,
    name,
    where,
    sourceColumn,
    targetColumn,
    foldSource: folds(type.name, undefined),
    foldTarget: folds(navigation.to, navigation.by),
  };
}

/**
 * Finds the columns of a mapping in a file. A complete read needs every mapped column; a patch (a delta file) only those
 * of the keys, and leaves the properties of absent columns as they are stored.
 * @throws SyncError `missing-column` naming the table, the column and a near match
 */
export function bindColumns(table: TableMapping, columns: readonly string[], { patch }: { patch: boolean }): RowBinder {
  const index = new Map<string, number>();
  columns.forEach((column, i) => {
    if (column !== '') index.set(column, i);
  });
  const needed = patch
    ? table.requiredColumns.filter(({ column }) => isKeyColumn(table, column))
    : table.requiredColumns;
  for (const { column, neededBy } of needed)
    if (!index.has(column)) throw missingColumn(table.table, column, neededBy, columns);
  const names = columns.flatMap((column, i) => (column === '' ? [] : [[column, i] as const]));
  const rowOf = (row: Row) => new Map(names.map(([name, i]) => [name, row.cells[i] ?? '']));
  return {
    entityTypes: table.entityTypes.map((type) => ({ name: type.name, map: bindEntityType(type, index, rowOf, patch) })),
    links: table.links.map((link) => ({
      entityType: link.entityType,
      name: link.name,
      map: bindLink(link, index, rowOf),
    })),
  };
}

function isKeyColumn(table: TableMapping, column: string): boolean {
  const keys = table.entityTypes.flatMap((type) =>
    type.key.flatMap((property) => property.column ?? property.expression?.columns ?? []),
  );
  const ends = table.links.flatMap((link) => [link.sourceColumn, link.targetColumn]);
  return keys.includes(column) || ends.includes(column);
}

type Cells = () => ReadonlyMap<string, string>;

function bindEntityType(
  type: EntityTypeMapping,
  index: ReadonlyMap<string, number>,
  rowOf: (row: Row) => ReadonlyMap<string, string>,
  patch: boolean,
): (row: Row) => EntityOutcome {
  const keyColumns = new Set(type.key.flatMap((property) => property.column ?? property.expression?.columns ?? []));
  const present = type.properties.filter(
    (property) =>
      !patch ||
      (property.column === undefined ? (property.expression?.columns ?? []) : [property.column]).every((c) =>
        index.has(c),
      ),
  );
  const parts = present.map((property) => ({
    property,
    at: property.column === undefined ? -1 : (index.get(property.column) ?? -1),
    label: `${JSON.stringify(property.name)}:`,
  }));
  const keyParts = type.key.map((property) => ({
    property,
    at: property.column === undefined ? -1 : (index.get(property.column) ?? -1),
  }));
  const references = type.references.map((reference) => ({ ...reference, at: index.get(reference.column) }));
  const needsCells = parts.some(({ property }) => property.expression) || type.where !== undefined;

  return (row) => {
    if (row.fault?.code === 'row-shape') return { kind: 'rejected', code: 'row-shape', message: row.fault.message };
    let map: ReadonlyMap<string, string> | undefined;
    const cells: Cells = () => (map ??= needsCells ? rowOf(row) : new Map());
    if (type.where) {
      const kept = evaluateWhere(type.where, cells);
      if (kept === false) return { kind: 'filtered' };
      if (kept !== true) {
        const key = readKey(keyParts, row, cells, keyColumns);
        return {
          kind: 'rejected',
          code: 'expression',
          message: kept,
          ...('parts' in key ? named(key.parts, key.texts) : {}),
        };
      }
    }
    const key = readKey(keyParts, row, cells, keyColumns);
    if (!('parts' in key)) return key;
    let fault: RowFault | undefined = row.fault
      ? {
          code: row.fault.code as RowFault['code'],
          message: row.fault.message,
          ...(row.fault.column === undefined ? {} : { column: row.fault.column }),
        }
      : undefined;
    let attributes = '';
    let raw = '';
    for (const { property, at, label } of parts) {
      try {
        const value = valueOf(property, at, row, cells);
        if (value !== null || patch) attributes += `${attributes === '' ? '' : ','}${label}${JSON.stringify(value)}`;
      } catch (error) {
        raw += `${label}${row.cells[at] ?? ''}\n`;
        fault ??= faultOf(error, property);
      }
    }
    const linked = references.map(({ at, separator, fold }) => {
      if (at === undefined) return undefined;
      const cell = row.cells[at] ?? '';
      if (separator !== undefined) return distinct(cell.split(separator).map((each) => (fold ? foldKey(each) : each)));
      return cell === '' ? null : fold ? foldKey(cell) : cell;
    });
    return {
      kind: 'row',
      ...named(key.parts, key.texts),
      attributes: `{${attributes}}`,
      references: linked,
      comparison: fingerprint(attributes, linked, raw),
      ...(fault ? { fault } : {}),
    };
  };
}

const named = (parts: string[], texts: string[]) => ({ key: texts, keyText: keyText(parts) });

/** A short text in place of the values: two rows under one key are compared by it. */
function fingerprint(attributes: string, references: unknown[], raw: string): string {
  const hash = createHash('sha256').update(attributes);
  if (references.length > 0) hash.update(JSON.stringify(references));
  return hash.update(raw).digest('base64').slice(0, 24);
}

function readKey(
  key: { property: PropertyMapping; at: number }[],
  row: Row,
  cells: Cells,
  keyColumns: ReadonlySet<string>,
): { parts: string[]; texts: string[] } | Rejection {
  const parts: string[] = [];
  const texts: string[] = [];
  if (row.fault?.column !== undefined && keyColumns.has(row.fault.column))
    return { kind: 'rejected', code: row.fault.code, column: row.fault.column, message: row.fault.message };
  for (const { property, at } of key) {
    const place = { property: property.name, ...(property.column === undefined ? {} : { column: property.column }) };
    let text: string;
    try {
      const value = valueOf(property, at, row, cells);
      text = value === null ? '' : String(value);
    } catch (error) {
      return { kind: 'rejected', ...faultOf(error, property) };
    }
    const fault = keyFault(text);
    if (fault) return { kind: 'rejected', ...fault, ...place };
    const part = property.caseInsensitive ? foldKey(text) : text;
    parts.push(part);
    texts.push(part);
  }
  return { parts, texts };
}

function valueOf(property: PropertyMapping, at: number, row: Row, cells: Cells): Value | Value[] | null {
  if (property.expression) return fromExpression(property, property.expression.evaluate(cells()));
  const cell = row.cells[at] ?? '';
  if (cell === '') return null;
  return property.multiValued ? several(property, cell.split(property.separator)) : property.format(cell);
}

function fromExpression(property: PropertyMapping, result: unknown): Value | Value[] | null {
  if (property.multiValued) {
    if (Array.isArray(result))
      return several(
        property,
        result.map((each) => asText(each) ?? ''),
      );
    const text = asText(result);
    return text === null ? null : several(property, text.split(property.separator));
  }
  if (typeof result === 'boolean' && property.type === 'boolean') return result;
  const text = asText(result);
  return text === null ? null : property.format(text);
}

/** What an expression gave as a cell's text: null and '' are no value. */
function asText(result: unknown): string | null {
  if (result === null || result === undefined || result === '') return null;
  if (typeof result === 'string') return result;
  if (typeof result === 'bigint' || typeof result === 'number' || typeof result === 'boolean') return String(result);
  if (result instanceof Date) return result.toISOString().replace('.000Z', 'Z');
  throw new TypeError('the result is neither text, number, boolean nor time');
}

/** Values of a multi-valued property are a set: sorted, each once, empty ones left out. */
function several(property: PropertyMapping, texts: string[]): Value[] | null {
  const values = texts.filter((text) => text !== '').flatMap((text) => property.format(text) ?? []);
  return values.length === 0 ? null : distinct(values);
}

function distinct<Item extends Value>(values: Item[]): Item[] {
  return [...new Set(values)].filter((value) => value !== '').sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function faultOf(error: unknown, property: PropertyMapping): RowFault {
  const place = { property: property.name, ...(property.column === undefined ? {} : { column: property.column }) };
  if (error instanceof FormatError)
    return { code: 'format', message: `The value of ${property.name} ${error.message}.`, ...place };
  return { code: 'expression', message: `The expression of ${property.name} failed: ${firstLine(error)}`, ...place };
}

/** true or false, or why it is neither. */
function evaluateWhere(where: Expression, cells: Cells): boolean | string {
  try {
    const result = where.evaluate(cells());
    return typeof result === 'boolean' ? result : 'The condition where is not true or false for this row.';
  } catch (error) {
    return `The condition where failed: ${firstLine(error)}`;
  }
}

function bindLink(
  link: LinkMapping,
  index: ReadonlyMap<string, number>,
  rowOf: (row: Row) => ReadonlyMap<string, string>,
): (row: Row) => LinkOutcome {
  const ends = [
    { column: link.sourceColumn, at: index.get(link.sourceColumn) ?? -1, fold: link.foldSource },
    { column: link.targetColumn, at: index.get(link.targetColumn) ?? -1, fold: link.foldTarget },
  ] as const;
  const end = (row: Row, { column, at, fold }: (typeof ends)[number]) => {
    const text = row.cells[at] ?? '';
    const faulty = row.fault?.column === column;
    const fault = faulty ? row.fault : keyFault(text);
    return fault ? { column, fault } : { text: fold ? foldKey(text) : text };
  };
  return (row) => {
    if (row.fault?.code === 'row-shape') return { kind: 'rejected', code: 'row-shape', message: row.fault.message };
    const source = end(row, ends[0]);
    const target = end(row, ends[1]);
    const readable = { source: source.text, target: target.text };
    if (link.where) {
      const kept = evaluateWhere(link.where, () => rowOf(row));
      if (kept === false) return { kind: 'filtered' };
      if (kept !== true) return { kind: 'rejected', code: 'expression', message: kept, ...readable };
    }
    const bad = source.fault ? source : target.fault ? target : undefined;
    if (bad?.fault)
      return { kind: 'rejected', code: bad.fault.code, column: bad.column, message: bad.fault.message, ...readable };
    return { kind: 'link', source: source.text ?? '', target: target.text ?? '' };
  };
}

/** What decides which rows are read at all: another value means that rows may be missing because of the filter. */
export function filterFingerprint(file: ConnectorFile): string {
  const filters = file.entityTypes.map((type) => [
    type.name,
    type.source,
    Object.entries(type.navigationProperties).map(([name, { table, where }]) => [name, table, where]),
  ]);
  const settings = file.connections.map(({ name, package: of, settings: each }) => [name, of, each]);
  return createHash('sha256')
    .update(JSON.stringify([filters, settings]))
    .digest('hex');
}
