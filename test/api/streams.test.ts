import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPools, closePools } from '../../api/pools.ts';
import { mostStreams } from '../../api/sync-streams.ts';
import { row } from '../../repository/database.ts';
import { addEvent } from '../../repository/sync-log.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { onePerson } from '../support/connector.ts';
import { createTestDatabase } from '../support/database.ts';

describe('streams of events', () => {
  let api: ApiAlone;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pools: ReturnType<typeof openPools>;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await ApiAlone.start(database.url);
    pools = openPools(database.url);
    await api.put(onePerson(), 'one');
  });
  afterAll(async () => {
    await api.stop();
    await closePools(pools);
    await database.drop();
  });

  async function newSync(): Promise<{ id: string; no: number }> {
    const found = await row<{ id: string; no: number }>(
      pools.db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id)
       select gen_random_uuid(), id, 'complete', 'complete', '{export}', 'running', 'manual', 'normal', 'user:local', 1, 'sync:one'
       from syncline.connector returning id, no`,
    );
    if (!found) throw new Error('no sync');
    return found;
  }
  const tell = (no: number, message: string) => addEvent(pools.db, no, 'log', { task: null, level: 'info', message });
  const end = (no: number) =>
    pools.db.raw(`update syncline.sync set status = 'completed', ended_at = now() where no = ?`, [no]);

  function listen(id: string, lastEventId?: number): Promise<{ answer: IncomingMessage; messages: () => string[] }> {
    return new Promise((resolve, reject) => {
      get(
        `${api.api}/v1/syncs/${id}/events`,
        { headers: lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) } },
        (answer) => {
          let text = '';
          answer.on('data', (part: Buffer) => (text += part.toString()));
          answer.on('error', () => undefined);
          const messages = () => [...text.matchAll(/"message":"([^"]*)"/g)].map((match) => match[1] ?? '');
          resolve({ answer, messages });
        },
      ).on('error', reject);
    });
  }

  it('bring each listener every event once, in order, from where it was, to the end', async () => {
    const { id, no } = await newSync();
    const all = Array.from({ length: 1_300 }, (_, i) => `m${String(i)}`);
    await pools.db.raw(
      `insert into syncline.sync_event (sync, type, data) select ?, 'log', jsonb_build_object('message', 'm' || i)
       from generate_series(0, 1199) i order by i`,
      [no],
    );
    const early = await listen(id);
    await api.until(() => Promise.resolve(early.messages().length === 1_200));
    const middle = await row<{ seq: number }>(
      pools.db,
      'select max(seq) as seq from syncline.sync_event where sync = ?',
      [no],
    );
    const late = await Promise.all([listen(id), listen(id, middle?.seq), listen(id, (middle?.seq ?? 0) - 1)]);
    for (const message of all.slice(1_200)) await tell(no, message);
    await end(no);
    const [again, behind, one] = late;
    for (const { answer } of [early, ...late])
      if (!answer.readableEnded) await new Promise((done) => answer.once('end', done));
    expect(early.messages()).toEqual(all);
    expect(again.messages()).toEqual(all);
    expect(behind.messages()).toEqual(all.slice(1_200));
    expect(one.messages()).toEqual(all.slice(1_199));
  });

  it('cost one look for all listeners of a sync, have a cap, and keep nobody from knowing that the API is ready', async () => {
    const { id, no } = await newSync();
    const open = await Promise.all(Array.from({ length: mostStreams }, () => listen(id)));
    expect(new Set(open.map(({ answer }) => answer.statusCode))).toEqual(new Set([200]));
    const refused = await api.call('GET', `/v1/syncs/${id}/events`);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(refused.headers.get('retry-after')).toBe('10');
    const reads = async () => {
      const found = await row<{ n: number }>(
        pools.db,
        `select idx_scan as n from pg_stat_user_indexes where relname = 'sync_event' and indexrelname like '%sync_seq%'`,
      );
      return found?.n ?? 0;
    };
    await sleep(1_500);
    const before = await reads();
    await sleep(2_000);
    // five looks, and what statistics tell late; two hundred pollers of their own would be a thousand
    expect((await reads()) - before).toBeLessThan(60);
    for (const { answer } of open.slice(1)) answer.destroy();
    await api.until(async () => {
      const next = await listen(id);
      const entered = next.answer.statusCode === 200;
      next.answer.destroy();
      return entered;
    });
    await tell(no, 'last words');
    await end(no);
    const [kept] = open;
    await api.until(() => Promise.resolve(kept?.messages().includes('last words') === true));
  });

  it('and slow readers leave connections for health', async () => {
    const holder = openPools(database.url);
    const tx = await holder.db.transaction();
    await tx.raw('lock table syncline.entity_type in access exclusive mode');
    const readers = Array.from({ length: 12 }, () => fetch(`${api.api}/v1/entity-types`));
    await sleep(300);
    const ready = (await (await fetch(`${api.api}/readyz`)).json()) as { checks: { postgres: object } };
    await tx.rollback();
    await Promise.all(readers);
    expect(ready.checks.postgres).toEqual({ ok: true, message: 'reachable, migrated' });
    await closePools(holder);
    expect((await fetch(`${api.api}/v1/entity-types`)).status).toBe(200);
  });
});
