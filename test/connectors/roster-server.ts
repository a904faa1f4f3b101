import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeCell, type Cell } from '../../domain/cell.ts';
import type { DiscoveredColumn } from '../../connectors/package.ts';

type Row = Record<string, Cell>;
interface Entry {
  at: number;
  id: string;
  /** undefined: it is gone. */
  row: Row | undefined;
}

const pageSize = 2;

/** A server that holds tables of rows in memory and tells their changes, for the package of the guide. */
export class RosterServer {
  /** Pages that are answered before a connection breaks off; undefined: all. */
  breakAfter: number | undefined;
  /** Whether answers say that the last page is the last one. */
  tellsEnd = true;
  /** Requests so far. */
  requests = 0;
  /** What it answers the next request: that it is busy for so many seconds. */
  busySeconds: number | undefined;
  /** Called before each page is answered. */
  onPage: (() => void) | undefined;
  readonly #server: Server;
  readonly #columns: Record<string, DiscoveredColumn[]>;
  readonly #tables = new Map<string, Map<string, Entry>>();
  readonly #token: string;
  #clock = 0;

  private constructor(columns: Record<string, DiscoveredColumn[]>, token: string) {
    this.#columns = columns;
    this.#token = token;
    for (const table of Object.keys(columns)) this.#tables.set(table, new Map());
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
  }

  static async start(columns: Record<string, DiscoveredColumn[]>, token: string): Promise<RosterServer> {
    const roster = new RosterServer(columns, token);
    await new Promise<void>((done) => roster.#server.listen(0, '127.0.0.1', done));
    return roster;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  put(table: string, id: string, row: Row): void {
    this.#tables.get(table)?.set(id, { at: ++this.#clock, id, row: { id, ...row } });
  }

  remove(table: string, id: string): void {
    this.#tables.get(table)?.set(id, { at: ++this.#clock, id, row: undefined });
  }

  rows(table: string): Row[] {
    return this.#entries(table).flatMap(({ row }) => (row ? [row] : []));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #entries(table: string): Entry[] {
    return [...(this.#tables.get(table)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.url);
    const [, what = '', table = ''] = url.pathname.split('/');
    this.requests++;
    if (this.busySeconds !== undefined) {
      response.setHeader('retry-after', String(this.busySeconds));
      this.busySeconds = undefined;
      return send(response, 429, {});
    }
    if (request.headers.authorization !== `Bearer ${this.#token}`) return send(response, 401, {});
    if (what === 'tables') return send(response, 200, { tables: this.#columns, at: this.#clock });
    if (!this.#tables.has(table)) return send(response, 404, {});
    this.onPage?.();
    if (this.breakAfter !== undefined && this.breakAfter-- <= 0) {
      response.destroy();
      return undefined;
    }
    const since = Number(url.searchParams.get('since') ?? 0);
    const after = url.searchParams.get('after') ?? '';
    const found = this.#entries(table).filter(({ at, id, row }) => at > since && id > after && (row ?? since > 0));
    const page = found.slice(0, pageSize);
    const last = found.length <= pageSize;
    return send(response, 200, {
      rows: page.flatMap(({ row }) =>
        row ? [this.#columns[table]?.map(({ name }) => encodeCell(row[name] ?? null))] : [],
      ),
      gone: page.flatMap(({ id, row }) => (row ? [] : [id])),
      at: this.#clock,
      next: last ? null : page.at(-1)?.id,
      end: last && this.tellsEnd,
    });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
