import { Context } from '@temporalio/activity';
import { SyncError } from '../domain/errors.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { filterFingerprint } from '../domain/mapping.ts';
import { tablesInScope } from '../domain/scope.ts';
import type { Connection, ConnectorPackage, SourceState } from '../connectors/package.ts';
import { findUnchangedBase, takenDeltas } from '../repository/checkpoint.ts';
import { logSync } from '../repository/sync-log.ts';
import { startExport, tellProgress, type SyncRow } from '../repository/syncs.ts';
import { openConnection } from './connection.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';

export function createExportActivities({ db, store, packages, version }: Dependencies) {
  async function open(syncId: string, name: string) {
    const { sync, file } = await loadSync(db, syncId);
    const configured = file.connections.find((each) => each.name === name);
    if (!configured) throw new SyncError('configuration', `The revision has no connection ${name}.`);
    return {
      sync,
      file,
      ...(await openConnection(packages, configured)),
      tables: tablesInScope(file, sync.scope, name),
    };
  }

  /** Whether a connection's sources are byte for byte those of the last fully applied complete sync. Reads, never parses. */
  async function isUnchanged(syncId: string, name: string): Promise<boolean> {
    return whileBeating(async (_tell, signal) => {
      const { sync, adapter, connection, tables } = await open(syncId, name);
      const base = await findUnchangedBase(db, sync.connector, sync.configRevision, version);
      if (!base) return false;
      for (const table of tables) {
        const before = base.tables.find((each) => each.connection === name && each.table === table);
        if (!before) return false;
        const now = await adapter.state(connection, table, signal);
        if (JSON.stringify(sorted(now.files)) !== JSON.stringify(sorted(before.files))) return false;
      }
      return true;
    });
  }

  return { isUnchanged };
}

const sorted = (files: SourceState['files']) =>
  files.map(({ name, sha256, bytes }) => [name, sha256, bytes] as const).sort(([a], [b]) => (a < b ? -1 : 1));
