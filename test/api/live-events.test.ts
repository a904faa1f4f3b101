import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closePools, openPools } from '../../api/pools.ts';
import { mostStreams } from '../../api/sync-streams.ts';
import { addEvent } from '../../repository/sync-log.ts';
import { row } from '../../repository/database.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { onePerson } from '../support/connector.ts';
import { createTestDatabase, deleteJobs } from '../support/database.ts';

interface Heard {
  id: string;
  type: string;
  data: Record<string, unknown>;
}

describe('hints of what changes', () => {
  let api: ApiAlone;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pools: ReturnType<typeof openPools>;
  let open: IncomingMessage[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    await deleteJobs(database.url);
    api = await ApiAlone.start(database.url);
    pools = openPools(database.url);
    await api.put(onePerson(), 'one');
  });
  afterEach(() => {
    for (const answer of open) answer.destroy();
    open = [];
  });
  afterAll(async () => {
    await api.stop();
    await closePools(pools);
    await database.drop();
  });

  function listen(
    lastEventId?: string,
    query = '',
    path = '/v1/events',
  ): Promise<{ answer: IncomingMessage; heard: () => Heard[] }> {
    return new Promise((resolve, reject) => {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      get(`${api.api}${path}${query}`, { headers }, (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('error', () => undefined);
        open.push(answer);
        const heard = () =>
          text.split('\n\n').flatMap((block): Heard[] => {
            const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
            if (field('data') === '') return [];
            return [{ id: field('id'), type: field('event'), data: JSON.parse(field('data')) as Heard['data'] }];
          });
        resolve({ answer, heard });
      }).on('error', reject);
    });
  }
  const hears = async (listener: { heard: () => Heard[] }, count: number) => {
    await api.until(() => Promise.resolve(listener.heard().length >= count), 15);
    return listener.heard();
  };
  const newSync = async () => {
    const found = await row<{ id: string; no: number }>(
      pools.db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id)
       select gen_random_uuid(), id, 'complete', 'complete', '{export}', 'running', 'manual', 'normal', 'user:local', 1, 'sync:one'
       from syncline.connector where name = 'one' returning id, no`,
    );
    if (!found) throw new Error('no sync');
    return found;
  };
  const set = (no: number, assignments: string) =>
    pools.db.raw(`update syncline.sync set ${assignments} where no = ?`, [no]);

  it('greet, then tell each step of a sync once, with what has changed and nothing else', async () => {
    const listener = await listen();
    expect(await hears(listener, 1)).toMatchObject([{ type: 'hello', data: { resumed: false } }]);
    const { id, no } = await newSync();
    const progress = { rowsExported: 0, rowsPrepared: 0, rowsRejected: 0 };
    const of = { id, connector: 'one', phase: null, progress };
    await hears(listener, 2);
    await set(no, `phase = 'export', progress = progress || '{"rowsExported": 7}'`);
    await hears(listener, 3);
    const reading = { ...of, phase: 'export', progress: { ...progress, rowsExported: 7 } };
    await set(no, `status = 'held', waiting_for = '{"reason": "approval", "stage": "waiting"}'`);
    await hears(listener, 4);
    await set(no, `digest = 'sha256:another'`);
    await hears(listener, 5);
    await set(no, `deletes_withheld = 3`);
    await hears(listener, 6);
    await set(
      no,
      `status = 'rejected', ended_at = clock_timestamp(), waiting_for = null, decision = '{"reason": "Ada left"}'`,
    );
    await hears(listener, 7);
    // what has ended is told once
    await sleep(2_500);
    const events = listener.heard().slice(1);
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'sync', data: { ...of, status: 'running', changed: ['status'] } },
      { type: 'sync', data: { ...reading, status: 'running', changed: ['phase', 'progress'] } },
      { type: 'sync', data: { ...reading, status: 'held', changed: ['status', 'waiting'] } },
      { type: 'sync', data: { ...reading, status: 'held', changed: ['waiting'] } },
      { type: 'sync', data: { ...reading, status: 'held', changed: ['more'] } },
      { type: 'sync', data: { ...reading, status: 'rejected', changed: ['status', 'waiting'] } },
    ]);
    expect(new Set(events.map(({ id: each }) => each)).size).toBe(6);
  });

  it('tell of connectors, jobs and their executions, and of what is gone', async () => {
    const listener = await listen();
    await hears(listener, 1);
    const told = async (type: string, data: object) => {
      await api.until(
        () => Promise.resolve(listener.heard().some((event) => event.type === type && same(event.data, data))),
        15,
      );
    };
    const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);
    await api.put(onePerson({ name: 'two' }), 'two');
    await told('connector', { connector: 'two' });
    const count = () => listener.heard().filter(({ data }) => same(data, { connector: 'one' })).length;
    const before = count();
    await pools.db.raw(
      `insert into syncline.poll (connector, connection, revision) select id, 'files', 1 from syncline.connector where name = 'one'`,
    );
    await api.until(() => Promise.resolve(count() > before), 15);
    const polled = count();
    // a poll that goes as it should is no news
    await pools.db.raw(`update syncline.poll set next_at = now() + interval '1 minute'`);
    await pools.db.raw(
      `insert into syncline.job (name, mode, connectors, cron, timezone, overlap) values ('nightly', 'complete', '{*}', '0 2 * * *', 'UTC', 'skip')`,
    );
    await told('job', { job: 'nightly', executionId: null, status: null });
    expect(count()).toBe(polled);
    const execution = await row<{ id: string }>(
      pools.db,
      `insert into syncline.execution (id, job, status, trigger, started_by)
       values (gen_random_uuid(), 'nightly', 'running', 'manual', 'user:local') returning id`,
    );
    const of = { job: 'nightly', executionId: execution?.id ?? '' };
    await told('job', { ...of, status: 'running' });
    await pools.db.raw(`update syncline.execution set status = 'completed', ended_at = now()`);
    await told('job', { ...of, status: 'completed' });
    await pools.db.raw(`delete from syncline.job`);
    await api.until(() => {
      const gone = listener
        .heard()
        .filter(({ data }) => same(data, { job: 'nightly', executionId: null, status: null }));
      return Promise.resolve(gone.length === 2);
    }, 15);
  });

  it('go on after Last-Event-ID with what was missed, and say so when they cannot', async () => {
    const first = await listen();
    const { no } = await newSync();
    const seen = await hears(first, 2);
    first.answer.destroy();
    // nobody listens: the change is found by the next look
    await sleep(1_500);
    await set(no, `status = 'held'`);
    const again = await listen(seen.at(-1)?.id);
    expect((await hears(again, 2)).map(({ type, data }) => [type, data['resumed'] ?? data['status']])).toEqual([
      ['hello', true],
      ['sync', 'held'],
    ]);
    const late = await listen(seen.at(-1)?.id);
    expect((await hears(late, 2)).at(-1)).toEqual(again.heard().at(-1));
    for (const unknown of ['nonsense', '00000000-0000-4000-8000-000000000000.3', `${seen.at(-1)?.id ?? ''}999`]) {
      const stranger = await listen(unknown);
      expect(await hears(stranger, 1)).toMatchObject([{ type: 'hello', data: { resumed: false } }]);
      // and goes on from there
      expect(stranger.heard()[0]?.id).toBe(again.heard().at(-1)?.id);
    }
    await set(no, `status = 'rejected', ended_at = now()`);
    await hears(again, 3);
  });

  it('carry the log and the progress of the syncs that are asked for, to their end, and then say that nothing comes', async () => {
    const [one, two, other] = [await newSync(), await newSync(), await newSync()];
    const log = (no: number, message: string) => addEvent(pools.db, no, 'log', { task: null, level: 'info', message });
    await log(one.no, 'first');
    await log(other.no, 'of another');
    const query = `?sync=${one.id}&sync=${two.id}`;
    const listener = await listen(undefined, query);
    const of = (heard: Heard[]) =>
      heard
        .filter(({ type }) => type === 'log' || type === 'progress')
        .map(({ type, data }) => [type, data['sync'], data['message'] ?? data['rowsExported']]);
    const told = [
      ['log', one.id, 'first'],
      ['progress', two.id, 7],
      ['log', one.id, 'second'],
    ];
    await api.until(() => Promise.resolve(of(listener.heard()).length === 1), 15);
    await addEvent(pools.db, two.no, 'progress', { rowsExported: 7 });
    await addEvent(pools.db, two.no, 'status', { status: 'running' });
    await api.until(() => Promise.resolve(of(listener.heard()).length === 2), 15);
    await set(one.no, `phase = 'export'`);
    await api.until(() => Promise.resolve(listener.heard().some(({ type }) => type === 'sync')), 15);
    const seen = listener.heard().at(-1)?.id;
    listener.answer.destroy();
    await log(one.no, 'second');
    const again = await listen(seen, query);
    await api.until(() => Promise.resolve(of(again.heard()).length === 1), 15);
    expect([...of(listener.heard()), ...of(again.heard())]).toEqual(told);
    expect(again.heard()[0]).toMatchObject({ type: 'hello', data: { resumed: true } });
    for (const { no } of [one, two, other]) await set(no, `status = 'completed', ended_at = now()`);
    await api.until(() => Promise.resolve(again.answer.readableEnded), 15);
    const last = again.heard().at(-1);
    expect(last?.type).toBe('bye');
    const late = await listen(last?.id, query);
    expect(late.answer.statusCode).toBe(204);
    // somebody who comes for the first time gets all of it
    const fresh = await listen(undefined, query);
    await api.until(() => Promise.resolve(fresh.answer.readableEnded), 15);
    const stories = (id: string, heard: Heard[]) => of(heard).filter(([, sync]) => sync === id);
    for (const id of [one.id, two.id])
      expect(stories(id, fresh.heard())).toEqual(told.filter(([, sync]) => sync === id));
    expect((await api.call('GET', `/v1/events?sync=${crypto.randomUUID()}`)).status).toBe(404);
    const six = Array.from({ length: 6 }, () => `sync=${one.id}`).join('&');
    expect((await api.call('GET', `/v1/events?${six}`)).status).toBe(422);
  });

  it('bring each line of two that write at the same time, whichever ends first, to both streams, also after a break', async () => {
    const { id, no } = await newSync();
    const query = `?sync=${id}`;
    const log = (on: typeof pools.db, message: string) =>
      addEvent(on, no, 'log', { task: null, level: 'info', message });
    const lines = (listener: { heard: () => Heard[] }) =>
      listener.heard().flatMap(({ type, data }) => (type === 'log' ? [data['message']] : []));
    const slow = await pools.db.transaction();
    await log(slow, 'written first');
    await log(pools.db, 'ended first');
    const listener = await listen(undefined, query);
    const alone = await listen(undefined, '', `/v1/syncs/${id}/events`);
    await api.until(() => Promise.resolve([listener, alone].every((each) => lines(each).length === 1)), 15);
    const broken = { listener: listener.heard().at(-1)?.id, alone: alone.heard().at(-1)?.id };
    const [again, aloneAgain] = [
      await listen(broken.listener, query),
      await listen(broken.alone, '', `/v1/syncs/${id}/events`),
    ];
    await slow.commit();
    await log(pools.db, 'last');
    await set(no, `status = 'completed', ended_at = now()`);
    const all = [listener, alone, again, aloneAgain];
    await api.until(() => Promise.resolve(all.every(({ answer }) => answer.readableEnded)), 15);
    for (const each of [listener, alone]) expect(lines(each)).toEqual(['ended first', 'written first', 'last']);
    for (const each of [again, aloneAgain]) expect(lines(each)).toEqual(['written first', 'last']);
    const numbers = listener.heard().flatMap(({ type, data }) => (type === 'log' ? [Number(data['seq'])] : []));
    expect(numbers[1]).toBeLessThan(numbers[0] ?? 0);
    // an old listener knows the number of a line alone
    const old = await listen(String(numbers[0]), '', `/v1/syncs/${id}/events`);
    await api.until(() => Promise.resolve(old.answer.readableEnded), 15);
    expect(lines(old)).toEqual(['last']);
  });

  it('cost one look a second for all who listen, none if nobody does, and have a cap', async () => {
    const looks = async () => {
      const found = await row<{ n: number }>(
        pools.db,
        `select seq_scan::int as n from pg_stat_user_tables where schemaname = 'syncline' and relname = 'job'`,
      );
      return found?.n ?? 0;
    };
    const listeners = await Promise.all(Array.from({ length: mostStreams }, () => listen()));
    expect(new Set(listeners.map(({ answer }) => answer.statusCode))).toEqual(new Set([200]));
    const refused = await api.call('GET', '/v1/events');
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await (await fetch(`${api.api}/metrics`)).text()).toContain(`syncline_event_streams ${String(mostStreams)}`);
    await sleep(1_500);
    const before = await looks();
    await sleep(4_000);
    const during = (await looks()) - before;
    // statistics come late; two hundred pollers would be eight hundred
    expect(during).toBeGreaterThan(0);
    expect(during).toBeLessThan(12);
    const { no } = await newSync();
    await Promise.all(listeners.map((listener) => hears(listener, 2)));
    await set(no, `status = 'cancelled', ended_at = now()`);
    await Promise.all(listeners.map((listener) => hears(listener, 3)));
    for (const { answer } of listeners) answer.destroy();
    await api.until(async () =>
      (await (await fetch(`${api.api}/metrics`)).text()).includes('syncline_event_streams 0'),
    );
    await sleep(2_500);
    const after = await looks();
    await sleep(3_000);
    expect((await looks()) - after).toBe(0);
  });

  it('end when they cannot be read, so that nobody waits for what does not come, and come again', async () => {
    const listener = await listen();
    await hears(listener, 1);
    await pools.db.raw('alter table syncline.job rename to job_away');
    try {
      await api.until(() => Promise.resolve(listener.answer.readableEnded || listener.answer.destroyed), 15);
      expect((await api.call('GET', '/v1/events')).status).toBeGreaterThanOrEqual(500);
    } finally {
      await pools.db.raw('alter table syncline.job_away rename to job');
    }
    const next = await listen();
    expect(await hears(next, 1)).toMatchObject([{ type: 'hello' }]);
  });
});
