import { changesGap, hasIncremental } from '../connectors/registry.ts';
import type { ConnectorFile, EntityTypeFile } from '../domain/connector-file.ts';
import { isDirectory } from '../domain/directory/directory-file.ts';
import { nextRuns } from '../domain/next-runs.ts';
import { skippedParts } from '../domain/incremental.ts';
import { allConnectors } from '../domain/job.ts';
import { hasManaged } from '../domain/managed.ts';
import type { JobRow } from '../repository/jobs.ts';
import type { BreakerView } from '../repository/polls.ts';
import type { Quarantines } from '../repository/quarantine.ts';

/** Something planned: a run of a job, or a poll. */
export interface Planned {
  at: string;
  job: string | null;
  connection: string | null;
}

/** The data of a connector from which its next sync follows. */
export interface Plannable {
  connector: string;
  active: boolean;
  file: ConnectorFile | undefined;
  quarantines: Quarantines;
  breakers: readonly BreakerView[];
}

/** An entity type of a connector, or one resource of it. */
export interface Subject {
  entityType: string;
  /** For a resource: jobs over managed resources skip it if it is unmanaged. */
  managed?: boolean | null;
}

type NextSync = (of: Plannable, subject?: Subject) => Planned | null;

/**
 * Finds the next run of a job, or the next poll, that includes a connector or a part of it; null if none is planned. The next
 * run of each job is computed only once.
 */
export function timetable(jobs: readonly JobRow[], now: Date): NextSync {
  const found = new Map<string, string | undefined>();
  const nextRun = ({ name, cron, timezone }: JobRow, after: Date): string | undefined => {
    const key = `${name} ${String(after.getTime())}`;
    if (!found.has(key)) found.set(key, nextRuns(cron, timezone, 1, after)[0]);
    return found.get(key);
  };
  return (of, subject) => {
    const { active, file, quarantines } = of;
    const type = subject && file?.entityTypes.find(({ name }) => name === subject.entityType);
    if (!active || !file || (subject && !type)) return null;
    const runs = jobs
      .filter((job) => takes(job, of.connector, file, subject))
      .flatMap((job) => {
        const quarantine = quarantines[job.mode];
        const at = nextRun(job, quarantine ? new Date(quarantine.until) : now);
        return at === undefined ? [] : [{ at, job: job.name, connection: null }];
      });
    const planned = [...runs, ...plannedPolls(of.breakers, type)];
    return planned.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null;
  };
}

/** The next run of each job that takes a connector along, the earliest first. */
export function nextRunsOfJobs(jobs: readonly JobRow[], of: Plannable, now: Date): { job: string; at: string }[] {
  const { active, file, connector, quarantines } = of;
  if (!active || !file) return [];
  return jobs
    .filter((job) => takes(job, connector, file, undefined))
    .flatMap(({ name, mode, cron, timezone }) => {
      const quarantine = quarantines[mode];
      const [at] = nextRuns(cron, timezone, 1, quarantine ? new Date(quarantine.until) : now);
      return at === undefined ? [] : [{ job: name, at }];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Polls read the entity types of their connection; the attempt of an open breaker is a complete sync of the connector. */
function plannedPolls(breakers: readonly BreakerView[], type: EntityTypeFile | undefined): Planned[] {
  return breakers.flatMap(({ connection, nextAt, retryAt }) => {
    const at = retryAt ?? nextAt;
    const read = retryAt !== null || type === undefined || type.source.connection === connection;
    return at === null || !read ? [] : [{ at, job: null, connection }];
  });
}

interface Changes {
  /** Some connection of the file can report changes. */
  some: boolean;
  /** Entity types that incremental syncs skip, because their connections cannot. */
  skipped: readonly string[];
}

const known = new WeakMap<ConnectorFile, Changes>();

/** Settings are checked by their schema to find this out, so it is found out once for each file that was read. */
function changesOf(file: ConnectorFile): Changes {
  let found = known.get(file);
  if (!found) {
    found = { some: hasIncremental(file), skipped: skippedParts(file, null, changesGap).entityTypes };
    known.set(file, found);
  }
  return found;
}

const tellsChanges = (file: ConnectorFile, subject: Subject | undefined): boolean =>
  changesOf(file).some && (subject === undefined || !changesOf(file).skipped.includes(subject.entityType));

/** Jobs skip a connector without a fitting mode or managed resources. */
const takes = (job: JobRow, connector: string, file: ConnectorFile, subject: Subject | undefined): boolean =>
  !job.paused &&
  ((job.connectors.includes(allConnectors) && !isDirectory(file)) || job.connectors.includes(connector)) &&
  (job.mode !== 'incremental' || tellsChanges(file, subject)) &&
  (!job.managedOnly || (hasManaged(file) && subject?.managed !== false));
