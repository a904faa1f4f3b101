import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('the HTTP protocol', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(onePerson(), 'one');
    await stack.place('one', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
  });
  afterAll(() => stack.stop());

  const start = (body: unknown, headers = {}) => stack.call('POST', '/v1/connectors/one/syncs', body, headers);

  it('answers 202 with the place of the new sync, which runs', async () => {
    const answer = await start({ mode: 'complete' });
    const sync = answer.body as Sync;
    expect(answer.status).toBe(202);
    expect(['queued', 'running', 'held']).toContain(sync.status);
    expect(answer.headers.get('location')).toBe(`/v1/syncs/${sync.id}`);
    await stack.decide(await stack.settled(sync.id), 'resume');
  });

  it('gives the first answer again for the same idempotency key and body, and refuses another body', async () => {
    const key = { 'idempotency-key': 'a key of a script' };
    const first = await start({ mode: 'complete' }, key);
    await stack.settled((first.body as Sync).id);
    const again = await start({ mode: 'complete' }, key);
    expect(again).toMatchObject({ status: 202, body: { id: (first.body as Sync).id } });
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await start({ mode: 'complete', dryRun: true }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-mismatch' },
    });
    const wrong = { 'idempotency-key': 'of a refused one' };
    expect((await start({ mode: 'sideways' }, wrong)).status).toBe(422);
    expect((await start({ mode: 'sideways' }, wrong)).status).toBe(422);
  });

  it('starts one sync where two are asked for at once', async () => {
    const answers = await Promise.all([
      start({ mode: 'complete' }),
      start({ mode: 'complete' }),
      start({ mode: 'complete' }),
    ]);
    expect(answers.map((each) => each.status).sort()).toEqual([202, 409, 409]);
    for (const { status, body } of answers) if (status === 202) await stack.settled((body as Sync).id);
  });

  it('names what is wrong with a request', async () => {
    expect(await start({ mode: 'complete', colour: 'red' })).toMatchObject({
      status: 422,
      body: { code: 'invalid', errors: [{ pointer: '/colour' }] },
    });
    expect(await start({ mode: 'complete', scope: { users: 'only' } })).toMatchObject({
      status: 422,
      body: { code: 'no-users' },
    });
    expect(await start({ mode: 'complete', scope: { users: 'some' } })).toMatchObject({
      status: 422,
      body: { code: 'invalid', errors: [{ pointer: '/scope/users' }] },
    });
    expect(await start({ mode: 'complete', scope: { entityTypes: ['Nobody'] } })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/scope/entityTypes/0' }] },
    });
    expect(await start({ mode: 'complete', scope: { keys: { one_Person: [['a', 'b']] } } })).toMatchObject({
      status: 422,
    });
    expect(await start({ mode: 'complete', tasks: ['prepare', 'export'] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/tasks' }] },
    });
    const broken = await fetch(`${stack.api}/v1/connectors/one/syncs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([broken.status, ((await broken.json()) as { code: string }).code]).toEqual([400, 'body-unreadable']);
    const form = await fetch(`${stack.api}/v1/connectors/one/syncs`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'mode=complete',
    });
    expect(form.status).toBe(415);
  });

  it('refuses texts that nothing here can hold, with their place, wherever they stand', async () => {
    const refused = async (path: string, body: unknown, pointer: string) => {
      expect(await stack.call('POST', path, body)).toMatchObject({
        status: 422,
        body: { code: 'invalid', errors: [{ pointer, detail: expect.stringMatching(/NUL|surrogate/) as string }] },
      });
    };
    const sync = await stack.settled(((await start({ mode: 'complete' })).body as Sync).id);
    await refused('/v1/syncs', { connectors: ['a\0'] }, '/connectors/0');
    await refused('/v1/sync-users', { connectors: ['a\0'] }, '/connectors/0');
    const keys = { one_Person: [['E1'], ['E\0']] };
    await refused('/v1/connectors/one/syncs', { mode: 'complete', scope: { keys } }, '/scope/keys/one_Person/1/0');
    await refused(`/v1/syncs/${sync.id}/reject`, { digest: sync.digest, reason: 'a\0' }, '/reason');
    await refused(`/v1/syncs/${sync.id}/resume`, { digest: 'sha256:00', reason: '\udfff' }, '/reason');
    await refused('/v1/connectors/one/preview', { entityType: 'one_Person', row: { id: '\0' } }, '/row/id');
    const file = { ...onePerson({ name: 'nul' }), displayName: 'a\0' };
    expect(await stack.call('PUT', '/v1/connectors/nul', file)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/displayName' }] },
    });
  });

  it('reads no body where none is expected, and says so', async () => {
    const send = (body: string, type: string) =>
      fetch(`${stack.api}/v1/connectors/one/deactivate`, { method: 'POST', body, headers: { 'content-type': type } });
    const named = await send('{"reason":"x","foo":1}', 'application/json');
    expect(named.status).toBe(422);
    expect(await named.json()).toMatchObject({ errors: [{ pointer: '/reason' }, { pointer: '/foo' }] });
    const keyed = await stack.call('POST', '/v1/connectors/one/deactivate', { 'a\0': 1 }, { 'idempotency-key': 'nul' });
    expect(keyed).toMatchObject({
      status: 422,
      body: { errors: [{ detail: expect.stringContaining('NUL') as string }] },
    });
    expect((await send('[1]', 'application/json')).status).toBe(422);
    expect((await send('"text"', 'application/json')).status).toBe(422);
    expect((await send('reason: x', 'text/plain')).status).toBe(415);
    expect(await stack.get('/v1/connectors/one')).toMatchObject({ active: true });
    for (const nothing of ['{}', 'null', '']) expect((await send(nothing, 'application/json')).status).toBe(200);
    expect((await stack.call('POST', '/v1/connectors/one/activate')).status).toBe(200);
  });

  it('tells unknown routes, other methods, and features of later versions', async () => {
    expect(await stack.call('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const other = await stack.call('PATCH', '/v1/syncs');
    expect(other).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    expect(other.headers.get('allow')).toBe('POST, GET');
    const later = await stack.call('POST', '/v1/access-rules');
    expect(later).toMatchObject({ status: 404 });
    expect((later.body as { detail: string }).detail).toContain('/v1/access-rules');
  });

  it('takes no requests meant for other hosts or from pages of other sites', async () => {
    const { request } = await import('node:http');
    const status = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        request(`${stack.api}/v1/connectors`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: stack.api })).toBe(200);
  });

  it('publishes its contract, a page to browse it that needs no other site, metrics and health', async () => {
    const document = await stack.get<{ openapi: string; paths: Record<string, unknown> }>('/v1/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/v1/connectors/{name}/syncs');
    const page = await (await fetch(`${stack.api}/docs`)).text();
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      expect(link.startsWith('/docs/')).toBe(true);
      expect((await fetch(`${stack.api}${link}`)).status).toBe(200);
    }
    const metrics = String((await stack.call('GET', '/metrics')).body);
    expect(metrics).toContain('syncline_syncs{status="completed"}');
    expect(metrics).toContain('syncline_resources{entity_type="one_Person"}');
    expect(await stack.get('/healthz')).toMatchObject({ status: 'ok' });
    expect(await stack.get('/readyz')).toMatchObject({
      status: 'ready',
      checks: { temporal: { ok: true }, postgres: { ok: true }, fileStore: { ok: true }, worker: { ok: true } },
    });
  });

  it('reads while no worker runs, and says who is missing', async () => {
    await stack.kill('worker');
    expect((await stack.all('/v1/entity-types/one_Person/resources')).length).toBe(1);
    stack.launch('worker');
    await stack.ready();
    expect((await stack.sync('one')).status).toBe('completed');
  });

  it('reads while Temporal is away, and answers 503 to what needs it', async () => {
    const away = await stack.launchApi({ SYNCLINE_TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const call = async (method: string, path: string) => {
      const response = await fetch(`${away.api}${path}`, { method });
      return {
        status: response.status,
        retry: response.headers.get('retry-after'),
        body: (await response.json()) as object,
      };
    };
    expect((await call('GET', '/v1/entity-types/one_Person/resources')).status).toBe(200);
    expect(await call('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { status: 'not-ready', checks: { temporal: { ok: false }, postgres: { ok: true } } },
    });
    const before = (await stack.all('/v1/syncs')).length;
    const refused = await call('POST', '/v1/connectors/one/syncs');
    expect(refused).toMatchObject({ status: 503, retry: '2', body: { code: 'unavailable' } });
    expect((await stack.all('/v1/syncs')).length).toBe(before);
    await away.stop();
  });

  it('answers 503 while Postgres is away, and lives', async () => {
    const away = await stack.launchApi({ SYNCLINE_DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
    const response = await fetch(`${away.api}/v1/connectors`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'unavailable' });
    expect((await fetch(`${away.api}/readyz`)).status).toBe(503);
    await away.stop();
  });

  it('ends a workflow whose sync is gone from the tables', async () => {
    await stack.place('one', {
      'people.csv': csv('id,name,mail', ...Array.from({ length: 150 }, (_, i) => `F${String(i)},N,m@x`)),
    });
    const held = await stack.sync('one');
    expect(held.status).toBe('held');
    const client = new pg.Client(stack.databaseUrl);
    await client.connect();
    await client.query('delete from syncline.sync where id = $1', [held.id]);
    await client.end();
    await stack.until(
      async () => (await stack.temporal.workflow.getHandle('sync:one').describe()).status.name === 'TERMINATED',
    );
    const next = await stack.sync('one');
    expect(next.status).toBe('held');
    await stack.decide(next, 'reject');
  });

  it('settles a sync whose workflow is lost', async () => {
    await stack.place('one', {
      'people.csv': csv('id,name,mail', ...Array.from({ length: 200 }, (_, i) => `E${String(i)},N,m@x`)),
    });
    const held = await stack.sync('one');
    expect(held.status).toBe('held');
    await stack.temporal.workflow.getHandle('sync:one').terminate('lost for a test');
    const settled = await stack.settled(held.id, ['held']);
    expect(settled).toMatchObject({ status: 'failed', applied: false, error: { code: 'workflow-lost' } });
    expect((await stack.sync('one')).status).toBe('held');
  });

  it('settles it soon, too, where the worker that was about to do so has died', async () => {
    const { items } = await stack.get<{ items: Sync[] }>('/v1/syncs?connector=one&status=held');
    const [held] = items;
    const client = new pg.Client(stack.databaseUrl);
    await client.connect();
    await client.query('begin');
    await client.query('select from syncline.sync where id = $1 for update', [held?.id]);
    await stack.temporal.workflow.getHandle('sync:one').terminate('lost for a test');
    await stack.until(async () => {
      const { rows } = await client.query('select from pg_locks where not granted and transactionid is not null');
      return rows.length > 0;
    });
    await stack.kill('worker');
    await client.query('commit');
    await client.end();
    stack.launch('worker');
    const settled = await stack.settled(held?.id ?? '', ['held'], 60);
    expect(settled).toMatchObject({ status: 'failed', error: { code: 'workflow-lost' } });
  });
});
