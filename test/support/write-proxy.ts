import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to the next request that writes: `lost` and `late` do it and hide the answer, `failed` does it and says that it did
 * not, `pretended` does not and says that it did.
 */
export type WriteFault =
  | { kind: 'lost' | 'late' | 'pretended' }
  | { kind: 'failed'; status: number }
  | { kind: 'answered'; status: number; headers?: Record<string, string>; body?: string };

export interface PassedWrite {
  method: string;
  path: string;
  body: unknown;
  headers: IncomingMessage['headers'];
}

/** A proxy in front of an HTTP server that counts what is written, and spoils it as networks and servers do. */
export class WriteProxy {
  /** What writes, in its order, done or not. */
  readonly writes: PassedWrite[] = [];
  reads = 0;
  #fault: WriteFault | undefined;
  #readFault: Extract<WriteFault, { kind: 'answered' }> | undefined;
  readonly #server: Server;
  readonly #target: () => string;

  private constructor(target: () => string) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  /** @param target origin of the server */
  static async start(target: () => string): Promise<WriteProxy> {
    const proxy = new WriteProxy(target);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** What was written since the last look. */
  take(): PassedWrite[] {
    return this.writes.splice(0);
  }

  /** Of the next write alone. */
  spoil(fault: WriteFault): void {
    this.#fault = fault;
  }

  /** Of the next read alone. */
  spoilRead(fault: Extract<WriteFault, { kind: 'answered' }>): void {
    this.#readFault = fault;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    let fault: WriteFault | undefined;
    if (method === 'GET') {
      this.reads++;
      fault = this.#readFault;
      this.#readFault = undefined;
    } else {
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      this.writes.push({ method, path: request.url ?? '', body, headers: request.headers });
      fault = this.#fault;
      this.#fault = undefined;
    }
    if (fault?.kind === 'answered') {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    if (fault?.kind === 'pretended') {
      const made = JSON.stringify({ id: '00000000-0000-4000-8000-000000000000' });
      response.writeHead(method === 'POST' ? 201 : 200, { 'content-type': 'application/scim+json' }).end(made);
      return;
    }
    const names = ['authorization', 'content-type', 'if-match', 'accept'];
    const headers = Object.fromEntries(
      names.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])),
    );
    const url = new URL(request.url ?? '/', this.#target());
    const answer = await fetch(url, { method, headers, ...(text === '' ? {} : { body: text }) });
    const body = await answer.text();
    if (fault?.kind === 'lost') response.destroy();
    // its client has a shorter time-out
    else if (fault?.kind === 'late') setTimeout(() => response.writeHead(answer.status).end(body), 3000).unref();
    else if (fault?.kind === 'failed') response.writeHead(fault.status).end('{"detail":"boom"}');
    else {
      const etag = answer.headers.get('etag');
      const location = answer.headers.get('location');
      response
        .writeHead(answer.status, {
          'content-type': answer.headers.get('content-type') ?? 'application/json',
          ...(etag === null ? {} : { etag }),
          ...(location === null ? {} : { location }),
        })
        .end(answer.status === 204 ? undefined : body);
    }
  }
}
