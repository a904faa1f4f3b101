import type { ConnectorFile, EntityTypeFile } from './connector-file.ts';
import { compileOverCells, ExpressionError } from './expression.ts';

/** What a connector file maps of a table: columns and paths, as the file writes them. */
export interface WantedColumns {
  columns: readonly string[];
  /** Of the key, in the order of the entity type; empty for tables of links. */
  key: readonly string[];
  /** The column of `source.identity`. */
  identity?: string;
}

/**
 * The columns of a table that a connector file needs, so that a package has to ask for no others. The scope of a sync does not
 * matter: what a checkpoint stands for must not depend on it.
 * @returns undefined if an expression says only when it runs which columns it needs: then all are
 */
export function wantedColumns(file: ConnectorFile, connection: string, table: string): WantedColumns | undefined {
  const columns = new Set<string>();
  const key = new Set<string>();
  const found: { identity?: string; all?: true } = {};
  const want = (needed: readonly string[] | undefined) => {
    if (needed === undefined) found.all = true;
    for (const column of needed ?? []) columns.add(column);
  };
  for (const type of file.entityTypes) {
    const { source } = type;
    const own = source.connection === connection && source.table === table;
    if (own) {
      want(named(source.where));
      for (const name of Object.keys(type.properties)) want(columnsOf(type, name));
      for (const name of type.key) for (const column of columnsOf(type, name) ?? []) key.add(column);
      const identity = type.properties[source.identity ?? '']?.column;
      if (identity !== undefined) found.identity ??= identity;
    }
    for (const link of Object.values(type.navigationProperties)) {
      if (link.table === undefined) {
        if (own && link.column !== undefined) columns.add(link.column);
      } else if (link.table === table && (link.connection ?? source.connection) === connection) {
        want([link.sourceColumn, link.targetColumn].filter((column) => column !== undefined));
        want(named(link.where));
      }
    }
  }
  const { all, ...identity } = found;
  return all ? undefined : { columns: [...columns], key: [...key], ...identity };
}

function columnsOf({ properties }: EntityTypeFile, name: string): string[] | undefined {
  const property = properties[name];
  return property?.column === undefined ? named(property?.expression) : [property.column];
}

/** The columns that an expression names. One that cannot be used is reported when its rows are mapped. */
function named(expression: string | undefined): string[] | undefined {
  if (expression === undefined) return [];
  try {
    return compileOverCells(expression).columns;
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}
