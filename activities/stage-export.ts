import type { ConnectorMapping } from '../domain/mapping.ts';
import type { Database } from '../repository/database.ts';
import { tellProgress, type ExportReference, type Preparation, type SyncRow } from '../repository/syncs.ts';
import { isPlain, readKeepingHashes, type ExportedTable } from '../store/compare-lines.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { StoredRecord } from '../store/part-format.ts';
import { reportDrift } from './drift.ts';
import { mappingInScope } from './sinks.ts';
import { TableStager, type Sinks } from './stage-table.ts';

/** A table of an export, and the connection that it was read from. */
export interface ConnectionTable extends ExportedTable {
  connection: string;
}

const rowsAtOnce = 500;

/** The tables of an export, as its manifests name them. @throws SyncError `export-missing`, `export-modified` */
export async function tablesOf(
  store: ExportStore,
  exportRef: ExportReference,
  connector: string,
): Promise<ConnectionTable[]> {
  const tables = [];
  for (const { connection, attempt } of exportRef.attempts) {
    const reference = { connector, syncId: exportRef.syncId, attempt };
    for (const table of (await store.readManifest(reference)).tables) tables.push({ connection, table, reference });
  }
  return tables;
}

export const preparedTable = ({ connection, table }: ConnectionTable): Preparation['tables'][number] => ({
  connection,
  table: table.table,
  columns: table.columns,
  certified: table.certified,
  files: table.state.files,
  ...(table.noted ? { noted: table.noted } : {}),
});

/**
 * Maps every record of an export into the sinks. Where the whole connector is read, the hashes of the lines are kept for
 * the sync after it.
 */
export async function stageExport(
  { db, store }: { db: Database; store: ExportStore },
  sync: SyncRow,
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
    if (manifest.commandColumn === undefined) {
      stager.enter({ source: manifest.table, columns, commandColumn: undefined });
      await reportDrift(db, sync, connection, manifest.table, columns, table);
      entered = manifest.table;
    }
    for await (const batch of batches(store, each, sync, signal)) {
      if (batch.source !== entered) {
        const { source, columns: of } = batch;
        stager.enter({ source, columns: of, commandColumn: manifest.commandColumn, cut: cut.has(source) });
        entered = batch.source;
      }
      // a piece of a file with quotes can be many rows
      for (let at = 0; at < batch.records.length; at += rowsAtOnce)
        for (const sink of stager.take(batch.records.slice(at, at + rowsAtOnce))) await sink.flush();
      if (Date.now() - told > 1000) {
        told = Date.now();
        await tellProgress(db, sync.no, 'rowsPrepared', stager.seq);
      }
    }
    seq = stager.seq;
  }
}

async function* batches(
  store: ExportStore,
  of: ConnectionTable,
  sync: SyncRow,
  signal: AbortSignal,
): AsyncGenerator<{ source: string; columns: string[]; records: StoredRecord[] }> {
  const { reference, table } = of;
  if (sync.mode === 'complete' && sync.scope === null && isPlain(table))
    for await (const records of readKeepingHashes(store, of, signal))
      yield { source: table.table, columns: table.columns, records };
  else yield* store.readTable(reference, table, signal);
}
