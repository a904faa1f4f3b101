import { SyncError } from '../domain/errors.ts';
import type { FarReference } from '../store/exchange.ts';
import type { ExportRequest } from '../store/export-request.ts';
import { openConnection } from './connection.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { leavingTheSlot } from './reading/busy-source.ts';
import { compareStates } from './reading/compare-states.ts';
import { FarReport } from './reading/far-report.ts';
import { look } from './look.ts';
import type { Exported } from './reading/outcome.ts';
import { newAttempt, readConnection } from './reading/read-connection.ts';

/**
 * Reads by a worker that needs only Temporal and the export store: what it has to know stands in a request there, and what it tells
 * goes there.
 */
export function createFromRequestActivities({
  store,
  packages,
  secretFolders,
}: Pick<Dependencies, 'store' | 'packages' | 'secretFolders'>) {
  async function open(of: FarReference) {
    const request = await store.exchange.readRequest(of);
    if (!request)
      throw new SyncError(
        'export-missing',
        'The request of the export is not in the export store. Does this worker have the SYNCLINE_EXPORT_STORE of the others?',
      );
    if (request === 'unreadable')
      throw new SyncError(
        'export-missing',
        'This worker does not understand the request of the export. Bring it to the version of the workers with the database.',
      );
    return { request, ...(await openConnection({ packages, secretFolders }, request.connection)) };
  }

  async function reporting<Result>(
    of: FarReference,
    request: ExportRequest,
    signal: AbortSignal,
    work: (far: FarReport, attempt: string) => Promise<Result>,
  ): Promise<Result> {
    const attempt = newAttempt(of.attempt);
    const far = await FarReport.begin(store.exchange, of, { folder: attempt, request, signal });
    try {
      return await work(far, attempt);
    } finally {
      await far.close();
    }
  }

  /** Reads a connection as its request says, as `readConnection` does. A retry goes on after the parts of the attempt before. */
  async function exportFromRequest(of: FarReference): Promise<Exported> {
    return whileBeating(async (tell, signal) => {
      const { request, adapter, connection } = await open(of);
      return leavingTheSlot(() =>
        reporting(of, request, signal, (report, attempt) =>
          readConnection({ store, request, adapter, connection, attempt, report, pace: report, tell, signal }),
        ),
      );
    });
  }

  /** Whether the sources are those of the last fully applied complete sync, as `compareStates` says. */
  async function compareFromRequest(of: FarReference): Promise<boolean> {
    return whileBeating(async (_tell, signal) => {
      const { request, adapter, connection } = await open(of);
      return reporting(of, request, signal, (report) =>
        compareStates({ adapter, connection, request, report, pace: report, signal }),
      );
    });
  }

  /** Looks at a connection as the request of an inspection says. */
  async function inspectFromRequest(inspectionId: string, name: string): Promise<void> {
    const request = await store.exchange.readInspection(inspectionId, name);
    if (!request) throw new SyncError('export-missing', 'The request of the inspection is not in the export store.');
    await store.exchange.writeFinding(inspectionId, await look({ packages, secretFolders }, request));
  }

  return { exportFromRequest, compareFromRequest, inspectFromRequest };
}
