import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileToRead, ReadFile } from '../../api/connector-file-thread.ts';
import { SideThread, threadEntry } from '../../api/threads.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { onePerson } from '../support/connector.ts';
import { createTestDatabase } from '../support/database.ts';

const list = (count: number, of: (i: number) => string) => Array.from({ length: count }, (_, i) => of(i));

describe('bodies that are made to hurt', () => {
  let api: ApiAlone;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await ApiAlone.start(database.url);
    // the thread is there
    await api.put(onePerson(), 'one');
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  interface Told {
    status: number;
    problem: { code: string; detail: string; errors?: { pointer: string; detail: string }[] };
    /** The longest time for which the API heard nobody else. */
    deaf: number;
  }

  /** Sends a body, and looks how long requests beside it would have waited. */
  async function send(path: string, body: string, type: string, method = 'PUT', headers = {}): Promise<Told> {
    let deaf = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      deaf = Math.max(deaf, performance.now() - last);
      last = performance.now();
    }, 20);
    const response = await fetch(`${api.api}${path}`, { method, body, headers: { 'content-type': type, ...headers } });
    const text = await response.text();
    clearInterval(timer);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(text.length).toBeLessThan(300_000);
    return { status: response.status, problem: JSON.parse(text) as Told['problem'], deaf };
  }

  const names = list(10_000, (i) => `k${String(i)}: 1`);
  const file = (more: string) => `apiVersion: syncline/v1\nkind: Connector\nname: bomb\n${more}`;
  const type = (i: number, more = '') =>
    `{name: t${String(i)}, source: {connection: c, table: t.csv}, key: [id], properties: {id: {column: id}${more}}}`;
  const connections = 'connections: [{name: c, package: csv, settings: {directory: x}}]\n';
  const deep = `${'('.repeat(4_900)}1${')'.repeat(4_900)} == 1`;

  it.each([
    ['a million brackets that close nothing', '}'.repeat(1_000_000), 400],
    ['deep maps', '? '.repeat(500_000), 400],
    ['ten thousand names', names.join('\n'), 422],
    [
      'thousands of entity types without an end',
      file(`${connections}entityTypes: [${list(2_000, (i) => type(i % 2)).join(', ')}]`),
      422,
    ],
    [
      'deep expressions',
      file(`${connections}entityTypes: [${list(20, (i) => type(i, `, x: {expression: "${deep}"}`)).join(', ')}]`),
      422,
    ],
  ])('%s, as YAML: the API refuses them and hears others meanwhile', async (_what, body, status) => {
    const { status: answered, problem, deaf } = await send('/v1/connectors/bomb', body, 'application/yaml');
    expect(answered, problem.detail).toBe(status);
    expect(problem.errors?.length ?? 0).toBeLessThanOrEqual(100);
    // on a machine with much else to do; a bomb that works blocks for a minute there
    expect(deaf).toBeLessThan(5_000);
  });

  it.each([
    ['deep lists', '['.repeat(500_000) + ']'.repeat(500_000), 400],
    ['deep objects in a text that is none', '{"a":'.repeat(150_000), 400],
    ['a list of half a million', `{"mode": "complete", "tasks": [${'1,'.repeat(500_000)}1]}`, 400],
    ['a list of many wrong values', `{"mode": "complete", "tasks": [${'1,'.repeat(90_000)}1]}`, 422],
    ['many fields that there are not', `{${list(40_000, (i) => `"k${String(i)}":1`).join(',')}}`, 422],
    ['many texts that cannot be kept', `{"a": [${'"\\u0000",'.repeat(90_000)}1]}`, 422],
    ['many keys', `{"mode":"complete","scope":{"keys":{"P":[${'["a"],'.repeat(90_000)}["b"]]}}}`, 422],
    ['a text of a megabyte', `{"mode": "${'x'.repeat(1_000_000)}"}`, 422],
  ])('%s, as JSON: the API refuses them and hears others meanwhile', async (_what, body, status) => {
    for (const headers of [{ 'idempotency-key': crypto.randomUUID() }]) {
      const told = await send('/v1/connectors/one/syncs', body, 'application/json', 'POST', headers);
      expect(told.status, told.problem.detail).toBe(status);
      expect(told.problem.errors?.length ?? 0).toBeLessThanOrEqual(100);
      expect(told.problem.detail.length).toBeLessThan(1_100);
      expect(told.deaf).toBeLessThan(5_000);
    }
  });

  it('are no UTF-8: nothing is read in their place', async () => {
    const put = (body: Uint8Array<ArrayBuffer>, type: string) =>
      fetch(`${api.api}/v1/connectors/one`, { method: 'PUT', body, headers: { 'content-type': type } });
    for (const type of ['application/yaml', 'application/json']) {
      const latin = await put(new Uint8Array(Buffer.from('{"displayName": "é"}', 'latin1')), type);
      expect([latin.status, ((await latin.json()) as { code: string }).code]).toEqual([400, 'body-unreadable']);
      const wide = await put(new Uint8Array(Buffer.from('{}', 'utf16le')), `${type}; charset=utf-16le`);
      expect([wide.status, ((await wide.json()) as { code: string }).code]).toEqual([415, 'unsupported-media-type']);
    }
  });

  it('take their thread no longer than it is given, and the next one gets another', async () => {
    const thread = new SideThread<FileToRead, ReadFile>(
      threadEntry('connector-file-thread', new URL('../../api/read-connector-file.ts', import.meta.url).href),
      // so much memory that the time is over first, on any machine
      { milliseconds: 2_500, megabytes: 1_024, waiting: 2 },
    );
    const read = (body: string) => thread.run({ body, secretFolders: [], outboundAllow: [], entityTypes: new Map() });
    const endless = read('"'.repeat(900_000));
    const waiting = read('a: 1').catch(() => undefined);
    await expect(read('b: 1')).rejects.toMatchObject({ reason: 'busy' });
    await expect(endless).rejects.toMatchObject({ reason: 'time' });
    await waiting;
    await api.until(async () => (await read('a: 1').catch(() => undefined))?.ok === false);
  });

  it('leave the API as it was: the next file is read', async () => {
    await api.put(onePerson({ name: 'two' }), 'two');
    expect(await api.get('/v1/connectors/two')).toMatchObject({ revision: 1 });
  });
});
