import { cellText, decodeCell, encodeCells } from '../domain/cell.ts';
import { bindColumns } from '../domain/bind-columns.ts';
import type { ConnectorFile, EntityTypeFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { compileExpression, compileOverCells, firstLine, numberText } from '../domain/expression.ts';
import { compileMapping, type EntityOutcome, type Row, type TableMapping, type TargetType } from '../domain/mapping.ts';
import { characterFault, longestText } from '../domain/storable.ts';
import { asSeen } from '../domain/structured-value.ts';

/**
 * Rows of a table to map by a connector file, saved or not. The mapping runs in a thread, because its cost is unknown.
 */
export interface RowsToPreview {
  /** Of the request: a file is compiled once for each. */
  request: string;
  file: ConnectorFile;
  /** Entity types of all connectors, which links may lead to. */
  targets: ReadonlyMap<string, TargetType>;
  entityType: string;
  columns: string[];
  patch: boolean;
  rows: PostedRow[];
  /** Names of the packages whose cells have types. */
  structured: readonly string[];
  /** The text of a key: the row that has it is looked for. Without, the only row is shown. */
  wanted?: string;
  /** Columns that the file needs are given, too, as empty cells. */
  fill?: boolean;
}

/** A row as it gets to another thread, which knows no classes: its cells are JSON. */
export type PostedRow = Omit<Row, 'cells'> & { cells: readonly unknown[] };
export const posted = (row: Row): PostedRow => ({ ...row, cells: encodeCells(row.cells) });

export interface ShownExpression {
  property: string;
  expression: string;
  value?: unknown;
  error?: string;
}

export interface PreviewedRow {
  /** Of the row that was looked for, in `rows`. */
  found: number | undefined;
  outcome: EntityOutcome;
  expressions: ShownExpression[];
  cells: Record<string, string>;
  /** Why the row cannot be mapped at all: the export lacks a column that the file needs. */
  refused?: string;
}

/** The table that an entity type's rows come from. */
function tableOf({ file, targets, structured }: RowsToPreview, type: EntityTypeFile): TableMapping | undefined {
  const mapping = compileMapping(file, {
    today: new Date(),
    elsewhere: (name) => targets.get(name),
    structured: (name) => structured.includes(name),
  });
  return mapping.tables.find(
    (table) => table.connection === type.source.connection && table.table === type.source.table,
  );
}

let compiled: { request: string; table: TableMapping | undefined } | undefined;

const none: PreviewedRow = { found: undefined, outcome: { kind: 'filtered' }, expressions: [], cells: {} };

export function mapForPreview(asked: RowsToPreview): PreviewedRow {
  try {
    return mapRows(asked);
  } catch (error) {
    if (error instanceof SyncError) return { ...none, refused: error.message };
    throw error;
  }
}

function mapRows(asked: RowsToPreview): PreviewedRow {
  const { request, file, entityType, patch, wanted } = asked;
  const rows = asked.rows.map((row): Row => ({ ...row, cells: row.cells.map(decodeCell) }));
  const type = file.entityTypes.find((each) => each.name === entityType);
  if (!type) return none;
  if (compiled?.request !== request) compiled = { request, table: tableOf(asked, type) };
  if (!compiled.table) return none;
  const needed = asked.fill ? compiled.table.requiredColumns.map(({ column }) => column) : [];
  const columns = [...asked.columns, ...new Set(needed.filter((column) => !asked.columns.includes(column)))];
  const map = bindColumns(compiled.table, columns, { patch }).entityTypes.find((each) => each.name === entityType)?.map;
  if (!map) return none;
  if (wanted === undefined) {
    const [row] = rows;
    if (!row) return none;
    const cells = Object.fromEntries(columns.map((column, i) => [column, cellText(row.cells[i] ?? '')]));
    const typed = compiled.table.structured;
    const subject = new Map(columns.map((column, i) => [column, typed ? asSeen(row.cells[i] ?? null) : cells[column]]));
    return { found: 0, outcome: map(row), expressions: evaluateAll(type, subject, typed), cells };
  }
  const found = rows.findIndex((row) => {
    const outcome = map(row);
    return 'keyText' in outcome && outcome.keyText === wanted;
  });
  return found < 0 ? none : { ...none, found };
}

function evaluateAll(type: EntityTypeFile, row: ReadonlyMap<string, unknown>, typed: boolean): ShownExpression[] {
  const compile = typed ? compileOverCells : compileExpression;
  const all = [
    ...(type.source.where === undefined ? [] : [['where', type.source.where] as const]),
    ...Object.entries(type.properties).flatMap(([name, { expression }]) =>
      expression === undefined ? [] : [[name, expression] as const],
    ),
  ];
  return all.map(([property, expression]) => {
    try {
      return { property, expression, value: shown(compile(expression).evaluate(row), { left: longestText }) };
    } catch (error) {
      return { property, expression, error: firstLine(error).toWellFormed() };
    }
  });
}

/** A result as JSON can show it: whole numbers that are too large for a JSON number are text with all digits. */
function shown(value: unknown, budget: { left: number }): unknown {
  budget.left--;
  if (typeof value === 'string') {
    budget.left -= value.length;
    const fault = characterFault(value);
    if (fault) throw new Error(`the result ${fault.message}`);
  }
  if (budget.left < 0) throw new Error('the result is longer than 1 MiB');
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? Number.isSafeInteger(value) || !Number.isInteger(value)
        ? value
        : numberText(value)
      : String(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? wholeNumber(value) : value;
  if (Array.isArray(value)) return value.map((each) => shown(each, budget));
  if (value instanceof Uint8Array) return shown(Buffer.from(value).toString('base64'), budget);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map || Object.getPrototypeOf(value) === Object.prototype) {
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
    return Object.fromEntries(entries.map(([name, each]) => [String(name), shown(each, budget)]));
  }
  // whole numbers without a sign, durations and types say what they are
  const plain: unknown = value.valueOf();
  return typeof plain === 'bigint' ? wholeNumber(plain) : (value as { toString: () => string }).toString();
}

const wholeNumber = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString());
