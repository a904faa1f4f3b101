import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpPackage } from '../../connectors/http/index.ts';
import { linkOf } from '../../connectors/http/pages.ts';
import { httpSettings, type HttpSettings } from '../../connectors/http/settings.ts';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection, ReadEvent, ReadRequest } from '../../connectors/package.ts';
import { SyncError } from '../../domain/errors.ts';
import { shownOf } from '../support/cells-of-json.ts';
import { sendJson, WebServer } from '../support/web-server.ts';
import { describePackage, read, type Subject } from './suite.ts';

const key = 'canary-5a1c';
let web: WebServer;
beforeAll(async () => {
  web = await WebServer.start();
});
afterAll(() => web.stop());

interface Person {
  id: number;
  name: string;
  mails: string[];
  changed: string;
}
let people: Person[] = [];
let busySeconds: number | undefined;
/** Answers in place of the API. */
let instead: ((url: URL, response: ServerResponse) => boolean) | undefined;

function reset(): void {
  people = Array.from({ length: 8 }, (_, i) => person(i, `name ${String(i)}`));
  busySeconds = undefined;
  instead = undefined;
  web.answer = api;
}
const person = (id: number, name: string): Person => ({
  id,
  name,
  mails: [`${String(id)}@example.org`],
  changed: `2026-01-0${String((id % 8) + 1)}T00:00:00Z`,
});

const api: WebServer['answer'] = (url, response, request) => {
  const query = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
  if (request.headers['x-key'] !== key) return void response.writeHead(401).end();
  if (busySeconds !== undefined) {
    response.writeHead(429, { 'retry-after': String(busySeconds) }).end();
    busySeconds = undefined;
    return undefined;
  }
  if (instead?.(url, response)) return undefined;
  const slice = (at: number, size = 3) => people.slice(at, at + size);
  switch (url.pathname) {
    case '/api/offset':
      return sendJson(response, { data: { rows: slice(query('offset', 0)) }, count: people.length });
    case '/api/page':
      return sendJson(response, slice((query('page', 1) - 1) * 3));
    case '/api/cursor': {
      const at = query('after', 0);
      const next = at + 3 < people.length ? { next: at + 3 } : {};
      return sendJson(response, { rows: slice(at), ...next });
    }
    case '/api/link': {
      const at = query('at', 0);
      const link =
        at + 3 < people.length ? { link: `</api/first>; rel="first", <?at=${String(at + 3)}>; rel="next"` } : {};
      return sendJson(response, slice(at), link);
    }
    case '/api/whole':
      return sendJson(response, people);
    case '/api/since':
      return sendJson(
        response,
        people.filter(({ changed }) => changed >= (url.searchParams.get('from') ?? '')),
      );
    case '/api/people.csv':
      return void response.end(`id,name\n${people.map(({ id, name }) => `${String(id)},"${name}"\n`).join('')}`);
    default:
      return void response.writeHead(404).end();
  }
};

const size = { parameter: 'limit', value: 3 };
const tables = {
  offset: { path: '/offset', records: 'data.rows', id: 'id', paging: { kind: 'offset', total: 'count', size } },
  'offset without total': { path: '/offset', records: 'data.rows', id: 'id', paging: { kind: 'offset' } },
  page: { path: '/page', id: 'id', paging: { kind: 'page' } },
  'page twice': { path: '/page', id: 'id', verify: 'twice', paging: { kind: 'page' } },
  cursor: { path: '/cursor', records: 'rows', id: 'id', paging: { kind: 'cursor', parameter: 'after', next: 'next' } },
  link: { path: '/link', id: 'id', paging: { kind: 'link' } },
  whole: { path: 'whole' },
  since: { path: '/since', since: { parameter: 'from', column: 'changed', overlap: '0s' } },
  csv: { path: '/people.csv', format: 'csv' },
  'csv that needs no end': { path: '/people.csv', format: 'csv', finalNewline: 'optional' },
};

const outbound = { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] };
const adapter = createHttpPackage({ outbound, pause: 1, limits: { bytes: 100_000 } });
const connection = (more: Record<string, unknown> = {}, apiKey = key): Connection<HttpSettings> => ({
  name: 'api',
  settings: httpSettings.parse({ baseUrl: `${web.origin}/api/`, auth: 'apiKey', header: 'x-key', tables, ...more }),
  secrets: { apiKey },
});

const columns: Subject['columns'] = [
  { name: 'id', type: 'number', multiValued: false, nullable: true },
  { name: 'name', type: 'string', multiValued: false, nullable: true },
  { name: 'mails', type: 'string', multiValued: true, nullable: true },
  { name: 'changed', type: 'string', multiValued: false, nullable: true },
];
const base = { baseUrl: 'https://example.org' };
const subject = (table = 'offset'): Subject => ({
  adapter: adapter,
  connection,
  badSettings: [
    { settings: base, path: 'tables' },
    { settings: { ...base, auth: 'apiKey', tables: {} }, path: 'header' },
    { settings: { ...base, headers: { Authorization: 'x' }, tables: {} }, path: 'headers' },
    { settings: { ...base, tables: { t: { path: '../x' } } }, path: 'tables.t.path' },
    { settings: { ...base, tables: { t: { path: '/x?a=1' } } }, path: 'tables.t.path' },
    { settings: { ...base, tables: { t: { path: '/x', paging: { kind: 'page' } } } }, path: 'tables.t.id' },
    { settings: { ...base, tables: { t: { path: '/x', verify: 'twice' } } }, path: 'tables.t.verify' },
    { settings: { ...base, tables: { t: { path: '/x', format: 'csv', records: 'a' } } }, path: 'tables.t.format' },
  ],
  unreachable: [
    { what: 'nothing listens', connection: () => connection({ baseUrl: 'http://127.0.0.1:1' }), code: 'connection' },
    { what: 'another key', connection: () => connection({}, 'canary-wrong'), code: 'credentials' },
  ],
  table,
  tables: Object.keys(tables),
  key: ['id'],
  columns,
  reset,
  list: () =>
    people.map((each) =>
      shownOf(
        each,
        columns.map(({ name }) => name),
      ),
    ),
  put(id, value) {
    const found = people.find((each) => JSON.stringify({ n: String(each.id) }) === id || String(each.id) === id);
    if (found) found.name = value;
    else people.push(person(Number(id), value));
  },
  remove(id) {
    people = people.filter((each) => String(each.id) !== id);
  },
  storedKey: '3',
  freshKey: '99',
  shows: (row, value) => row['name'] === value,
  tellsChanges: false,
  requests: () => web.asked.length,
  busy(seconds) {
    busySeconds = seconds;
  },
  incomplete: [],
});
describePackage('http, by offset', () => ({
  ...subject(),
  incomplete: [
    {
      what: 'the end of the body is not told',
      make() {
        incompleteTable = 'csv';
      },
      code: 'not-final',
    },
  ],
  get table() {
    return incompleteTable ?? 'offset';
  },
  reset() {
    incompleteTable = undefined;
    reset();
    instead = (url, response) => {
      if (incompleteTable === undefined || !url.pathname.endsWith('.csv')) return false;
      // neither a length nor chunks: the connection just ends
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { connection: 'close' });
      response.end('id,name\n1,"a"\n');
      return true;
    };
  },
}));
let incompleteTable: string | undefined;

const readTable = (table: string, request: Partial<ReadRequest> = {}) => read(subject(table), request);
const ids = (rows: readonly Record<string, string>[]) => rows.map((row) => row['id']);
const all = Array.from({ length: 8 }, (_, i) => `{"n":"${String(i)}"}`);

describe('lists of an API', () => {
  it.each([
    ['offset', { certified: true }],
    ['offset without total', { certified: false, code: 'no-total' }],
    ['page', { certified: false, code: 'no-total' }],
    ['page twice', { certified: true }],
    ['cursor', { certified: true, code: 'no-total' }],
    ['link', { certified: true, code: 'no-total' }],
    ['whole', { certified: true }],
  ])('are read to their end: %s', async (table, certificate) => {
    reset();
    const { rows, end } = await readTable(table);
    expect(ids(rows)).toEqual(all);
    expect(end?.certificate).toMatchObject(certificate);
  });

  it('is not certified where it is read without pages, and its answer names a further one', async () => {
    reset();
    instead = (_, response) => {
      sendJson(response, people.slice(0, 3), { link: '</api/first>; rel="first", <?page=2>; rel="next"' });
      return true;
    };
    const { rows, end } = await readTable('whole');
    expect(rows).toHaveLength(3);
    expect(end?.certificate).toMatchObject({ certified: false, code: 'not-final' });
  });

  it('may be empty', async () => {
    for (const table of ['offset', 'page twice', 'cursor', 'link', 'whole']) {
      reset();
      people = [];
      const { rows, columns: found, end } = await readTable(table, { wanted: { columns: ['name'], key: ['id'] } });
      expect([rows, found, end?.certificate.certified]).toEqual([[], ['name', 'id'], true]);
    }
  });

  it('send the sizes, parameters and headers that the settings have', async () => {
    reset();
    web.asked.length = 0;
    await readTable('offset');
    expect(web.asked).toEqual([
      '/api/offset?limit=3&offset=0',
      '/api/offset?limit=3&offset=2',
      '/api/offset?limit=3&offset=4',
      '/api/offset?limit=3&offset=6',
    ]);
  });

  it.each([
    [
      'link',
      'the next page is elsewhere',
      { link: '<http://127.0.0.1:1/next>; rel=next' },
      '[{"id":1}]',
      'outbound-refused',
    ],
    ['link', 'the next page is no URL', { link: '<http://[>; rel=next' }, '[{"id":1}]', 'bad-body'],
    ['offset', 'there is no list', {}, '{"data":{}}', 'bad-body'],
    ['offset', 'the total is no number', {}, '{"data":{"rows":[]},"count":"many"}', 'bad-body'],
    ['offset', 'a row has no id', {}, '{"data":{"rows":[{"name":"canary"}]},"count":1}', 'bad-body'],
    ['whole', 'a row is no object', {}, '["canary"]', 'bad-body'],
    ['whole', 'the body is cut', {}, '[{"id":1},{"id', 'bad-body'],
    ['whole', 'the body is a login', {}, '<html>canary</html>', 'bad-body'],
    ['csv', 'the body is a login', {}, '<html>canary</html>', 'bad-body'],
    ['csv', 'the body is an error', {}, '{"error":"canary"}', 'bad-body'],
    ['csv', 'a quote stays open', {}, 'id,name\n1,"canary\n', 'unclosed-quote'],
    ['csv', 'a quote stands inside', {}, 'id,name\n1,"can"ary\n', 'bad-body'],
    ['csv', 'a column comes twice', {}, 'id,id\n1,2\n', 'duplicate-header'],
    ['csv', 'there is nothing', {}, '', 'bad-body'],
  ] as [string, string, Record<string, string>, string, string][])(
    'fail (%s) if %s',
    async (table, _, headers, body, code) => {
      reset();
      instead = (_url, response) => {
        response.writeHead(200, headers).end(body);
        return true;
      };
      const error: unknown = await readTable(table).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(SyncError);
      expect(error).toMatchObject({ code });
      expect((error as SyncError).message).not.toContain('canary');
    },
  );

  it('that has no such table names those that there are', async () => {
    await expect(readTable('peple')).rejects.toMatchObject({
      code: 'missing-table',
      message: expect.stringContaining('offset') as unknown,
    });
  });
});

describe('documents of CSV', () => {
  it('are certified by a line break at their end, in an answer that says where it ends', async () => {
    reset();
    const { rows, columns: found, end } = await readTable('csv');
    expect([rows.length, found, end?.certificate]).toEqual([8, ['id', 'name'], { certified: true }]);
    instead = (_, response) => {
      response.end('id,name\n1,"a"\n2,"b"');
      return true;
    };
    expect((await readTable('csv')).end?.certificate).toMatchObject({ certified: false, code: 'not-final' });
    expect((await readTable('csv that needs no end')).end?.certificate).toEqual({ certified: true });
  });

  it('have rows of another width as faults, with their line', async () => {
    reset();
    instead = (_, response) => {
      response.end('\ufeffid,name\r\n1,"a\nb"\r\n2\r\n3,c\r\n');
      return true;
    };
    const events: ReadEvent[] = [];
    for await (const event of adapter.read(connection(), { table: 'csv', mode: 'complete', tables: [] }))
      events.push(event);
    const records = events.flatMap((event) => (event.kind === 'structured' ? event.records : []));
    expect(records).toMatchObject([
      { cells: ['1', 'a\nb'] },
      { fault: { code: 'row-shape' }, position: 'line 4' },
      { cells: ['3', 'c'], position: 'line 5' },
    ]);
  });

  it('that break off are an error, not an end', async () => {
    reset();
    instead = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('id,name\n1,a\n');
      setTimeout(() => response.destroy(), 20);
      return true;
    };
    await expect(readTable('csv')).rejects.toMatchObject({ code: 'connection' });
  });
});

describe('an API that tells changes', () => {
  it('is asked from the largest time that was seen, and never tells what was deleted', async () => {
    reset();
    const { end } = await readTable('since');
    expect(end?.checkpoint?.value).toBe('2026-01-08T00:00:00.000Z');
    const since = { value: '2026-01-07T00:00:00.000Z', name: 'x' };
    const later = await readTable('since', { mode: 'incremental', since });
    // 2026-01-07T00:00:00Z sorts behind 2026-01-07T00:00:00.000Z, so both rows come
    expect(ids(later.rows)).toEqual(['{"n":"6"}', '{"n":"7"}']);
    expect(later.end?.certificate).toMatchObject({ certified: false, code: 'no-tombstones' });
  });

  it('is refused for tables that are not asked for changes', async () => {
    const events = [];
    for await (const event of adapter.read(connection(), { table: 'whole', mode: 'incremental', tables: [] }))
      events.push(event);
    expect(events).toMatchObject([{ kind: 'refused', code: 'checkpoint-refused' }]);
  });
});

describe('the header Link', () => {
  it.each([
    ['<https://a/b?x=1,2>; rel="next"', 'https://a/b?x=1,2'],
    ['<a>; rel=prev, <b>; title="x, y"; rel="last next"', 'b'],
    ['<a>; rel="prev"', undefined],
    [['<a>; rel=prev', '<b>; rel=next'], 'b'],
    [undefined, undefined],
  ] as [string | string[] | undefined, string | undefined][])('%j leads to %j', (header, url) => {
    expect(linkOf(header)).toBe(url);
  });
});
