import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { closePools, openPools } from '../../api/pools.ts';
import { createApiServer } from '../../api/server.ts';
import { parseConfig } from '../../config.ts';
import { namesOf } from '../../workflows/names.ts';
import { openStore } from '../../store/export-store.ts';
import { ApiClient } from './api-client.ts';

/** The API in the process of the test: what needs neither Temporal nor a worker is seen at a fraction of a stack's cost. */
export class ApiAlone extends ApiClient {
  readonly api: string;
  readonly #lines: string[];
  readonly #server: Server;
  readonly #end: () => Promise<void>;

  private constructor(server: Server, lines: string[], end: () => Promise<void>) {
    super();
    this.#lines = lines;
    this.#server = server;
    this.#end = end;
    this.api = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  /** What it has logged. */
  get output(): string {
    return this.#lines.join('');
  }

  /** @param databaseUrl where nothing listens, for what needs no database either */
  static async start(
    databaseUrl = 'postgresql://nobody@127.0.0.1:1/none',
    environment: NodeJS.ProcessEnv = {},
  ): Promise<ApiAlone> {
    const config = parseConfig(
      { SYNCLINE_DATABASE_URL: databaseUrl, SYNCLINE_TEMPORAL_ADDRESS: '127.0.0.1:1', ...environment },
      tmpdir(),
    );
    const pools = openPools(databaseUrl);
    // without retries: one that waits would meet a connection that is closed by then
    const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
    const lines: string[] = [];
    const app = createApp({
      ...pools,
      temporal: new Client({ connection }),
      store: openStore(config.exportStore),
      config,
      log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
      version: '0.0.0',
      names: namesOf(config.installation),
      takenBy: () => undefined,
    });
    const server = createApiServer(app).listen(0, config.api.host);
    await once(server, 'listening');
    return new ApiAlone(server, lines, async () => {
      await Promise.all([closePools(pools), connection.close()]);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#end();
  }

  /** A request whose headers are sent as they are given, `Host` included. */
  send(
    path: string,
    { method = 'GET', headers = {}, body }: { method?: string; headers?: IncomingHttpHeaders; body?: string } = {},
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
    return new Promise((resolve, reject) => {
      request(`${this.api}${path}`, { method, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      })
        .on('error', reject)
        .end(body);
    });
  }
}
