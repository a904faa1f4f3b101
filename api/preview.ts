import type { ConnectorFile, EntityTypeFile } from '../domain/connector-file.ts';
import { compileExpression, firstLine } from '../domain/expression.ts';
import { bindColumns } from '../domain/bind-columns.ts';
import { compileMapping, type EntityOutcome, type MappedRow, type Row, type TableMapping } from '../domain/mapping.ts';
import { keyText } from '../domain/key.ts';
import { managedBy } from '../domain/managed.ts';
import { keyPartAsStored } from '../domain/match-value.ts';
import { findEntityType, targetTypes } from '../repository/catalog.ts';
import type { Queryable } from '../repository/database.ts';
import { findChoice } from '../repository/managed.ts';
import { findResource } from '../repository/resources.ts';
import { lastExport } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound, Problem } from './problems.ts';

/** One record through the mapping of a file; nothing is written. */
export interface Preview {
  entityType: string;
  cells: Record<string, string>;
  expressions: { property: string; expression: string; value?: unknown; error?: string }[];
  outcome: 'row' | 'filtered' | 'rejected';
  errors: { code: string; column?: string | undefined; property?: string | undefined; message: string }[];
  resource: {
    key: string[];
    attributes: Record<string, unknown>;
    references: Record<string, unknown>;
    /** By the rule; where people choose, as it is stored, else as somebody chose. */
    managed: boolean;
  } | null;
  /** What a sync of this row alone would change. */
  changes: { operation: 'insert' | 'update'; before: unknown; after: unknown }[];
}

export interface Subject {
  columns: string[];
  row: Row;
}

/** The table that an entity type's rows come from. */
export async function tableOf(db: Queryable, file: ConnectorFile, type: EntityTypeFile): Promise<TableMapping> {
  const targets = await targetTypes(db);
  const found = compileMapping(file, { today: new Date(), elsewhere: (name) => targets.get(name) }).tables.find(
    (table) => table.connection === type.source.connection && table.table === type.source.table,
  );
  if (!found) throw notFound(`${type.name} has no table.`);
  return found;
}

/** The row of the given cells; columns that the file needs and that are not given are empty. */
export function subjectOf(table: TableMapping, cells: Record<string, string>): Subject {
  const columns = [...new Set([...Object.keys(cells), ...table.requiredColumns.map((each) => each.column)])];
  return { columns, row: { line: 1, cells: columns.map((column) => cells[column] ?? '') } };
}

/** The row of a key in the newest export. @throws Problem where there is no export, or no such row in it */
export async function findSubject(
  deps: Dependencies,
  connector: { id: number; name: string },
  table: TableMapping,
  type: EntityTypeFile,
  key: string[],
): Promise<Subject> {
  const last = await lastExport(deps.db, connector.id, false);
  if (!last)
    throw new Problem(
      'nothing-prepared',
      `Nothing of ${connector.name} has been exported yet: give a row, or run a sync.`,
    );
  const today = new Date();
  const wanted = keyText(
    key.map((part, i) => {
      const property = type.properties[type.key[i] ?? ''];
      return property ? keyPartAsStored(property, part, today) : part;
    }),
  );
  for (const { connection, attempt } of last.exportRef.attempts) {
    if (connection !== table.connection) continue;
    const reference = { connector: connector.name, syncId: last.exportRef.syncId, attempt };
    const manifest = await deps.store.readManifest(reference);
    const stored = manifest.tables.find((each) => each.table === table.table);
    if (!stored) continue;
    for await (const { columns, records } of deps.store.readTable(reference, stored)) {
      const bound = bindColumns(table, columns, { patch: last.mode === 'incremental' });
      const map = bound.entityTypes.find((each) => each.name === type.name)?.map;
      for (const row of records) {
        const outcome = map?.(row);
        if (outcome && 'keyText' in outcome && outcome.keyText === wanted) return { columns, row };
      }
    }
  }
  throw notFound(`The newest export of ${connector.name} has no row of ${type.name} with this key.`);
}

export async function preview(
  deps: Dependencies,
  table: TableMapping,
  type: EntityTypeFile,
  { columns, row }: Subject,
): Promise<Preview> {
  const cells = Object.fromEntries(columns.map((column, i) => [column, row.cells[i] ?? '']));
  const bound = bindColumns(table, columns, { patch: false });
  const outcome = bound.entityTypes.find((each) => each.name === type.name)?.map(row) ?? { kind: 'filtered' as const };
  const errors = errorsOf(outcome);
  const fits = outcome.kind === 'row' && outcome.fault === undefined;
  const resource = fits ? await toResource(deps, type, outcome) : null;
  return {
    entityType: type.name,
    cells,
    expressions: evaluateAll(type, cells),
    outcome: outcome.kind === 'row' && !fits ? 'rejected' : outcome.kind,
    errors,
    resource,
    changes: resource ? await changesOf(deps, type.name, resource) : [],
  };
}

function errorsOf(outcome: EntityOutcome): Preview['errors'] {
  if (outcome.kind === 'rejected')
    return [{ code: outcome.code, column: outcome.column, property: outcome.property, message: outcome.message }];
  if (outcome.kind !== 'row') return [];
  if (outcome.fault) return [outcome.fault];
  const links = (outcome.linkFaults ?? []).map(({ name, column, code, message }) => ({
    code,
    property: name,
    column,
    message,
  }));
  // a warning: the resource is unmanaged, and comes all the same
  const untold = outcome.managed?.fault;
  return untold === undefined ? links : [...links, { code: 'managed-rule', message: untold }];
}

function evaluateAll(type: EntityTypeFile, cells: Record<string, string>): Preview['expressions'] {
  const row = new Map(Object.entries(cells));
  const all = [
    ...(type.source.where === undefined ? [] : [['where', type.source.where] as const]),
    ...Object.entries(type.properties).flatMap(([name, { expression }]) =>
      expression === undefined ? [] : [[name, expression] as const],
    ),
  ];
  return all.map(([property, expression]) => {
    try {
      const value = compileExpression(expression).evaluate(row);
      return { property, expression, value: typeof value === 'bigint' ? Number(value) : value };
    } catch (error) {
      return { property, expression, error: firstLine(error) };
    }
  });
}

async function toResource(
  deps: Dependencies,
  type: EntityTypeFile,
  outcome: MappedRow,
): Promise<NonNullable<Preview['resource']>> {
  const names = Object.entries(type.navigationProperties).flatMap(([name, { column }]) =>
    column === undefined ? [] : [name],
  );
  return {
    key: outcome.key,
    attributes: JSON.parse(outcome.attributes) as Record<string, unknown>,
    references: Object.fromEntries(names.map((name, i) => [name, outcome.references[i] ?? null])),
    managed: managedBy(type) === 'hand' ? await isManagedByHand(deps, type.name, outcome.keyText) : isManaged(outcome),
  };
}

const isManaged = ({ managed }: MappedRow) => managed?.managed ?? true;

/** What is stored says it; what comes, or comes back, is as somebody chose. */
async function isManagedByHand({ db }: Dependencies, entityType: string, key: string): Promise<boolean> {
  const type = await findEntityType(db, entityType);
  if (!type) return false;
  const known = (await findResource(db, type.id, key)) ?? (await findChoice(db, type.id, key));
  return known?.managed ?? false;
}

async function changesOf(
  { db }: Dependencies,
  entityType: string,
  resource: NonNullable<Preview['resource']>,
): Promise<Preview['changes']> {
  const type = await findEntityType(db, entityType);
  const stored = type && (await findResource(db, type.id, keyText(resource.key)));
  if (!type || !stored) return [{ operation: 'insert', before: null, after: resource.attributes }];
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  const retired = new Set(type.properties.filter((each) => each.retired).map((each) => each.name));
  for (const name of new Set([...Object.keys(stored.attributes), ...Object.keys(resource.attributes)])) {
    const [was, is] = [stored.attributes[name] ?? null, resource.attributes[name] ?? null];
    if (retired.has(name) || JSON.stringify(was) === JSON.stringify(is)) continue;
    before[name] = was;
    after[name] = is;
  }
  return Object.keys(after).length === 0 ? [] : [{ operation: 'update', before, after }];
}
