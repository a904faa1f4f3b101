import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection, ReadEvent, ReadRequest } from '../../connectors/package.ts';
import { todayIn } from '../../connectors/workday/effective.ts';
import { createWorkdayPackage } from '../../connectors/workday/index.ts';
import { workdaySettings, type WorkdaySettings } from '../../connectors/workday/settings.ts';
import { sendJson, WebServer } from '../support/web-server.ts';
import { describePackage, read, type Subject } from './suite.ts';

/** A double of Reports-as-a-Service: one document a report, with basic authorization or a token. */
const password = 'canary-77b2';
let web: WebServer;
beforeAll(async () => {
  web = await WebServer.start();
});
afterAll(() => web.stop());

type Row = Record<'Employee_ID' | 'Name' | 'Effective', string>;
let workers: Row[] = [];
let busySeconds: number | undefined;
let instead: ((response: ServerResponse) => void) | undefined;
/** Tokens that were issued; the last one counts. */
let tokens = 0;
/** Requests to the issuer of tokens, which is another server in production. */
let issued = 0;

function reset(): void {
  workers = Array.from({ length: 6 }, (_, i) => ({
    Employee_ID: String(i),
    Name: `Name ${String(i)}`,
    Effective: '2026-01-01',
  }));
  busySeconds = undefined;
  instead = undefined;
  tokens = 0;
  web.answer = report;
}

const report: WebServer['answer'] = (url, response, request) => {
  if (url.pathname === '/token') {
    issued += 1;
    if (request.headers.authorization !== `Basic ${Buffer.from('client:canary-secret').toString('base64')}`)
      return void response.writeHead(401).end('{"error":"invalid_client"}');
    return sendJson(response, { access_token: `token-${String(++tokens)}`, token_type: 'Bearer', expires_in: 3600 });
  }
  const basic = `Basic ${Buffer.from(`ISU@tenant:${password}`).toString('base64')}`;
  if (![basic, `Bearer token-${String(tokens)}`].includes(request.headers.authorization ?? ''))
    return void response.writeHead(401).end();
  if (busySeconds !== undefined) {
    response.writeHead(429, { 'retry-after': String(busySeconds) }).end();
    busySeconds = undefined;
    return undefined;
  }
  if (url.pathname !== '/ccx/service/customreport2/tenant/owner/Workers') return void response.writeHead(404).end();
  if (instead) {
    instead(response);
    return undefined;
  }
  if (url.searchParams.get('format') === 'json') return sendJson(response, { Report_Entry: workers });
  const lines = workers.map(({ Employee_ID, Name, Effective }) => `${Employee_ID},"${Name}",${Effective}\n`);
  return void response.end(`Employee_ID,Name,Effective\n${lines.join('')}`);
};

const outbound = { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] };
const adapter = createWorkdayPackage({ outbound, pause: 1, limits: { headers: 1500, silence: 1000 } });
const effective = { column: 'Effective', zone: 'Europe/Vienna' };
const tables = {
  workers: { report: 'owner/Workers', prompts: { Organization: 'all of it' } },
  json: { report: 'owner/Workers', format: 'json' },
  effective: { report: 'owner/Workers', effective },
  'effective json': { report: 'owner/Workers', format: 'json', effective: { ...effective, key: ['Employee_ID'] } },
  none: { report: 'owner/None' },
};
const connection = (
  more: Record<string, unknown> = {},
  secrets: Record<string, string> = { password },
): Connection<WorkdaySettings> => ({
  name: 'hr',
  settings: workdaySettings.parse({
    baseUrl: `${web.origin}/ccx/service/customreport2/tenant`,
    user: 'ISU@tenant',
    tables,
    ...more,
  }),
  secrets,
});
const columns = ['Employee_ID', 'Name', 'Effective'].map((name) => ({
  name,
  type: 'string' as const,
  multiValued: false,
  nullable: true,
}));
const base = { baseUrl: 'https://example.org', user: 'x' };
const only = { workers: tables.workers };

const subject = (table = 'workers', of = connection): Subject => ({
  adapter: adapter,
  connection: () => of({ tables: table in only ? only : tables }),
  badSettings: [
    { settings: base, path: 'tables' },
    { settings: { baseUrl: 'https://example.org', tables: {} }, path: 'user' },
    { settings: { ...base, tables: { t: { report: 'Workers' } } }, path: 'tables.t.report' },
    { settings: { ...base, tables: { t: { report: '../Workers' } } }, path: 'tables.t.report' },
    { settings: { ...base, tables: { t: { report: 'a/b', prompts: { format: 'x' } } } }, path: 'tables.t.prompts' },
    {
      settings: { ...base, tables: { t: { report: 'a/b', effective: { column: 'c', zone: 'Mars' } } } },
      path: 'tables.t.effective.zone',
    },
  ],
  unreachable: [
    {
      what: 'nothing listens',
      connection: () => of({ baseUrl: 'http://127.0.0.1:1', tables: only }),
      code: 'connection',
    },
    {
      what: 'another password',
      connection: () => connection({ tables: only }, { password: 'canary-wrong' }),
      code: 'credentials',
    },
  ],
  table,
  tables: [table],
  key: ['Employee_ID'],
  columns,
  reset,
  list: () => workers,
  put(id, value) {
    const found = workers.find(({ Employee_ID }) => Employee_ID === id);
    if (found) found.Name = value;
    else workers.push({ Employee_ID: id, Name: value, Effective: '2026-01-01' });
  },
  remove(id) {
    workers = workers.filter(({ Employee_ID }) => Employee_ID !== id);
  },
  storedKey: '3',
  freshKey: '99',
  shows: (row, value) => row['Name'] === value,
  requests: () => web.asked.length,
  busy(seconds) {
    busySeconds = seconds;
  },
  incomplete: [
    {
      what: 'the last line has no line break',
      make() {
        instead = (response) => response.end('Employee_ID,Name,Effective\n1,a,2026-01-01');
      },
      code: 'not-final',
    },
    {
      what: 'the end of the body is not told',
      make() {
        instead = (response) => {
          response.useChunkedEncodingByDefault = false;
          response.writeHead(200, { connection: 'close' }).end('Employee_ID,Name,Effective\n1,a,2026-01-01\n');
        };
      },
      code: 'not-final',
    },
  ],
});
describePackage('workday', subject);

const readTable = (table: string, request: Partial<ReadRequest> = {}) => read(subject(table), request);

describe('a report', () => {
  it('is asked for with its prompts and its format', async () => {
    reset();
    web.asked.length = 0;
    await readTable('workers');
    expect(web.asked).toEqual(['/ccx/service/customreport2/tenant/owner/Workers?Organization=all+of+it&format=csv']);
  });

  it('has its rows in Report_Entry as JSON', async () => {
    reset();
    const { rows, end } = await readTable('json');
    expect(rows).toEqual(workers);
    expect(end?.certificate).toEqual({ certified: true });
  });

  it.each([
    ['workers', 'a login page', '<html>canary</html>', 'bad-body'],
    ['json', 'a login page', '<html>canary</html>', 'bad-body'],
    ['json', 'an error', '{"error":"canary"}', 'bad-body'],
    ['json', 'half of a document', '{"Report_Entry":[{"a":"canary"}', 'bad-body'],
    ['none', 'not there', '', 'missing-table'],
    ['other', 'not among the settings', '', 'missing-table'],
  ])('(%s) that is %s fails', async (table, _, body, code) => {
    reset();
    instead = (response) => response.end(body);
    await expect(readTable(table)).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('canary') as unknown,
    });
  });

  it('that breaks off is an error, not an end', async () => {
    reset();
    instead = (response) => {
      response.write('Employee_ID,Name,Effective\n1,a,2026-01-01\n');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(readTable('workers')).rejects.toMatchObject({ code: 'connection' });
  });

  it('is never read by changes', async () => {
    const events: ReadEvent[] = [];
    for await (const event of adapter.read(connection(), { table: 'workers', mode: 'incremental', tables: [] }))
      events.push(event);
    expect(events).toMatchObject([{ kind: 'refused' }]);
    expect(adapter.incrementalGap(connection().settings)).toBeDefined();
  });
});

describe('effective rows', () => {
  const row = (id: string, name: string, date: string): Row => ({ Employee_ID: id, Name: name, Effective: date });
  const tomorrow = todayIn('Pacific/Kiritimati', new Date(Date.now() + 48 * 3600_000));

  it.each(['effective', 'effective json'])(
    'are the latest of each key that are not in the future: %s',
    async (table) => {
      reset();
      workers = [
        row('1', 'old', '2020-01-01'),
        row('2', 'future', tomorrow),
        row('1', 'now', '2026-01-01'),
        row('1', 'later', tomorrow),
        row('3', 'always', ''),
      ];
      const { rows, end } = await readTable(table, { wanted: { columns: ['Name'], key: ['Employee_ID'] } });
      expect(rows.map(({ Employee_ID, Name }) => [Employee_ID, Name])).toEqual([
        ['1', 'now'],
        ['3', 'always'],
      ]);
      expect(end).toEqual({ kind: 'end', certificate: { certified: true }, filtered: 3 });
    },
  );

  it('with one date are both given, so that they are reported', async () => {
    reset();
    workers = [row('1', 'a', '2026-01-01'), row('1', 'b', '2026-01-01'), row('', 'no key', '2026-01-01')];
    const { rows } = await readTable('effective', { wanted: { columns: ['Name'], key: ['Employee_ID'] } });
    expect(rows.map(({ Name }) => Name).sort()).toEqual(['a', 'b', 'no key']);
  });

  it.each([
    ['01/02/2026', { columns: [], key: ['Employee_ID'] }, 'bad-body'],
    ['2026-01-01', { columns: [], key: [] }, 'configuration'],
    ['2026-01-01', { columns: [], key: ['Id'] }, 'missing-column'],
  ])('fail with %s and %j', async (date, wanted, code) => {
    reset();
    workers = [row('1', 'a', date)];
    await expect(readTable('effective', { wanted })).rejects.toMatchObject({ code });
  });

  it('count by the day of their zone', () => {
    const moment = new Date('2026-03-01T23:30:00Z');
    expect([todayIn('Europe/Vienna', moment), todayIn('America/New_York', moment)]).toEqual([
      '2026-03-02',
      '2026-03-01',
    ]);
  });
});

describe('a token', () => {
  const secrets = { clientSecret: 'canary-secret' };
  const withToken = (more: Record<string, unknown> = {}, of = secrets) =>
    connection({ auth: 'oauth2', tokenUrl: `${web.origin}/token`, clientId: 'client', ...more }, of);

  it('is issued once for a connection, and once more if it is refused', async () => {
    reset();
    issued = 0;
    const one = withToken();
    for (let time = 0; time < 2; time++) expect((await read(subject('workers', () => one))).rows.length).toBe(6);
    expect(issued).toBe(1);
    // another one counts now
    tokens += 1;
    expect((await read(subject('workers', () => one))).rows.length).toBe(6);
    expect(issued).toBe(2);
  });

  it('that is refused again after it was issued anew fails the read', async () => {
    reset();
    issued = 0;
    const { answer } = web;
    web.answer = (url, response, request) => {
      if (url.pathname === '/token') answer(url, response, request);
      else response.writeHead(401).end();
    };
    try {
      await expect(read(subject('workers', () => withToken()))).rejects.toMatchObject({ code: 'credentials' });
    } finally {
      web.answer = answer;
    }
    expect(issued).toBe(2);
  });

  it('that is not issued says why, without the secret', async () => {
    reset();
    const wrong = () => withToken({}, { clientSecret: 'canary-wrong' });
    await expect(read(subject('workers', wrong))).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringContaining('invalid_client') as unknown,
    });
  });

  it('needs its settings and its secret', () => {
    const faults = adapter.connectionFaults?.({ settings: withToken().settings, secrets: [] }, outbound);
    expect(faults).toMatchObject([{ path: ['secrets'] }]);
  });
});
