import { deletesGap, pollsCompletely } from '../connectors/registry.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { toPointer, type Fault } from '../domain/fault.ts';
import { allConnectors } from '../domain/job.ts';
import { tablesInScope } from '../domain/scope.ts';
import type { Queryable } from '../repository/database.ts';
import { allJobs } from '../repository/jobs.ts';

/** Warns of polled connections whose changes do not tell what is gone, where no job runs complete syncs, which do. */
export async function warnOfPolls(db: Queryable, file: ConnectorFile): Promise<Fault[]> {
  const warnings = file.connections.flatMap((connection, i): Fault[] => {
    if (!connection.poll || pollsCompletely(connection.package)) return [];
    for (const table of tablesInScope(file, null, connection.name)) {
      const gap = deletesGap(connection, table);
      if (gap !== undefined) return [{ pointer: toPointer(['connections', i, 'poll']), detail: detailOf(table, gap) }];
    }
    return [];
  });
  return warnings.length === 0 || (await isInCompleteJob(db, file.name)) ? [] : warnings;
}

const detailOf = (table: string, gap: string) =>
  `Polls do not find what is gone from ${table}. ${gap} Only complete syncs find it, and no job runs one of this connector: add it to a job with the mode complete.`;

async function isInCompleteJob(db: Queryable, connector: string): Promise<boolean> {
  const jobs = await allJobs(db);
  return jobs.some(
    ({ mode, managedOnly, paused, connectors }) =>
      mode === 'complete' &&
      !managedOnly &&
      !paused &&
      (connectors.includes(allConnectors) || connectors.includes(connector)),
  );
}
