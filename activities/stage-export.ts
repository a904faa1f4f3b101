import type { ConnectorFile } from '../domain/connector-file.ts';
import type { ConnectorMapping } from '../domain/mapping.ts';
import type { Database } from '../repository/database.ts';
import { tellProgress, type SyncRow } from '../repository/syncs.ts';
import { isPlain, readKeepingHashes } from '../store/compare-lines.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { StoredBatch } from '../store/structured-format.ts';
import type { ConnectionTable } from './connection-tables.ts';
import { reportDrift } from './drift.ts';
import { mappingInScope } from './sinks.ts';
import { stageOpenKeys } from './stage-open-keys.ts';
import { TableStager, type Sinks } from './stage-table.ts';

const rowsAtOnce = 500;

/**
 * Maps every record of an export into the sinks. If the whole connector is read, the hashes of the lines are kept for
 * the next sync.
 */
export async function stageExport(
  { db, store }: { db: Database; store: ExportStore },
  { sync, file }: { sync: SyncRow; file: ConnectorFile },
  tables: ConnectionTable[],
  mapping: ConnectorMapping,
  sinks: Sinks,
  signal: AbortSignal,
): Promise<void> {
  let seq = 0;
  let told = Date.now();
  for (const each of tables) {
    const { connection, table: manifest } = each;
    const table = mappingInScope(mapping, connection, manifest.table, sync);
    if (!table) continue;
    const stager = new TableStager(table, sinks, seq);
    let entered: string | undefined;
    const cut = new Set(manifest.state.files.flatMap((file) => (file.cut ? [file.name] : [])));
    for (const name of cut) for (const sink of stager.warnOfCut(name)) await sink.flush();
    const columns = manifest.columns;
    if (each.mode === 'complete') {
      stager.enter({ source: manifest.table, columns, commandColumn: undefined });
      const known = manifest.structured ? manifest.known : columns;
      if (known) await reportDrift(db, sync, connection, manifest.table, known, table);
      stager.leaveOut(manifest.filtered ?? 0);
      entered = `records ${manifest.table}`;
    }
    for await (const batch of batches(store, each, sync, signal)) {
      const { source, columns: of, kind } = batch;
      const gone = kind === 'tombstones';
      const segment = `${kind} ${source}`;
      if (segment !== entered) {
        const does = manifest.structured && each.mode === 'incremental' ? (gone ? 'delete' : 'merge') : undefined;
        stager.enter({ source, columns: of, commandColumn: manifest.commandColumn, does, cut: cut.has(source) });
        entered = segment;
      }
      // a piece of a file with quotes can be many rows
      for (let at = 0; at < batch.records.length; at += rowsAtOnce) {
        const records = batch.records.slice(at, at + rowsAtOnce);
        const rows = manifest.structured ? records.map(placed) : records;
        const due = kind === 'present' ? stager.takePresent(rows) : stager.take(rows);
        for (const sink of due) await sink.flush();
      }
      if (Date.now() - told > 1000) {
        told = Date.now();
        await tellProgress(db, sync.no, 'rowsPrepared', stager.seq);
      }
    }
    if (manifest.keys) await stageOpenKeys(store, { sync, file, signal }, each, table, sinks);
    seq = stager.seq;
  }
}

async function* batches(
  store: ExportStore,
  of: ConnectionTable,
  sync: SyncRow,
  signal: AbortSignal,
): AsyncGenerator<StoredBatch> {
  const { reference, table } = of;
  if (sync.mode === 'complete' && sync.scope === null && isPlain(table))
    for await (const records of readKeepingHashes(store, of, signal))
      yield { source: table.table, columns: table.columns, records, kind: 'records' };
  else yield* store.readTable(reference, table, signal);
}

/** A row of a source without lines. */
const placed = (record: StoredBatch['records'][number]) => ({
  ...record,
  position: record.position ?? `row ${String(record.line)}`,
});
