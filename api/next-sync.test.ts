import { describe, expect, it } from 'vitest';
import { checkShape } from '../domain/parse-connector-file.ts';
import type { JobRow } from '../repository/jobs.ts';
import type { BreakerView } from '../repository/polls.ts';
import { nextRunsOfJobs, timetable, type Plannable } from './next-sync.ts';

const now = new Date('2026-03-01T10:30:00Z');

const typeOf = (name: string, connection: string, more: object = {}) => ({
  name,
  source: { connection, table: `${name}.csv` },
  key: ['id'],
  properties: { id: { column: 'id' } },
  ...more,
});

function fileOf(settings: object = {}) {
  const parsed = checkShape({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'hr',
    connections: ['a', 'b'].map((name) => ({ name, package: 'csv', settings: { directory: name, ...settings } })),
    entityTypes: [
      typeOf('People', 'a', { managed: { rule: "resource.id == '1'" } }),
      // members come from the other connection
      typeOf('Groups', 'b', {
        navigationProperties: {
          members: { to: 'People', connection: 'a', table: 'm.csv', sourceColumn: 'g', targetColumn: 'p' },
        },
      }),
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.file;
}

const directory = checkShape({
  apiVersion: 'syncline/v1',
  kind: 'Directory',
  name: 'directory',
  entityTypes: [{ name: 'User', key: 'generated', properties: { login: {} } }],
});

const hr: Plannable = { connector: 'hr', active: true, file: fileOf(), quarantines: {}, breakers: [] };
const job = (name: string, cron: string, more: Partial<JobRow> = {}) =>
  ({
    name,
    cron,
    timezone: 'UTC',
    mode: 'complete',
    connectors: ['*'],
    managedOnly: false,
    paused: false,
    ...more,
  }) as JobRow;
const poll = (connection: string, nextAt: string, retryAt: string | null = null): BreakerView => ({
  ...{ connector: 'hr', connection, state: retryAt === null ? 'closed' : 'open', failures: 0, lastError: null },
  ...{ nextAt, retryAt },
});

describe('what comes next', () => {
  it('is the first of the jobs that take the connector along', () => {
    const jobs = [
      job('later', '0 12 * * *'),
      job('paused', '31 10 * * *', { paused: true }),
      job('others', '32 10 * * *', { connectors: ['ad'] }),
      job('deltas', '33 10 * * *', { mode: 'incremental' }),
      job('own', '0 11 * * *', { connectors: ['hr'] }),
    ];
    const next = timetable(jobs, now);
    expect(next(hr)).toEqual({ at: '2026-03-01T11:00:00Z', job: 'own', connection: null });
    expect(next(hr, { entityType: 'Groups' })).toMatchObject({ job: 'own' });
    expect(next(hr, { entityType: 'Gone' })).toBeNull();
    expect(next({ ...hr, active: false })).toBeNull();
    // the directory is no part of all connectors: its sources make its work
    const own = { ...hr, connector: 'directory', file: directory.ok ? directory.file : undefined };
    expect(timetable([job('all', '0 11 * * *')], now)(own)).toBeNull();
    expect(timetable([job('it', '0 11 * * *', { connectors: ['directory'] })], now)(own)).toMatchObject({ job: 'it' });
    const delta = { delta: { directory: 'd', commandColumn: 'c' } };
    expect(next({ ...hr, file: fileOf(delta) })).toMatchObject({ job: 'deltas' });
    // an incremental sync leaves out what it reads from a connection that cannot tell changes
    const file = fileOf();
    for (const connection of file.connections)
      if (connection.name === 'b') connection.settings = { directory: 'b', ...delta };
    expect(next({ ...hr, file })).toMatchObject({ job: 'deltas' });
    expect(next({ ...hr, file }, { entityType: 'Groups' })).toMatchObject({ job: 'deltas' });
    expect(next({ ...hr, file }, { entityType: 'People' })).toMatchObject({ job: 'own' });
    const until = '2026-03-01T11:30:00Z';
    const quarantine = { until } as NonNullable<Plannable['quarantines']['complete']>;
    expect(next({ ...hr, quarantines: { complete: quarantine } })).toMatchObject({ job: 'later' });
    // each mode for itself
    expect(next({ ...hr, quarantines: { incremental: quarantine } })).toMatchObject({ job: 'own' });
  });

  it('is, of each job, its next run that takes the connector along', () => {
    const jobs = [
      job('later', '0 12 * * *'),
      job('paused', '31 10 * * *', { paused: true }),
      job('others', '32 10 * * *', { connectors: ['ad'] }),
      job('deltas', '33 10 * * *', { mode: 'incremental' }),
      job('own', '0 11 * * *', { connectors: ['hr'] }),
    ];
    expect(nextRunsOfJobs(jobs, hr, now)).toEqual([
      { job: 'own', at: '2026-03-01T11:00:00Z' },
      { job: 'later', at: '2026-03-01T12:00:00Z' },
    ]);
    expect(nextRunsOfJobs(jobs, { ...hr, active: false }, now)).toEqual([]);
    const quarantine = { until: '2026-03-01T11:30:00Z' } as NonNullable<Plannable['quarantines']['complete']>;
    expect(nextRunsOfJobs(jobs, { ...hr, quarantines: { complete: quarantine } }, now)).toEqual([
      { job: 'later', at: '2026-03-01T12:00:00Z' },
      { job: 'own', at: '2026-03-02T11:00:00Z' },
    ]);
  });

  it('leaves unmanaged resources out of jobs over managed ones', () => {
    const next = timetable([job('managed', '0 11 * * *', { managedOnly: true }), job('all', '0 12 * * *')], now);
    expect(next(hr, { entityType: 'People', managed: true })).toMatchObject({ job: 'managed' });
    expect(next(hr, { entityType: 'People' })).toMatchObject({ job: 'managed' });
    expect(next(hr, { entityType: 'People', managed: false })).toMatchObject({ job: 'all' });
  });

  it('is a poll for the entity types of its connection, and for all of them where a breaker is open', () => {
    const next = timetable([], now);
    const polled = { ...hr, breakers: [poll('a', '2026-03-01T10:31:00Z'), poll('b', '2026-03-01T10:40:00Z')] };
    expect(next(polled)).toMatchObject({ at: '2026-03-01T10:31:00Z', connection: 'a' });
    expect(next(polled, { entityType: 'Groups' })).toMatchObject({ at: '2026-03-01T10:40:00Z', connection: 'b' });
    const opened = { ...hr, breakers: [poll('a', '2026-03-01T10:35:00Z', '2026-03-01T10:35:00Z')] };
    expect(next(opened, { entityType: 'Groups' })).toMatchObject({ at: '2026-03-01T10:35:00Z', connection: 'a' });
    expect(next({ ...polled, active: false })).toBeNull();
  });
});
