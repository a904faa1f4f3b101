import {
  targetsOf,
  type ConnectorFile,
  type EntityTypeFile,
  type NavigationFile,
  type PropertyFile,
} from './connector-file.ts';
import type { Cell } from './cell.ts';
import type { RowCode } from './codes.ts';
import { SyncError } from './errors.ts';
import { compileExpression, compileOverCells, ExpressionError, type Expression } from './expression.ts';
import { hasTwoDigitYears } from './format/dates.ts';
import { createFormat } from './format/index.ts';
import { FormatError, type Format } from './format/value.ts';
import { compileManagedRule, type ManagedRule, type ManagedVerdict } from './managed.ts';
import { bounded, structuredFormat, type StructuredFormat } from './structured-value.ts';
import { matchOf, type MatchedProperty, type MatchValue } from './match-value.ts';
import { matchSeveral } from './match-several.ts';

/** A row of a source, as packages give it. Cells of structured sources may be no texts. */
export interface Row {
  line: number;
  /** Where people find it, if its source has no lines: then `line` is its number in the read. */
  position?: string;
  cells: readonly Cell[];
  fault?: {
    code: 'row-shape' | 'invalid-character' | 'field-too-long' | 'unfinished-line' | 'cell-error' | 'cell-uncalculated';
    column?: string;
    message: string;
  };
  /** Of a row that is used. */
  warning?: { code: 'cell-merged'; column: string; message: string };
}

/** What is read from a table: compiled once for a connector file, bound to the columns of each file that is read. */
export interface TableMapping {
  connection: string;
  table: string;
  entityTypes: EntityTypeMapping[];
  links: LinkMapping[];
  requiredColumns: { column: string; neededBy: string }[];
  /** Whether the cells of its source have types, and columns may be paths. */
  structured: boolean;
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
  /** Whether texts are separated: those of structured sources only if the file names a separator. */
  separates: boolean;
  structured: StructuredFormat;
  pick: 'first' | undefined;
  caseInsensitive: boolean;
}

export interface EntityTypeMapping {
  name: string;
  where: Expression | undefined;
  key: PropertyMapping[];
  /** The property of `source.identity`. */
  identity: PropertyMapping | undefined;
  /** In sorted order of their names, the key's included. */
  properties: PropertyMapping[];
  references: ReferenceMapping[];
  /** Which resources are managed, if a rule decides. */
  managed: ManagedRule | undefined;
}

export interface ReferenceMapping {
  name: string;
  column: string;
  multiValued: boolean;
  separator: string | undefined;
  match: MatchValue;
}

export interface LinkMapping {
  entityType: string;
  name: string;
  where: Expression | undefined;
  sourceColumn: string;
  targetColumn: string;
  matchSource: MatchValue;
  matchTarget: MatchValue;
  /** Whether it leads to several entity types: then targets are read as forms, see match-several.ts. */
  severalTargets: boolean;
}

export interface RowFault {
  code: Extract<
    RowCode,
    'format' | 'several-values' | 'not-text' | 'expression' | 'invalid-character' | 'field-too-long' | 'unfinished-line'
  >;
  column?: string;
  property?: string;
  message: string;
}

/** A reference with a value that does not have the format of what it matches; `unread` as in `MappedRow.fault`. */
export interface LinkFault {
  name: string;
  column: string;
  code: RowFault['code'];
  message: string;
  unread: string;
}

export interface Rejection {
  kind: 'rejected';
  code: RowCode;
  column?: string | undefined;
  property?: string | undefined;
  message: string;
  /** Absent if the key cannot be read. */
  key?: string[] | undefined;
  keyText?: string | undefined;
}

export const deltaCommands = ['insert', 'update', 'delete', 'merge'] as const;
/** What a row of a delta file is for. */
export type DeltaCommand = (typeof deltaCommands)[number];

export interface MappedRow {
  kind: 'row';
  key: string[];
  keyText: string;
  /** JSON object, properties in sorted order, nulls left out (a patch has them). */
  attributes: string;
  /** One for each reference: null for an empty cell, undefined if a patch does not have the column. */
  references: (string | string[] | null | undefined)[];
  /** References with a value that could not be read: the stored links of the row and this property stay. */
  linkFaults?: LinkFault[];
  /**
   * Only for a patch of a type with a condition: the result of the condition, `open` if the file does not have its
   * columns.
   */
  scope?: 'in' | 'out' | 'open';
  /** The same: the cells that the condition may ask for, as a JSON object. */
  asked?: string;
  /** What is wrong with the row; `unread` stands for the cells that could not be read, so that rows can be compared. */
  fault?: RowFault & { unread: string };
  /** The result of the rule, if there is a rule: only for whole rows that can be used, not for patches. */
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
  /** `out`: a row of a delta file that the condition rejects. If the link is stored, it is deleted. */
  | { kind: 'link' | 'out'; source: string; target: string };

/** How the identity of an entity type is read from rows. */
export interface BoundIdentity {
  /** In the form in which it is stored; undefined if it cannot be read, or if there is none. */
  of(row: Row): string | undefined;
  /** Whether a column of the key has a value: else a tombstone names the resource by its identity. */
  namesKey(row: Row): boolean;
}

/** A table's mapping with the columns found. */
export interface RowBinder {
  /** `references`: the names of those that a mapped row has, in their order. */
  entityTypes: {
    name: string;
    references: string[];
    map: (row: Row, command?: DeltaCommand) => EntityOutcome;
    identity?: BoundIdentity | undefined;
  }[];
  links: { entityType: string; name: string; map: (row: Row, command?: DeltaCommand) => LinkOutcome }[];
}

/** An entity type that links lead to: its key, and how its properties are read. */
export interface TargetType {
  key: readonly string[];
  properties: Readonly<Record<string, MatchedProperty>>;
}

export interface MappingSurroundings {
  /** The day of the sync: two-digit years are near to it. */
  today: Date;
  /** Entity types of other connectors; undefined if there is none of the name. */
  elsewhere: (entityType: string) => TargetType | undefined;
  /** Whether the cells of a package have types; absent: all sources are texts. */
  structured?: ((packageName: string) => boolean) | undefined;
}

/** The property that the values of a link match, null if it is the target's key: `by` may also name the only key. */
export const matchedBy = (by: string | undefined, key: readonly string[]): string | null =>
  by === undefined || (key.length === 1 && key[0] === by) ? null : by;

/**
 * How values are brought into the form of the property that they match: another one of an entity type, or its key; of several
 * entity types, into the form of each, see match-several.ts.
 */
type MatchesOf = (entityTypes: readonly string[], by?: string) => MatchValue;

/**
 * Compiles the mapping of a checked connector file.
 * @throws SyncError `configuration` if an earlier version accepted the file and this version does not
 */
export function compileMapping(
  file: ConnectorFile,
  { today, elsewhere, structured }: MappingSurroundings,
): ConnectorMapping {
  const isStructured = (connection: string) =>
    structured?.(file.connections.find(({ name }) => name === connection)?.package ?? '') ?? false;
  const tables = new Map<string, TableMapping>();
  const own = new Map<string, TargetType>(file.entityTypes.map((type) => [type.name, type]));
  const matchOfOne = (name: string, by?: string): MatchValue => {
    const type = own.get(name) ?? elsewhere(name);
    const other = matchedBy(by, type?.key ?? []);
    const matched = other ?? type?.key[0] ?? '';
    const property = type && Object.hasOwn(type.properties, matched) ? type.properties[matched] : undefined;
    if (!property) return (text) => text;
    return usable(`${name}.${matched}`, () => matchOf(property, other === null, today));
  };
  const matchesOf: MatchesOf = (names, by) => matchSeveral(names.map((name) => matchOfOne(name, by)));
  const tableOf = (connection: string, table: string): TableMapping => {
    const id = JSON.stringify([connection, table]);
    let found = tables.get(id);
    if (!found)
      tables.set(
        id,
        (found = {
          connection,
          table,
          entityTypes: [],
          links: [],
          requiredColumns: [],
          structured: isStructured(connection),
        }),
      );
    return found;
  };
  for (const type of file.entityTypes) {
    const table = tableOf(type.source.connection, type.source.table);
    table.entityTypes.push(compileEntityType(type, matchesOf, today, table));
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      if (navigation.table === undefined) continue;
      const links = tableOf(navigation.connection ?? type.source.connection, navigation.table);
      links.links.push(compileLink(type, name, navigation, matchesOf, links));
    }
  }
  return { tables: [...tables.values()] };
}

function compileEntityType(
  type: EntityTypeFile,
  matchesOf: MatchesOf,
  today: Date,
  { requiredColumns: required, structured }: TableMapping,
): EntityTypeMapping {
  const need = (columns: readonly string[] | undefined, what: string) => {
    for (const column of columns ?? []) required.push({ column, neededBy: `${type.name}${what}` });
  };
  const where = compiled(`${type.name} where`, type.source.where, structured);
  need(where?.columns, ' where');
  const properties = Object.entries(type.properties)
    .map(([name, property]) => {
      const place = `${type.name}.${name}`;
      const expression = compiled(place, property.expression, structured);
      need(property.column === undefined ? expression?.columns : [property.column], `.${name}`);
      const read = usable(place, () => createFormat(property, today));
      const format = structured ? bounded(read) : read;
      return {
        name,
        column: property.column,
        expression,
        format,
        type: property.type,
        multiValued: property.multiValued,
        separator: property.separator ?? ';',
        separates: !structured || property.separator !== undefined,
        structured: structuredFormat(property, format),
        pick: property.pick,
        caseInsensitive: property.caseInsensitive,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const references = Object.entries(type.navigationProperties).flatMap(([name, navigation]) => {
    const { by, column, separator, multiValued } = navigation;
    if (column === undefined) return [];
    need([column], `.${name}`);
    return [
      {
        name,
        column,
        separator,
        multiValued: multiValued === true || separator !== undefined,
        match: matchesOf(targetsOf(navigation), by),
      },
    ];
  });
  const key = type.key.flatMap((name) => properties.filter((property) => property.name === name));
  const identity = properties.find(({ name }) => name === type.source.identity);
  return { name: type.name, where, key, identity, properties, references, managed: compileManagedRule(type) };
}

function compileLink(
  type: EntityTypeFile,
  name: string,
  navigation: NavigationFile,
  matchesOf: MatchesOf,
  { requiredColumns: required, structured }: TableMapping,
): LinkMapping {
  const where = compiled(`${type.name}.${name} where`, navigation.where, structured);
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
    matchSource: matchesOf([type.name]),
    matchTarget: matchesOf(targetsOf(navigation), navigation.by),
    severalTargets: targetsOf(navigation).length > 1,
  };
}

const compiled = (place: string, text: string | undefined, structured: boolean): Expression | undefined =>
  text === undefined ? undefined : usable(place, () => (structured ? compileOverCells(text) : compileExpression(text)));

/** What was saved was checked, but maybe by an earlier version. */
function usable<Result>(place: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof ExpressionError)) throw error;
    const message = `${place} cannot be used: ${error.message}. Correct the connector file.`;
    throw new SyncError('configuration', message, {}, { cause: error });
  }
}

/** Whether the same files can have another meaning on another day. */
export const dependsOnToday = (file: ConnectorFile): boolean =>
  file.entityTypes.some((type) => Object.values(type.properties).some(hasTwoDigitYears));
