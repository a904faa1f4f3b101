import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson } from '../support/connector.ts';
import { Jobs, type Execution } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

/** `npm run test:many-connectors` takes 200. */
const connectors = Number(process.env['JOB_CONNECTORS'] ?? '25');
const perJob = 25;

describe(`${String(connectors)} connectors scheduled for the same minute`, () => {
  let stack: Stack;
  let jobs: Jobs;
  beforeAll(async () => {
    stack = await Stack.start();
    jobs = new Jobs(stack);
  });
  afterAll(() => stack.stop());

  it('all end, each with one sync and a result', { timeout: 3_600_000 }, async () => {
    const names = Array.from({ length: connectors }, (_, i) => `m${String(i).padStart(3, '0')}`);
    for (const name of names) {
      await stack.place(name, { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
      await stack.put(onePerson({ name }), name);
    }
    // far enough ahead for every job to be there by then
    const due = new Date(Date.now() + 5_000 + connectors * 200);
    due.setUTCSeconds(0, 0);
    due.setUTCMinutes(due.getUTCMinutes() + 1);
    const cron = `${String(due.getUTCMinutes())} ${String(due.getUTCHours())} * * *`;
    const groups: string[] = [];
    for (let from = 0; from < names.length; from += perJob) {
      const group = `group-${String(from / perJob)}`;
      await jobs.put(group, { connectors: names.slice(from, from + perJob), cron });
      groups.push(group);
    }
    const executions: Execution[] = [];
    for (const group of groups) executions.push(await jobs.scheduled(group, 3_000));
    for (const execution of executions) {
      expect(Date.parse(execution.scheduledAt ?? '')).toBe(due.getTime());
      // a first sync is held: it has no slot, and the execution ends
      const odd = execution.results.filter(({ status }) => status !== 'held');
      expect(await Promise.all(odd.map(({ syncId }) => stack.get<Sync>(`/v1/syncs/${syncId ?? ''}`)))).toEqual([]);
    }
    expect(executions.flatMap(({ results }) => results.map(({ connector }) => connector)).sort()).toEqual(names);
    const syncs = await stack.all<Sync>('/v1/syncs?trigger=scheduled');
    expect(syncs.map(({ connector }) => connector).sort()).toEqual(names);
    print('due until recorded', syncs, (sync) => Date.parse(sync.createdAt) - due.getTime());
    print('recorded until begun', syncs, (sync) => Date.parse(sync.startedAt ?? '') - Date.parse(sync.createdAt));
    print(
      'begun until held',
      syncs,
      (sync) => Date.parse(sync.waitingFor?.since ?? '') - Date.parse(sync.startedAt ?? ''),
    );

    for (let from = 0; from < syncs.length; from += 10)
      await Promise.all(syncs.slice(from, from + 10).map((sync) => stack.decide(sync, 'resume')));
    for (const sync of await stack.all<Sync>('/v1/syncs?trigger=scheduled'))
      expect(sync).toMatchObject({ status: 'completed', applied: true });
  });
});

/** Seconds, in the output of the test: what they are, not what they should be. */
function print(what: string, syncs: Sync[], milliseconds: (sync: Sync) => number): void {
  const sorted = syncs.map(milliseconds).sort((a, b) => a - b);
  const at = (share: number) => ((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000).toFixed(1);
  process.stdout.write(`${what}: median ${at(0.5)} s, 95 % ${at(0.95)} s, longest ${at(1)} s\n`);
}
