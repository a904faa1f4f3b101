import type { Connection, ConnectorPackage } from '../../connectors/package.ts';
import type { Delta, TakenDelta } from '../../domain/delta.ts';
import type { ExportRequest, TableRequest } from '../../store/export-request.ts';
import type { Report } from './report.ts';

/** A use of a connection that asks for its deltas. */
interface Asking {
  adapter: ConnectorPackage;
  connection: Connection;
  request: ExportRequest;
  report: Pick<Report, 'looks'>;
  signal: AbortSignal;
}

/** The deltas of a table that no sync has taken as they stand. */
export async function pendingOf(
  { adapter, connection, request, report, signal }: Asking,
  of: TableRequest,
): Promise<Delta[]> {
  if (!adapter.pending) return [];
  const { deltas, looks } = await adapter.pending(connection, {
    table: of.table,
    tables: request.allTables,
    taken: takenOf(of),
    signal,
  });
  await report.looks(of.table, looks);
  return deltas;
}

export const takenOf = ({ taken }: TableRequest): Map<string, TakenDelta> =>
  new Map(taken.map((each) => [each.name, each]));
