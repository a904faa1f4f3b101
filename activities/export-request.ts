import type { AppliedBase } from '../domain/applied-base.ts';
import type { ConnectionFile, ConnectorFile } from '../domain/connector-file.ts';
import { changesGap, scopeOf } from '../connectors/registry.ts';
import type { ConnectorPackage } from '../connectors/package.ts';
import { filterFingerprint } from '../domain/filters.ts';
import { tablesToRead } from '../domain/incremental.ts';
import { readFingerprint } from '../domain/read-fingerprint.ts';
import { tablesInScope } from '../domain/scope.ts';
import { keysToAsk } from '../domain/source-keys.ts';
import type { SourceLimits } from '../domain/source-limits.ts';
import { wantedColumns } from '../domain/wanted-columns.ts';
import { findCheckpoint, notedDeltas, takenDeltas } from '../repository/checkpoint.ts';
import type { Database } from '../repository/database.ts';
import type { SyncRow } from '../repository/syncs.ts';
import type { ExportRequest, TableRequest } from '../store/export-request.ts';

/** A connection of a sync, before it is opened. */
export interface Configured {
  sync: SyncRow;
  file: ConnectorFile;
  configured: ConnectionFile;
  adapter: ConnectorPackage;
  limits: SourceLimits;
}

/** What a read of a connection has to know, as the tables have it now. @param base of a comparison: what the last complete sync read */
export async function makeExportRequest(
  db: Database,
  { sync, file, configured, adapter, limits }: Configured,
  base?: AppliedBase['tables'],
): Promise<ExportRequest> {
  const { name, package: packageName, settings, secrets } = configured;
  const tables: TableRequest[] = [];
  for (const table of tablesToRead(file, sync, name, changesGap)) {
    const wanted = wantedColumns(file, name, table);
    const state = base?.find((each) => each.connection === name && each.table === table)?.state;
    tables.push({
      table,
      ...(wanted ? { wanted: { ...wanted, columns: [...wanted.columns], key: [...wanted.key] } } : {}),
      ...(state === undefined ? {} : { state }),
      ...keysOf({ sync, file, adapter }, name, table),
      ...(adapter.pending ? await deltasOf(db, sync, name, table) : { taken: [], noted: [] }),
      ...(base ? {} : await checkpointOf(db, { sync, file }, name, table)),
    });
  }
  return {
    version: 1,
    connector: sync.connectorName,
    syncId: sync.id,
    connection: { name, package: packageName, settings, secrets },
    mode: sync.mode,
    tables,
    allTables: tablesInScope(file, null, name),
    filterFingerprint: filterFingerprint(file, scopeOf),
    ...(limits.requestsPerSecond === undefined ? {} : { requestsPerSecond: limits.requestsPerSecond }),
  };
}

/**
 * The keys that a sync of single items asks a table for. A sync that only exports reads whole tables, since any sync may prepare
 * what it exported.
 */
function keysOf(
  { sync, file, adapter }: Pick<Configured, 'sync' | 'file' | 'adapter'>,
  connection: string,
  table: string,
): Pick<TableRequest, 'keys'> {
  if (!adapter.readKeys || sync.mode !== 'complete' || !sync.tasks.includes('synchronize')) return {};
  const found = keysToAsk(file, sync.scope, connection, table);
  if (!found) return {};
  const asked = found.asked.map(({ values, only }) => ({ values, only }));
  return { keys: { by: found.by, asked, links: found.links } };
}

async function deltasOf(db: Database, { connector, mode }: SyncRow, connection: string, table: string) {
  const taken = [...(await takenDeltas(db, connector, connection, table)).values()];
  const noted = mode === 'incremental' ? await notedDeltas(db, connector, connection, table) : [];
  return { taken, noted: [...noted].map(([name, deltas]) => ({ name, deltas })) };
}

async function checkpointOf(
  db: Database,
  { sync, file }: Pick<Configured, 'sync' | 'file'>,
  connection: string,
  table: string,
): Promise<Pick<TableRequest, 'since' | 'last'>> {
  if (sync.mode === 'complete') {
    const last = await findCheckpoint(db, sync.connector, { connection, table });
    return last ? { last } : {};
  }
  const fingerprint = readFingerprint(file, connection, table);
  const since = await findCheckpoint(db, sync.connector, { connection, table, fingerprint });
  return since ? { since } : {};
}
