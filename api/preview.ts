import { targetsOf, type EntityTypeFile, type NavigationFile } from '../domain/connector-file.ts';
import { byName, own } from '../domain/chosen-names.ts';
import type { EntityOutcome, MappedRow, Row } from '../domain/mapping.ts';
import { keyText } from '../domain/key.ts';
import { managedBy } from '../domain/managed.ts';
import { shownForm } from '../domain/match-several.ts';
import { keyPartAsStored } from '../domain/match-value.ts';
import { findEntityType } from '../repository/catalog.ts';
import { findChoice } from '../repository/managed.ts';
import { findResource } from '../repository/resources.ts';
import { lastExport } from '../repository/last-export.ts';
import type { Dependencies } from './dependencies.ts';
import { posted, type PreviewedRow, type RowsToPreview } from './preview-rows.ts';
import { notFound, Problem } from './problems.ts';
import { SideThread, SideThreadError, threadEntry } from './threads.ts';

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
    /** By the rule. With `by: hand`, as stored, else as a person chose. */
    managed: boolean;
  } | null;
  /** What a sync of this row alone would change. */
  changes: { operation: 'insert' | 'update'; before: unknown; after: unknown }[];
}

export interface Subject {
  columns: string[];
  row: Row;
  /** Columns that the file needs and that are not given are empty. */
  fill: boolean;
}

export function subjectOf(cells: Readonly<Record<string, string>>): Subject {
  return { columns: Object.keys(cells), row: { line: 1, cells: Object.values(cells) }, fill: true };
}

/** The row of a key in the newest export. @throws Problem if there is no export, or no such row in it */
export async function findSubject(
  deps: Dependencies,
  connector: { id: number; name: string },
  asked: Asked,
  type: EntityTypeFile,
  key: string[],
): Promise<Subject> {
  const last = await lastExport(deps.db, connector.id, false);
  if (!last) throw new Problem('nothing-prepared', `${connector.name} has no export yet: give a row, or run a sync.`);
  const today = new Date();
  const wanted = keyText(
    key.map((part, i) => {
      const property = own(type.properties, type.key[i] ?? '');
      return property ? keyPartAsStored(property, part, today) : part;
    }),
  );
  for (const { connection, attempt } of last.exportRef.attempts) {
    if (connection !== type.source.connection) continue;
    const reference = { connector: connector.name, syncId: last.exportRef.syncId, attempt };
    const manifest = await deps.store.readManifest(reference);
    const stored = manifest.tables.find((each) => each.table === type.source.table);
    if (!stored) continue;
    for await (const { columns, records, kind } of deps.store.readTable(reference, stored)) {
      if (kind !== 'records') continue;
      const { found } = await inThread({
        ...asked,
        columns,
        patch: last.mode === 'incremental',
        rows: records.map(posted),
        wanted,
      });
      const row = found === undefined ? undefined : records[found];
      if (row) return { columns, row, fill: false };
    }
  }
  throw notFound(`The newest export of ${connector.name} has no row of ${asked.entityType} with this key.`);
}

export async function preview(
  deps: Dependencies,
  asked: Asked,
  type: EntityTypeFile,
  { columns, row, fill }: Subject,
): Promise<Preview> {
  const { outcome, expressions, cells } = await inThread({
    ...asked,
    columns,
    patch: false,
    rows: [posted(row)],
    fill,
  });
  const errors = errorsOf(outcome);
  const fits = outcome.kind === 'row' && outcome.fault === undefined;
  const resource = fits ? await toResource(deps, type, outcome) : null;
  return {
    entityType: type.name,
    cells,
    expressions,
    outcome: outcome.kind === 'row' && !fits ? 'rejected' : outcome.kind,
    errors,
    resource,
    changes: resource ? await changesOf(deps, type.name, resource) : [],
  };
}

/** What all rows of one request have in common. */
export type Asked = Pick<RowsToPreview, 'request' | 'file' | 'targets' | 'entityType' | 'structured'>;

const patience = 2_000;
const thread = new SideThread<RowsToPreview, PreviewedRow>(threadEntry('preview-thread', import.meta.url), {
  milliseconds: patience,
  megabytes: 192,
  waiting: 16,
});

/** Maps rows in a thread of its own, which is ended if this takes long: an unsaved file may have any expression. */
async function inThread(rows: RowsToPreview): Promise<PreviewedRow> {
  try {
    const mapped = await thread.run(rows);
    if (mapped.refused !== undefined) throw new Problem('invalid', mapped.refused);
    return mapped;
  } catch (error) {
    if (!(error instanceof SideThreadError) || error.reason === 'failed') throw error;
    if (error.reason === 'busy')
      throw new Problem('too-many-requests', 'Many previews are being made. Ask again in ten seconds.', {
        headers: { 'retry-after': '10' },
      });
    throw new Problem(
      'invalid',
      error.reason === 'time'
        ? `The preview took more than ${String(patience / 1000)} seconds and was ended: make the expressions simpler.`
        : 'The preview needed too much memory and was ended: make the expressions simpler.',
    );
  }
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
  // a warning: the resource is unmanaged, but inserted or updated
  const untold = outcome.managed?.fault;
  return untold === undefined ? links : [...links, { code: 'managed-rule', message: untold }];
}

async function toResource(
  deps: Dependencies,
  type: EntityTypeFile,
  outcome: MappedRow,
): Promise<NonNullable<Preview['resource']>> {
  const references = Object.entries(type.navigationProperties).filter(([, { column }]) => column !== undefined);
  const shown = (navigation: NavigationFile, value: string) =>
    targetsOf(navigation).length > 1 ? shownForm(value) : value;
  return {
    key: outcome.key,
    attributes: JSON.parse(outcome.attributes) as Record<string, unknown>,
    references: Object.fromEntries(
      references.map(([name, navigation], i) => {
        const value = outcome.references[i] ?? null;
        if (value === null) return [name, null];
        return [
          name,
          typeof value === 'string' ? shown(navigation, value) : value.map((each) => shown(navigation, each)),
        ];
      }),
    ),
    managed: managedBy(type) === 'hand' ? await isManagedByHand(deps, type.name, outcome.keyText) : isManaged(outcome),
  };
}

const isManaged = ({ managed }: MappedRow) => managed?.managed ?? true;

/** A stored resource has the value. For a resource that is new or comes back, the choice of a person counts. */
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
  const before = byName<unknown>();
  const after = byName<unknown>();
  const retired = new Set(type.properties.filter((each) => each.retired).map((each) => each.name));
  for (const name of new Set([...Object.keys(stored.attributes), ...Object.keys(resource.attributes)])) {
    const [was, is] = [own(stored.attributes, name) ?? null, own(resource.attributes, name) ?? null];
    if (retired.has(name) || JSON.stringify(was) === JSON.stringify(is)) continue;
    before[name] = was;
    after[name] = is;
  }
  return Object.keys(after).length === 0 ? [] : [{ operation: 'update', before, after }];
}
