import { createHash, type Hash } from 'node:crypto';
import { byName } from './chosen-names.ts';
import type { RowCode } from './codes.ts';
import { cellText, type StructuredCell } from './cell.ts';
import { knownCells, strictCells, type StrictCells } from './cells.ts';
import { bindIdentity } from './bind-identity.ts';
import { bindPaths, resolverOf, resolving, withPaths } from './bind-paths.ts';
import { missingColumn } from './columns.ts';
import { numberText, withoutValues, type Expression } from './expression.ts';
import { FormatError, type Value } from './format/value.ts';
import { foldKey, keyFault, keyText, keyTextFault } from './key.ts';
import type {
  DeltaCommand,
  EntityOutcome,
  EntityTypeMapping,
  LinkFault,
  LinkMapping,
  LinkOutcome,
  PropertyMapping,
  Rejection,
  Row,
  RowBinder,
  RowFault,
  TableMapping,
} from './mapping.ts';
import { shownForm } from './match-several.ts';
import type { MatchValue } from './match-value.ts';
import { distinct, readReference, short, valueFault } from './read-reference.ts';
import { asSeen, itemsOf, onlyOf, textOf } from './structured-value.ts';
import { characterFault, isLongerThan, longestRow, longestText } from './storable.ts';

/**
 * Finds the columns of a mapping in a file. A complete read needs every mapped column; a patch (a delta file) only those
 * of the keys, and leaves the properties of absent columns as they are stored.
 * @param options.source the file that has the columns, if it is not the table itself
 * @throws SyncError `missing-column` naming the table, the column and a near match
 */
export function bindColumns(
  table: TableMapping,
  columns: readonly string[],
  { patch, source }: { patch: boolean; source?: string },
): RowBinder {
  const index = new Map<string, number>();
  columns.forEach((column, i) => {
    if (column !== '') index.set(column, i);
  });
  const resolve = resolverOf(table.structured ? bindPaths(table, index, columns.length) : []);
  const needed = patch
    ? table.requiredColumns.filter(({ column }) => isKeyColumn(table, column))
    : table.requiredColumns;
  for (const { column, neededBy } of needed)
    if (!index.has(column)) throw missingColumn(source ?? table.table, column, neededBy, columns);
  const names = columns.flatMap((column, i) => (column === '' ? [] : [[column, i] as const]));
  const cellsOf = (row: Row): StrictCells => {
    // rows of structured sources are whole
    if (table.structured) return knownCells(new Map(names.map(([name, i]) => [name, asSeen(row.cells[i] ?? null)])));
    const cells = names.map(([name, i]) => [name, row.cells[i] ?? ''] as const);
    const faulty = row.fault?.column;
    if (patch || faulty !== undefined) return strictCells(cells.filter(([name]) => name !== faulty));
    return knownCells(new Map(cells));
  };
  return {
    entityTypes: table.entityTypes.map((type) => ({
      name: type.name,
      references: type.references.map(({ name }) => name),
      map: resolving(resolve, bindEntityType(type, index, cellsOf, patch, table.structured)),
      identity: withPaths(resolve, bindIdentity(type, index, keyColumnsOf(type))),
    })),
    links: table.links.map((link) => ({
      entityType: link.entityType,
      name: link.name,
      map: resolving(resolve, bindLink(link, index, cellsOf)),
    })),
  };
}

function isKeyColumn(table: TableMapping, column: string): boolean {
  const keys = table.entityTypes.flatMap((type) => [...keyColumnsOf(type)]);
  const ends = table.links.flatMap((link) => [link.sourceColumn, link.targetColumn]);
  return keys.includes(column) || ends.includes(column);
}

const keyColumnsOf = ({ key }: EntityTypeMapping): ReadonlySet<string> =>
  new Set(key.flatMap((property) => property.column ?? property.expression?.columns ?? []));

type Cells = () => StrictCells;
type CellsOf = (row: Row) => StrictCells;

function bindEntityType(
  type: EntityTypeMapping,
  index: ReadonlyMap<string, number>,
  cellsOf: CellsOf,
  patch: boolean,
  structured: boolean,
): (row: Row, command?: DeltaCommand) => EntityOutcome {
  const keyColumns = keyColumnsOf(type);
  const parts = type.properties
    .filter(({ column }) => !patch || column === undefined || index.has(column))
    .map((property) => ({
      property,
      at: property.column === undefined ? -1 : (index.get(property.column) ?? -1),
      label: `${JSON.stringify(property.name)}:`,
    }));
  const keyParts = type.key.map((property) => ({
    property,
    at: property.column === undefined ? -1 : (index.get(property.column) ?? -1),
  }));
  const references = type.references.map((reference) => ({ ...reference, at: index.get(reference.column) }));
  // a patch does not have all that a rule may ask for: the diff asks it once the whole resource is known
  const rule = patch ? undefined : type.managed;
  const needsCells = type.properties.some(({ expression }) => expression) || type.where !== undefined;
  const asked =
    patch && !structured && type.where
      ? (type.where.columns ?? [...index.keys()]).filter((c) => index.has(c))
      : undefined;

  return (row, command) => {
    if (row.fault?.code === 'row-shape') return { kind: 'rejected', code: 'row-shape', message: row.fault.message };
    let strict: StrictCells | undefined;
    const cells: Cells = () => (strict ??= needsCells ? cellsOf(row) : noCells);
    // a command comes before the condition: a delete needs the key only
    const asks = command !== 'delete' && row.fault?.code !== 'unfinished-line';
    const verdict = type.where && asks ? evaluateWhere(type.where, row, cells) : undefined;
    if (verdict === 'out' && !patch) return { kind: 'filtered' };
    const key = readKey(keyParts, row, cells, keyColumns);
    if (typeof verdict === 'object')
      return { kind: 'rejected', ...verdict, ...('parts' in key ? named(key.parts, key.texts) : {}) };
    if (!('parts' in key)) return key;
    const scope = verdict === undefined ? {} : { scope: verdict };
    const given = asked && {
      asked: JSON.stringify(
        Object.fromEntries(asked.map((column) => [column, row.cells[index.get(column) ?? -1] ?? ''])),
      ),
    };
    if (command === 'delete' || verdict === 'out')
      return {
        kind: 'row',
        ...named(key.parts, key.texts),
        attributes: '{}',
        references: references.map(() => undefined),
        ...scope,
        ...given,
      };
    let fault: RowFault | undefined = row.fault
      ? {
          code: row.fault.code as RowFault['code'],
          message: row.fault.message,
          ...(row.fault.column === undefined ? {} : { column: row.fault.column }),
        }
      : undefined;
    let attributes = '';
    let unread: Hash | undefined;
    const values = rule ? byName<unknown>() : undefined;
    for (const { property, at, label } of parts) {
      try {
        const value = valueOf(property, at, row, cells);
        if (values && value !== null) values[property.name] = value;
        if (value !== null || patch) attributes += `${attributes === '' ? '' : ','}${label}${JSON.stringify(value)}`;
      } catch (error) {
        // a patch leaves a property as it is stored if it does not have the columns of the expression
        if (patch && property.expression && cells().missed()) continue;
        unread = (unread ?? createHash('sha256')).update(label).update(`${cellText(row.cells[at] ?? '')}\n`);
        fault ??= faultOf(error, property);
      }
    }
    if (attributes.length > longestRow) {
      // two such rows are taken for the same
      attributes = '';
      fault = { code: 'field-too-long', message: 'The attributes of the row are longer than 64 MiB.' };
    }
    // JSON writes both NUL and half of a surrogate pair with an escape, which nothing else needs but other control
    // characters
    if (attributes.includes('\\u')) {
      const [storable, unstorable] = sortOut(attributes);
      attributes = storable;
      fault ??= unstorable;
    }
    const linkFaults: LinkFault[] = [];
    const linked = references.map((reference) =>
      reference.at === undefined ? undefined : readReference(reference, row.cells[reference.at] ?? '', linkFaults),
    );
    return {
      kind: 'row',
      ...named(key.parts, key.texts),
      attributes: `{${attributes}}`,
      references: linked,
      ...(linkFaults.length > 0 ? { linkFaults } : {}),
      ...scope,
      ...given,
      ...(fault ? { fault: { ...fault, unread: short(unread) } } : {}),
      ...(rule && values && !fault ? { managed: rule(values) } : {}),
    };
  };
}

const noCells = knownCells(new Map());

const named = (parts: string[], texts: string[]) => ({ key: texts, keyText: keyText(parts) });

/** Takes out the properties that Postgres cannot hold, and returns the fault of the first of them. */
function sortOut(attributes: string): [storable: string, fault: RowFault | undefined] {
  let fault: RowFault | undefined;
  const kept = Object.entries(
    JSON.parse(attributes === '' ? '{}' : `{${attributes}}`) as Record<string, unknown>,
  ).filter(([property, value]) => {
    const texts = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
    const found = texts.map(characterFault).find((each) => each !== undefined);
    if (found) fault ??= { code: found.code, property, message: `The value of ${property} ${found.message}.` };
    return found === undefined;
  });
  return [JSON.stringify(Object.fromEntries(kept)).slice(1, -1), fault];
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
  const fault = keyTextFault(keyText(parts));
  if (fault) {
    const [only] = key.length === 1 ? key : [];
    const { name: property, column } = only?.property ?? {};
    return {
      kind: 'rejected',
      ...fault,
      ...(property === undefined ? {} : { property }),
      ...(column === undefined ? {} : { column }),
    };
  }
  return { parts, texts };
}

function valueOf(property: PropertyMapping, at: number, row: Row, cells: Cells): Value | Value[] | null {
  if (property.expression) {
    const { cells: known, missed } = cells();
    missed();
    return fromExpression(property, property.expression.evaluate(known));
  }
  const cell = row.cells[at] ?? '';
  if (cell === '') return null;
  if (typeof cell !== 'string') return structuredValue(property, cell);
  if (!property.multiValued) return property.format(cell);
  return several(property, property.separates ? cell.split(property.separator) : [cell]);
}

/** A cell of a structured source that is no text. Texts in a list are separated only if the file names a separator. */
function structuredValue(property: PropertyMapping, cell: StructuredCell): Value | Value[] | null {
  const items = itemsOf(cell).flatMap((item) =>
    property.multiValued && property.separates && typeof item === 'string' ? item.split(property.separator) : [item],
  );
  const values = items.flatMap((item) => (item === '' ? [] : (property.structured.value(item) ?? [])));
  if (!property.multiValued) return onlyOf(values, property.pick);
  return values.length === 0 ? null : distinct(values);
}

function fromExpression(property: PropertyMapping, result: unknown): Value | Value[] | null {
  if (result instanceof Uint8Array) return structuredValue(property, result);
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
  if (typeof result === 'string') {
    // characters are looked at once for the whole row
    if (isLongerThan(result, longestText)) throw new FormatError('is longer than 1 MiB', 'field-too-long');
    return result;
  }
  if (typeof result === 'number') return numberText(result);
  // whole numbers without a sign are objects that stand for theirs
  const plain: unknown = result.valueOf();
  if (typeof plain === 'bigint' || typeof plain === 'boolean') return String(plain);
  if (result instanceof Date) return result.toISOString().replace('.000Z', 'Z');
  throw new TypeError('the result is neither text, number, boolean nor time');
}

/** Values of a multi-valued property are a set: sorted, each once, empty ones left out. */
function several(property: PropertyMapping, texts: string[]): Value[] | null {
  const values = texts.filter((text) => text !== '').flatMap((text) => property.format(text) ?? []);
  return values.length === 0 ? null : distinct(values);
}

function faultOf(error: unknown, property: PropertyMapping): RowFault {
  const place = { property: property.name, ...(property.column === undefined ? {} : { column: property.column }) };
  if (error instanceof FormatError) return { code: error.code, message: valueFault(property.name, error), ...place };
  return {
    code: 'expression',
    message: `The expression of ${property.name} failed: ${withoutValues(error)}`,
    ...place,
  };
}

type Unusable = Pick<Rejection, 'code' | 'message'>;

/**
 * Whether the condition accepts a row; `open` if it needs columns that a patch lacks; else the fault: a cell that it needs
 * cannot be read, the condition failed, or its result is not boolean.
 */
function evaluateWhere(where: Expression, row: Row, cells: Cells): 'in' | 'out' | 'open' | Unusable {
  const { cells: known, missed } = cells();
  try {
    const result = where.evaluate(known);
    missed();
    if (typeof result === 'boolean') return result ? 'in' : 'out';
    return { code: 'expression', message: 'The condition where is not true or false for this row.' };
  } catch (error) {
    if (missed()) return row.fault ? { code: row.fault.code, message: row.fault.message } : 'open';
    return { code: 'expression', message: `The condition where failed: ${withoutValues(error)}` };
  }
}

function bindLink(
  link: LinkMapping,
  index: ReadonlyMap<string, number>,
  cellsOf: CellsOf,
): (row: Row, command?: DeltaCommand) => LinkOutcome {
  const at = (column: string) => index.get(column) ?? -1;
  const ends = [
    { column: link.sourceColumn, at: at(link.sourceColumn), match: link.matchSource, several: false },
    { column: link.targetColumn, at: at(link.targetColumn), match: link.matchTarget, several: link.severalTargets },
  ] as const;
  const end = (row: Row, of: (typeof ends)[number]) => ({ column: of.column, ...readEnd(of, link.name, row) });
  return (row, command) => {
    if (row.fault?.code === 'row-shape') return { kind: 'rejected', code: 'row-shape', message: row.fault.message };
    const source = end(row, ends[0]);
    const target = end(row, ends[1]);
    const readable = { source: source.text, target: target.text };
    if (row.fault?.code === 'unfinished-line' && command === undefined)
      return { kind: 'rejected', code: 'unfinished-line', message: row.fault.message, ...readable };
    const verdict = link.where && command !== 'delete' ? evaluateWhere(link.where, row, () => cellsOf(row)) : 'in';
    if (verdict === 'out' && command === undefined) return { kind: 'filtered' };
    if (verdict === 'open') return { kind: 'rejected', code: 'expression', message: untold, ...readable };
    if (typeof verdict === 'object') return { kind: 'rejected', ...verdict, ...readable };
    const bad = source.fault ? source : target.fault ? target : undefined;
    if (bad?.fault)
      return { kind: 'rejected', code: bad.fault.code, column: bad.column, message: bad.fault.message, ...readable };
    const pair = { source: source.text ?? '', target: target.text ?? '' };
    return verdict === 'out' ? { kind: 'out', ...pair } : { kind: 'link', ...pair };
  };
}

/** One end of a row of a link table, in the form of the key or property that it matches, or why it cannot be read. */
function readEnd(
  { column, at, match, several }: { column: string; at: number; match: MatchValue; several: boolean },
  name: string,
  row: Row,
): { text: string; fault?: undefined } | { text?: undefined; fault: { code: RowCode; message: string } } {
  if (row.fault?.column === column) return { fault: row.fault };
  const cell = row.cells[at] ?? '';
  try {
    const text = cell === '' ? '' : (match(typeof cell === 'string' ? cell : onlyText(cell)) ?? '');
    const fault = keyFault(several && text !== '' ? shownForm(text) : text);
    return fault ? { fault } : { text };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { fault: { code: error.code, message: valueFault(name, error) } };
  }
}

/** @throws FormatError */
function onlyText(cell: StructuredCell): string {
  return onlyOf(itemsOf(cell).map(textOf), undefined) ?? '';
}

const untold =
  'The file lacks columns that the condition where asks for, so nobody can tell whether the link belongs to it. What is stored stays.';
