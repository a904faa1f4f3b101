import { bindColumns } from '../domain/bind-columns.ts';
import { SyncError } from '../domain/errors.ts';
import type { ConnectorMapping } from '../domain/mapping.ts';
import type { Database } from '../repository/database.ts';
import { appliedSince } from '../repository/diff-expressions.ts';
import type { ExportReference, SyncRow } from '../repository/syncs.ts';
import type { ExportStore } from '../store/export-store.ts';
import { mappingInScope } from './sinks.ts';
import { tablesOf } from './connection-tables.ts';
import type { Sinks } from './stage-table.ts';

/**
 * Stages the keys that applied incremental syncs have named since a complete export. For these keys the export may be
 * out of date even if no change row exists: an expression can read a column that no stored value shows.
 * @throws SyncError `nothing-prepared` if the exports or changes of these syncs are no longer kept
 */
export async function stageNamedKeys(
  { db, store }: { db: Database; store: ExportStore },
  sync: SyncRow,
  exported: string,
  mapping: ConnectorMapping,
  sinks: Sinks,
  signal: AbortSignal,
): Promise<void> {
  for (const { deltas, changesRemoved } of await appliedSince(db, sync.connector, exported)) {
    if (changesRemoved || (deltas && !deltas.exportRef)) throw forgotten();
    if (deltas?.exportRef) await stageKeysOf(store, sync, deltas.exportRef, mapping, sinks, signal);
  }
}

async function stageKeysOf(
  store: ExportStore,
  sync: SyncRow,
  exportRef: ExportReference,
  mapping: ConnectorMapping,
  sinks: Sinks,
  signal: AbortSignal,
): Promise<void> {
  for (const { connection, table: manifest, reference } of await tablesOf(store, exportRef, sync.connectorName)) {
    const table = mappingInScope(mapping, connection, manifest.table, sync);
    if (!table || table.entityTypes.length === 0) continue;
    // nothing of these was used
    const cut = new Set(manifest.state.files.flatMap((file) => (file.cut ? [file.name] : [])));
    for await (const { source, columns, records, kind } of store.readTable(reference, manifest, signal)) {
      if (cut.has(source) || kind === 'present') continue;
      for (const type of bindColumns(table, columns, { patch: true, source }).entityTypes) {
        const sink = sinks.namedKeys.get(type.name);
        for (const record of records) {
          const mapped = type.map(record, 'delete');
          const key = 'keyText' in mapped ? mapped.keyText : undefined;
          if (key !== undefined && sink?.add([key])) await sink.flush();
        }
      }
    }
  }
}

const forgotten = () =>
  new SyncError(
    'nothing-prepared',
    'What other syncs have changed since the last complete sync is no longer kept, so it is not known which values the expressions give now. Nothing was changed. Run a complete sync, which evaluates the expressions as well.',
  );
