import type { ExportReference, Preparation } from '../repository/syncs.ts';
import type { ExportedTable } from '../store/compare-lines.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { Manifest } from '../store/manifest.ts';

/** A table of an export, and the connection that it was read from. */
export interface ConnectionTable extends ExportedTable {
  connection: string;
  mode: Manifest['mode'];
  /** When its connection was begun to be read. */
  startedAt: string;
}

/** The tables of an export, as its manifests name them. @throws SyncError `export-missing`, `export-modified` */
export async function tablesOf(
  store: ExportStore,
  exportRef: ExportReference,
  connector: string,
): Promise<ConnectionTable[]> {
  const tables = [];
  for (const { connection, attempt } of exportRef.attempts) {
    const reference = { connector, syncId: exportRef.syncId, attempt };
    const manifest = await store.readManifest(reference);
    for (const table of manifest.tables)
      tables.push({ connection, table, reference, mode: manifest.mode, startedAt: manifest.startedAt });
  }
  return tables;
}

export const preparedTable = ({ connection, table }: ConnectionTable): Preparation['tables'][number] => ({
  connection,
  table: table.table,
  columns: table.known ?? table.columns,
  certified: table.certified,
  ...(table.structured ? { structured: true } : {}),
  ...(table.parts.some(({ structured }) => structured === 'present') ? { present: true } : {}),
  ...(table.keys ? { byKeys: true } : {}),
  ...(table.state.text === undefined ? {} : { state: table.state.text }),
  ...(table.checkpoint ? { checkpoint: table.checkpoint } : {}),
  files: table.state.files,
  ...(table.noted ? { noted: table.noted } : {}),
});
