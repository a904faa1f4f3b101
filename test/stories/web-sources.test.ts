import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

/** A web API that may be busy, gives one list by cursors, and has a report of Workday. */
let server: Server;
let stack: Stack;
let busy: number[] = [];
let asked: string[] = [];
let items: { id: string; name: string; changed: string }[] = [];

const connector = {
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'crowded',
  connections: [{ name: 'web', package: 'http', settings: {} }],
  entityTypes: [
    {
      name: 'WEB_Person',
      source: { connection: 'web', table: 'people' },
      key: ['id'],
      properties: { id: { column: 'id' }, name: { column: 'name' } },
    },
    {
      name: 'WEB_Team',
      source: { connection: 'web', table: 'teams' },
      key: ['id'],
      properties: { id: { column: 'id' } },
    },
  ],
  thresholds: wide,
  windows: wideWindows,
};

const reports = {
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'reports',
  connections: [
    { name: 'lists', package: 'http', settings: {} },
    { name: 'workday', package: 'workday', settings: {}, secrets: { password: 'env:SYNCLINE_SECRET_REPORTS' } },
  ],
  entityTypes: [
    {
      name: 'REPORT_Place',
      source: { connection: 'lists', table: 'places' },
      key: ['id'],
      properties: { id: { column: 'id' } },
    },
    {
      name: 'REPORT_Worker',
      source: { connection: 'workday', table: 'workers' },
      key: ['id'],
      properties: { id: { column: 'ID' }, title: { column: 'Title' } },
    },
  ],
  thresholds: wide,
  windows: wideWindows,
};
const changing = (properties: Record<string, unknown> = {}) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'changing',
  entityTypes: [
    {
      name: 'CHANGING_Item',
      source: { connection: 'web', table: 'items' },
      key: ['id'],
      properties: { id: { column: 'id' }, ...properties },
    },
    {
      name: 'CHANGING_Place',
      source: { connection: 'web', table: 'places' },
      key: ['id'],
      properties: { id: { column: 'id' } },
    },
  ],
  thresholds: wide,
  windows: wideWindows,
});
const report = `ID,Title,From
1,Trainee,2020-01-01
1,Engineer,2024-05-01
1,Head,2999-01-01
2,Nurse,2021-03-01
`;

describe('a web source', () => {
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
      if (pathname === '/owner/Workers') {
        response.writeHead(200, { 'content-type': 'text/csv', 'content-length': report.length }).end(report);
        return;
      }
      if (pathname === '/items') {
        response.writeHead(200, { 'content-type': 'application/json' });
        const from = searchParams.get('from') ?? '';
        response.end(JSON.stringify(items.filter(({ changed }) => changed >= from)));
        return;
      }
      if (pathname === '/places') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify(searchParams.has('after') ? { rows: [{ id: 'b' }] } : { rows: [{ id: 'a' }], next: 'a' }),
        );
        return;
      }
      const seconds = request.url?.startsWith('/teams') ? busy.shift() : undefined;
      if (seconds !== undefined) {
        response.writeHead(429, { 'retry-after': String(seconds) }).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify([{ id: '1', name: 'Ann' }]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const host = `127.0.0.1:${String(port)}`;
    stack = await Stack.start({ SYNCLINE_OUTBOUND_ALLOW: host, SYNCLINE_SECRET_REPORTS: 'canary-reports-6d21' });
    const places = {
      path: '/places',
      records: 'rows',
      id: 'id',
      paging: { kind: 'cursor', parameter: 'after', next: 'next' },
    };
    const workers = { report: 'owner/Workers', effective: { column: 'From', zone: 'Europe/Vienna' } };
    const [lists, workday] = reports.connections;
    await stack.put(
      {
        ...reports,
        connections: [
          { ...lists, settings: { baseUrl: `http://${host}`, auth: 'none', tables: { places } } },
          { ...workday, settings: { baseUrl: `http://${host}`, user: 'reader', tables: { workers } } },
        ],
      },
      'reports',
    );
    const paging = { paging: 'none' };
    const tables = { people: { path: '/people', ...paging }, teams: { path: '/teams', ...paging } };
    const settings = { baseUrl: `http://${host}`, auth: 'none', tables };
    await stack.put({ ...connector, connections: [{ ...connector.connections[0], settings }] }, 'crowded');
    await stack.syncAndResume('crowded');
  });
  afterAll(async () => {
    await stack.stop();
    server.close();
  });
  beforeEach(() => {
    busy = [];
    asked = [];
  });

  it('that is busy is waited for as long as it says, and the sync says what it waits for', async () => {
    busy = [3];
    const { id } = await stack.startSync('crowded');
    const waits: Sync['waitingFor'][] = [];
    await stack.until(async () => {
      const { waitingFor, status } = await stack.get<Sync>(`/v1/syncs/${id}`);
      if (waitingFor) waits.push(waitingFor);
      return status !== 'queued' && status !== 'running';
    });
    expect(await stack.get<Sync>(`/v1/syncs/${id}`)).toMatchObject({ status: 'completed', waitingFor: null });
    expect(waits[0]).toMatchObject({ reason: 'rate-limit', connection: 'web', limit: 'source' });
    expect(asked.filter((path) => path.startsWith('/teams'))).toHaveLength(2);
  });

  it('whose lists tell no total are certified with a remark, and rows that a report leaves out are counted', async () => {
    const sync = await stack.syncAndResume('reports');
    expect(sync).toMatchObject({
      status: 'completed',
      completeness: { places: { certified: true, code: 'no-total' }, workers: { certified: true } },
      counters: {
        REPORT_Place: { read: 2, inserted: 2, filtered: 0 },
        REPORT_Worker: { read: 4, inserted: 2, filtered: 2, rejected: 0 },
      },
    });
    expect(sync.completeness['places']?.reason).toContain('no number of entries');
    expect(sync.completeness['workers']).not.toHaveProperty('code');
    for (const hidden of ['canary-reports-6d21', 'Engineer', 'Trainee']) expect(stack.output).not.toContain(hidden);
    const { items } = await stack.get<{ items: { attributes: unknown }[] }>('/v1/entity-types/REPORT_Worker/resources');
    expect(items.map(({ attributes }) => attributes)).toEqual([
      { id: '1', title: 'Engineer' },
      { id: '2', title: 'Nurse' },
    ]);
  });

  it('that tells no changes is polled by complete syncs of its entity types', async () => {
    const { file } = await stack.get<{ file: { connections: { name: string }[] } }>('/v1/connectors/reports');
    const poll = { interval: '1s' };
    const polled = (of: object) => ({
      ...file,
      connections: file.connections.map((each) => (each.name === 'workday' ? { ...each, ...of } : each)),
    });
    await stack.put(polled({ poll }), 'reports');
    const polls = () => stack.all<Sync>('/v1/syncs?connector=reports&trigger=poll');
    await stack.until(async () => (await polls()).some(({ status }) => status === 'completed'));
    expect((await polls()).at(-1)).toMatchObject({
      mode: 'complete',
      requestedMode: 'complete',
      scope: { entityTypes: ['REPORT_Worker'] },
    });
    await stack.put(file, 'reports');
  });

  it('is read completely where it has no place to ask from, and says why, and its other tables are left out of the rest', async () => {
    const paging = { kind: 'cursor', parameter: 'after', next: 'next' };
    const tables = {
      items: { path: '/items', since: { parameter: 'from', column: 'changed', overlap: '0s' } },
      places: { path: '/places', records: 'rows', id: 'id', paging },
    };
    const { port } = server.address() as AddressInfo;
    const settings = { baseUrl: `http://127.0.0.1:${String(port)}`, auth: 'none', tables };
    const put = (properties?: Record<string, unknown>) =>
      stack.put({ ...changing(properties), connections: [{ name: 'web', package: 'http', settings }] }, 'changing');
    items = [
      { id: '1', name: 'One', changed: '2026-01-01T00:00:00Z' },
      { id: '2', name: 'Two', changed: '2026-02-01T00:00:00Z' },
    ];
    await put();
    const incremental = () => stack.syncAndResume('changing', { mode: 'incremental' });
    expect(await incremental()).toMatchObject({ mode: 'complete', modeReason: { code: 'no-checkpoint' } });
    items.push({ id: '3', name: 'Three', changed: '2026-03-01T00:00:00Z' });
    asked = [];
    expect(await incremental()).toMatchObject({
      status: 'completed',
      mode: 'incremental',
      modeReason: null,
      counters: { CHANGING_Item: { read: 2, inserted: 1, deleted: 0 } },
      completeness: { items: { code: 'no-tombstones' }, places: { certified: false, skipped: true } },
    });
    expect(asked).toEqual(['/items?from=2026-02-01T00%3A00%3A00.000Z']);
    await put({ name: { column: 'name' } });
    expect(await incremental()).toMatchObject({ mode: 'complete', modeReason: { code: 'read-changed' } });
  });

  it('that asks for a long wait gives the slot back, and the next attempt comes when it allows', async () => {
    busy = [400];
    const { id } = await stack.startSync('crowded');
    const begun = Date.now();
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${id}`)).retry !== null);
    const { retry } = await stack.get<Sync>(`/v1/syncs/${id}`);
    expect(retry).toMatchObject({ attempt: 1, code: 'throttled' });
    const seconds = (Date.parse(retry?.nextAt ?? '') - begun) / 1000;
    expect(seconds).toBeGreaterThan(395);
    expect(seconds).toBeLessThan(460);
  });
});
