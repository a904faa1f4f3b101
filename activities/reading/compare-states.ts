import type { Connection, ConnectorPackage } from '../../connectors/package.ts';
import type { ExportRequest } from '../../store/export-request.ts';
import { pendingOf } from './pending.ts';
import type { Pace, Report } from './report.ts';

/** Whether the sources of a connection are byte for byte those of the last fully applied complete sync. Reads, never parses. */
export async function compareStates(of: {
  adapter: ConnectorPackage;
  connection: Connection;
  request: ExportRequest;
  report: Pick<Report, 'looks'>;
  pace: Pace;
  signal: AbortSignal;
}): Promise<boolean> {
  const { adapter, connection, request, pace, signal } = of;
  try {
    for (const table of request.tables) {
      if (table.state === undefined) return false;
      await pace.request();
      // pending deltas are older than the source as it is now, so a complete sync has to mark them as taken
      if ((await pendingOf(of, table)).length > 0) return false;
      if ((await adapter.state?.(connection, table.table, signal)) !== table.state) return false;
    }
    return true;
  } finally {
    await pace.end();
  }
}
