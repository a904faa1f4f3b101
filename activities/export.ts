import { SyncError } from '../domain/errors.ts';
import { reached } from '../domain/marked-points.ts';
import { limitsOf } from '../domain/source-limits.ts';
import { findUnchangedBase } from '../repository/applied-base.ts';
import { enterPhase, startExport } from '../repository/syncs.ts';
import { openConnection } from './connection.ts';
import type { Dependencies } from './dependencies.ts';
import { makeExportRequest, type Configured } from './export-request.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';
import { leavingTheSlot } from './reading/busy-source.ts';
import { compareStates } from './reading/compare-states.ts';
import type { Exported } from './reading/outcome.ts';
import { newAttempt, readConnection } from './reading/read-connection.ts';
import { reportTo } from './report-to-database.ts';
import { inTurn, paceOf, type NotYet } from './source-limits.ts';

/** Reads by a worker that has the database. */
export function createExportActivities(dependencies: Dependencies) {
  const { db, store, version } = dependencies;

  async function open(syncId: string, name: string) {
    const found = await findConnection(dependencies, syncId, name);
    const { sync, limits } = found;
    const { connection } = await openConnection(dependencies, found.configured);
    return { ...found, connection, limited: { sync, connection: name, limits }, report: reportTo(db, sync, name) };
  }

  /** Whether a connection's sources are byte for byte those of the last fully applied complete sync. Reads, never parses. */
  async function isUnchanged(syncId: string, name: string): Promise<boolean | NotYet> {
    return whileBeating(async (_tell, cancelled) => {
      const opened = await open(syncId, name);
      const { sync, adapter, connection, limited, report } = opened;
      const base = await findUnchangedBase(db, sync.connector, sync.configRevision, version);
      if (!base || !adapter.state) return false;
      return inTurn(db, limited, cancelled, async (signal) => {
        const request = await makeExportRequest(db, opened, base.tables);
        return compareStates({ adapter, connection, request, report, pace: paceOf(db, limited, signal), signal });
      });
    });
  }

  /**
   * Reads every table of a connection into a folder of this attempt, as `readConnection` says. If the limits of the source
   * allow no further reader now, it reads nothing and returns when to ask again.
   */
  async function exportConnection(syncId: string, name: string): Promise<Exported | NotYet> {
    return whileBeating(async (tell, cancelled) => {
      const opened = await open(syncId, name);
      const { sync, adapter, connection, limited, report } = opened;
      return leavingTheSlot(() =>
        inTurn(db, limited, cancelled, async (signal) => {
          const pace = paceOf(db, limited, signal);
          await startExport(db, sync.no);
          await enterPhase(db, sync.no, 'export');
          await reached('export/begun');
          const request = await makeExportRequest(db, opened);
          const attempt = newAttempt(name);
          return readConnection({ store, request, adapter, connection, attempt, report, pace, tell, signal });
        }),
      );
    });
  }

  return { isUnchanged, exportConnection };
}

/** @throws SyncError `configuration` if the revision of the sync has no such connection */
export async function findConnection(
  { db, packages }: Pick<Dependencies, 'db' | 'packages'>,
  syncId: string,
  name: string,
): Promise<Configured> {
  const { sync, file } = await loadSync(db, syncId);
  const configured = file.connections.find((each) => each.name === name);
  if (!configured) throw new SyncError('configuration', `The revision has no connection ${name}.`);
  const adapter = packages.get(configured.package);
  return { sync, file, configured, adapter, limits: limitsOf(sync.connectorName, configured, adapter.limits) };
}
