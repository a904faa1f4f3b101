import type { ConnectorFile, EntityTypeFile, NavigationFile, PropertyFile } from './connector-file.ts';
import type { RowCode } from './codes.ts';
import { compileExpression, type Expression } from './expression.ts';
import { createFormat, type Format } from './format.ts';
import { compileManagedRule, type ManagedRule, type ManagedVerdict } from './managed.ts';

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

export interface PropertyMapping {
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
  /** Which resources are managed, where a rule decides. */
  managed: ManagedRule | undefined;
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
  /** What is wrong with the row; `unread` stands for the cells that could not be read, so that rows can be compared. */
  fault?: RowFault & { unread: string };
  /** What the rule says, where there is one: of whole rows that can be used, not of patches. */
  managed?: ManagedVerdict;
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
  return { name: type.name, where, key, properties, references, managed: compileManagedRule(type) };
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
