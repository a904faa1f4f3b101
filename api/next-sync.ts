import { hasIncremental } from '../connectors/registry.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { nextRuns } from '../domain/cron.ts';
import { allConnectors } from '../domain/job.ts';
import { hasManaged } from '../domain/managed.ts';
import type { Quarantine } from '../domain/quarantine.ts';
import type { JobRow } from '../repository/jobs.ts';
import type { BreakerView } from '../repository/polls.ts';

/** Something planned: a run of a job, or a poll. */
export interface Planned {
  at: string;
  job: string | null;
  connection: string | null;
}

/** What has to be known of a connector to tell what comes next. */
export interface Plannable {
  connector: string;
  active: boolean;
  file: ConnectorFile | undefined;
  quarantine: Quarantine | null;
  breakers: readonly BreakerView[];
}

/** The first of the runs of jobs that take the connector along, and of its polls; null where nothing is planned. */
export function nextSync(of: Plannable, jobs: readonly JobRow[], now: Date): Planned | null {
  const planned = [...plannedPolls(of), ...plannedRuns(of, jobs, now)];
  return planned.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null;
}

function plannedPolls({ active, breakers }: Plannable): Planned[] {
  if (!active) return [];
  return breakers.flatMap(({ connection, nextAt, retryAt }) => {
    const at = retryAt ?? nextAt;
    return at === null ? [] : [{ at, job: null, connection }];
  });
}

/** Jobs leave out a connector that is deactivated, in quarantine, or lacks what they are about. */
function plannedRuns(
  { connector, active, file, quarantine }: Plannable,
  jobs: readonly JobRow[],
  now: Date,
): Planned[] {
  if (!active || !file) return [];
  const after = quarantine === null ? now : new Date(quarantine.until);
  const taking = jobs.filter(
    (job) =>
      !job.paused &&
      (job.connectors.includes(allConnectors) || job.connectors.includes(connector)) &&
      (job.mode !== 'incremental' || hasIncremental(file)) &&
      (!job.managedOnly || hasManaged(file)),
  );
  return taking.flatMap(({ name, cron, timezone }) =>
    nextRuns(cron, timezone, 1, after).map((at) => ({ at, job: name, connection: null })),
  );
}
