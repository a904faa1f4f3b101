import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onePerson } from '../support/connector.ts';
import type { Execution, Job } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

const job = { mode: 'complete', connectors: ['*'], cron: '0 3 * * *' };

describe('jobs over HTTP', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(onePerson({ name: 'hr' }), 'hr');
  });
  afterAll(() => stack.stop());
  const put = (name: string, body: unknown, headers?: Record<string, string>) =>
    stack.call('PUT', `/v1/jobs/${name}`, body, headers);

  it('are created, replaced under If-Match, and read', async () => {
    const created = await put('nightly', job);
    expect(created).toMatchObject({
      status: 201,
      body: {
        name: 'nightly',
        timezone: 'UTC',
        overlap: 'skip',
        managedOnly: false,
        paused: false,
        builtin: false,
        revision: 1,
      },
    });
    expect(created.headers.get('location')).toBe('/v1/jobs/nightly');
    expect(created.headers.get('etag')).toBe('"1"');
    expect((created.body as Job).nextRuns).toHaveLength(5);
    const replaced = await put('nightly', { ...job, overlap: 'wait' }, { 'if-match': '"1"' });
    expect(replaced).toMatchObject({ status: 200, body: { overlap: 'wait', revision: 2 } });
    expect(await put('nightly', job, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'stale-revision' },
    });
    expect(await put('nobody', job, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    // the same again counts no revision
    expect(await put('nightly', { ...job, overlap: 'wait' })).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(await stack.get<Job>('/v1/jobs/nightly')).toMatchObject({ overlap: 'wait' });
  });

  it.each([
    [{ ...job, cron: '0 24 * * *' }, '/cron', 'hour'],
    [{ ...job, cron: '@daily' }, '/cron', 'five fields'],
    [{ ...job, cron: '0 0 31 2 *' }, '/cron', 'never comes'],
    [{ ...job, timezone: 'Europe/Atlantis' }, '/timezone', 'no time zone'],
    [{ ...job, timezone: 'europe/paris' }, '/timezone', 'Europe/Paris'],
    [{ ...job, mode: 'fast' }, '/mode', 'complete'],
    [{ ...job, connectors: [] }, '/connectors', 'all active'],
    [{ ...job, connectors: ['*', 'hr'] }, '/connectors', 'no other connector'],
    [{ ...job, connectors: ['hr', 'nobody'] }, '/connectors/1', 'nobody'],
    [{ ...job, overlap: 'queue' }, '/overlap', 'skip'],
    [{ ...job, colour: 'red' }, '/colour', 'colour'],
    [{ ...job, paused: true, pauseNote: 'a\u0000b' }, '/pauseNote', 'NUL'],
    [{ ...job, paused: true, pauseNote: '\ud800' }, '/pauseNote', 'surrogate'],
    [{ ...job, connectors: ['hr', 'a\u0000'] }, '/connectors/1', 'NUL'],
    [{ mode: 'complete', connectors: ['*'] }, '/cron', ''],
  ])('are refused with 422 where they make no sense: %j', async (body, pointer, said) => {
    const refused = await put('wrong', body);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ pointer }] } });
    expect(JSON.stringify(refused.body)).toContain(said);
    expect((await stack.call('GET', '/v1/jobs/wrong')).status).toBe(404);
  });

  it('show when they would run before they are saved', async () => {
    const asked = (query: string) => stack.call('GET', `/v1/next-runs?${query}`);
    const would = (await asked('cron=0%203%20*%20*%20*&timezone=Europe%2FBerlin')).body as Pick<Job, 'nextRuns'>;
    const saved = (await put('would', { ...job, timezone: 'Europe/Berlin' })).body as Job;
    expect(would).toEqual({ nextRuns: saved.nextRuns });
    expect(would.nextRuns).toHaveLength(5);
    const five = await asked('cron=@daily');
    expect(five).toMatchObject({ status: 422, body: { errors: [{ pointer: '/cron' }] } });
    expect(JSON.stringify(five.body)).toContain('five fields');
    expect(await asked('cron=0%203%20*%20*%20*&timezone=Nowhere')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/timezone' }] },
    });
    expect((await asked('')).status).toBe(422);
  });

  it('can be changed while they name a connector that has been deleted', async () => {
    await stack.put(onePerson({ name: 'gone' }), 'gone');
    const both = { ...job, connectors: ['hr', 'gone'] };
    expect((await put('pair', both)).status).toBe(201);
    expect((await stack.call('DELETE', '/v1/connectors/gone')).status).toBe(204);
    expect(await put('pair', { ...both, overlap: 'wait' })).toMatchObject({ status: 200, body: { overlap: 'wait' } });
    expect(await put('other', both)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/connectors/1' }] } });
    expect((await stack.call('GET', '/v1/jobs/other')).status).toBe(404);
    expect((await stack.call('DELETE', '/v1/jobs/pair')).status).toBe(204);
  });

  it('are deleted under If-Match, and their executions stay', async () => {
    await put('brief', { ...job, connectors: ['hr'] });
    const { id } = (await stack.call('POST', '/v1/jobs/brief/run')).body as Execution;
    const remove = (revision: string) => stack.call('DELETE', '/v1/jobs/brief', undefined, { 'if-match': revision });
    expect(await remove('"77"')).toMatchObject({ status: 412, body: { code: 'stale-revision' } });
    expect((await remove('"1"')).status).toBe(204);
    expect(await stack.all<Execution>('/v1/jobs/brief/executions')).toMatchObject([{ id }]);
    expect((await stack.call('GET', '/v1/jobs/brief')).status).toBe(404);
  });

  it('are refused a name that ids cannot have, and unknown ones are 404', async () => {
    expect((await put('Nightly_1', job)).status).toBe(422);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/run'],
      ['POST', '/pause'],
      ['POST', '/unpause'],
      ['GET', '/executions'],
    ] as const)
      expect((await stack.call(method, `/v1/jobs/nobody${path}`)).status).toBe(404);
    expect((await stack.call('GET', '/v1/executions/nobody')).status).toBe(404);
  });

  it('run once for an Idempotency-Key, and executions are paged and filtered', async () => {
    await put('paged', { ...job, mode: 'incremental' });
    const key = { 'idempotency-key': 'run-1' };
    const first = await stack.call('POST', '/v1/jobs/paged/run', undefined, key);
    expect(first.status).toBe(202);
    expect((await stack.call('POST', '/v1/jobs/paged/run', undefined, key)).body).toEqual(first.body);
    const ended = async () =>
      (await stack.all<Execution>('/v1/jobs/paged/executions')).every(({ endedAt }) => endedAt !== null);
    await stack.until(ended);
    for (let i = 0; i < 2; i++) {
      await stack.call('POST', '/v1/jobs/paged/run');
      await stack.until(ended);
    }
    type Page = { items: Execution[]; nextCursor: string | null };
    const one = await stack.get<Page>('/v1/executions?job=paged&limit=2');
    expect(one.items).toHaveLength(2);
    const two = await stack.get<Page>(`/v1/executions?job=paged&limit=2&cursor=${one.nextCursor ?? ''}`);
    expect(two.items.map(({ id }) => id)).toEqual([(first.body as Execution).id]);
    expect(two.nextCursor).toBeNull();
    expect(one.items[0]).toMatchObject({
      results: [{ connector: 'hr', status: 'skipped', reason: 'no-incremental-mode' }],
    });
    const since = one.items[0]?.createdAt ?? '';
    expect((await stack.all<Execution>(`/v1/executions?since=${since}&job=paged`)).length).toBe(1);
    expect(await stack.all('/v1/executions?status=failed&job=paged')).toEqual([]);
    expect((await stack.call('GET', '/v1/executions?since=yesterday')).status).toBe(422);
    // they outlive their job
    expect((await stack.call('DELETE', '/v1/jobs/paged')).status).toBe(204);
    expect(await stack.all('/v1/executions?job=paged')).toHaveLength(3);
  });
});
