import { randomBytes } from 'node:crypto';
import { reached } from '../domain/marked-points.ts';
import { findUnchangedBase } from '../repository/applied-base.ts';
import { beginFarExport, endFarExport } from '../repository/far-exports.ts';
import { giveTurnBack } from '../repository/source-turns.ts';
import { enterPhase, findSync, startExport } from '../repository/syncs.ts';
import type { FarReference } from '../store/exchange.ts';
import type { Dependencies } from './dependencies.ts';
import { findConnection } from './export.ts';
import { makeExportRequest } from './export-request.ts';
import { copyLastAttempt, copyReports } from './copy-reports.ts';
import { askForTurn, paceOf, turnOf, type NotYet } from './source-limits.ts';

/** What a worker without a database is to read. `limited`: others may wait for the turn that this read has. */
export interface BegunExport extends FarReference {
  limited: boolean;
}

/** The steps before and after a read by a worker without a database. */
export function createFarExportActivities(dependencies: Dependencies) {
  const { db, store, packages, version } = dependencies;

  /**
   * Takes the turn of a connection and writes its request. If the limits of the source allow no further reader now, it returns when to
   * ask again. A repeat writes a request of its own, which takes the place of the first.
   * @param purpose `compare`: whether the source is that of the last complete sync
   */
  async function beginExport(
    syncId: string,
    connection: string,
    purpose: 'read' | 'compare',
  ): Promise<BegunExport | NotYet> {
    const found = await findConnection(dependencies, syncId, connection);
    const { sync } = found;
    const attempt = `${connection}-${randomBytes(4).toString('hex')}`;
    const limited = { sync, connection, limits: found.limits };
    const waits = await askForTurn(db, limited, { holder: attempt, renewed: false });
    if (waits) return waits;
    if (purpose === 'read') {
      await startExport(db, sync.no);
      await enterPhase(db, sync.no, 'export');
      await reached('export/begun');
    }
    const base =
      purpose === 'compare' ? await findUnchangedBase(db, sync.connector, sync.configRevision, version) : undefined;
    const request = await makeExportRequest(db, found, purpose === 'compare' ? (base?.tables ?? []) : undefined);
    const reference = { connector: sync.connectorName, syncId, connection, attempt };
    await store.exchange.writeRequest(reference, request);
    await beginFarExport(db, { sync: sync.no, connection, attempt });
    return { ...reference, limited: turnOf(limited, attempt) !== undefined };
  }

  /**
   * Takes over what the read has told, and gives its turn back. A repeat changes nothing.
   * @param folder of the attempt that was completed; null if none was
   * @throws SyncError `export-missing`, `export-modified` if the manifest of that attempt cannot be used
   */
  async function endExport(of: FarReference, folder: string | null): Promise<void> {
    const sync = await findSync(db, of.syncId);
    if (!sync) return;
    const { connector, syncId, connection, attempt } = of;
    const far = { sync: sync.no, syncId, connector, connection, attempt };
    const { limits } = await findConnection({ db, packages }, syncId, connection).catch(() => ({ limits: undefined }));
    await copyReports(dependencies, far);
    if (limits) await paceOf(db, { sync, connection, limits }, new AbortController().signal).goOn();
    if (folder !== null) await copyLastAttempt(db, far, folder);
    const turn = limits && turnOf({ sync, connection, limits }, attempt);
    if (turn) await giveTurnBack(db, turn);
    await endFarExport(db, far);
    if (folder !== null) await store.readManifest({ connector, syncId, attempt: folder });
  }

  return { beginExport, endExport };
}
