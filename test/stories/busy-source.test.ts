import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

/** A web API that answers its next requests that it is busy. */
let server: Server;
let stack: Stack;
let busy: number[] = [];
let asked: string[] = [];

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

describe('a source that is busy', () => {
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
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
    stack = await Stack.start({ SYNCLINE_OUTBOUND_ALLOW: host });
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

  it('is waited for as long as it says, and the sync says what it waits for', async () => {
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
