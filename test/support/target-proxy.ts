import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request that would change something. */
export interface Written {
  method: string;
  /** Without the base. */
  path: string;
  body: Record<string, unknown>;
}

/**
 * What happens to one writing request. `late`: the target does it, and the answer comes after so many milliseconds. `error`: it does
 * it, and answers 500. `lost`: it is told 201 and never reaches the target. `refuse`: a status of its own, and nothing reaches it.
 */
export type Fate =
  | { late: number }
  | 'error'
  | 'lost'
  | { refuse: number; headers?: Record<string, string>; body?: Record<string, unknown> };

/** Stands in front of a target: it keeps what is written, and can make the target unreliable. */
export class TargetProxy {
  readonly written: Written[] = [];
  reads = 0;
  fateOf: (request: Written) => Fate | undefined = () => undefined;
  readonly #server: Server;
  readonly #target: string;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  /** @param target origin of the target */
  static async start(target: string): Promise<TargetProxy> {
    const proxy = new TargetProxy(target);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** What was written since the last look, by method and path. */
  take(): Written[] {
    return this.written.splice(0);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const { method = 'GET', url = '/' } = request;
    const written = { method, path: url, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    let fate: Fate | undefined;
    if (method === 'GET') this.reads++;
    else {
      this.written.push(written);
      fate = this.fateOf(written);
    }
    if (fate === 'lost') {
      answer(response, 201, { ...written.body, id: 'nobody' });
      return;
    }
    if (typeof fate === 'object' && 'refuse' in fate) {
      answer(response, fate.refuse, fate.body ?? {}, fate.headers);
      return;
    }
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
    );
    const real = await fetch(`${this.#target}${url}`, { method, headers, ...(text === '' ? {} : { body: text }) });
    const body = Buffer.from(await real.arrayBuffer());
    if (fate === 'error') {
      answer(response, 500, { detail: 'An error that comes after the work was done.' });
      return;
    }
    if (fate) await sleep(fate.late);
    response.writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? 'application/scim+json' });
    response.end(body);
  }
}

function answer(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/scim+json', ...headers });
  response.end(JSON.stringify(body));
}
