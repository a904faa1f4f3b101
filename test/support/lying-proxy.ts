import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy knows of a request before it answers. */
export interface Passing {
  url: URL;
  headers: IncomingMessage['headers'];
  /** How many requests of this path came before. */
  before: number;
}

type Json = Record<string, unknown>;

export interface Lie {
  /** Answers in place of the server. @returns whether it did */
  answer?: (passing: Passing, response: ServerResponse) => boolean;
  /** The query that the server gets. */
  query?: (query: URLSearchParams, passing: Passing) => void;
  /** The body that the reader gets. */
  body?: (body: Json, passing: Passing) => unknown;
}

/** A proxy in front of an HTTP server that answers wrongly, as servers and proxies in the wild do. */
export class LyingProxy {
  lie: Lie = {};
  /** What was asked for, without the base. */
  readonly asked: Passing[] = [];
  readonly #server: Server;
  readonly #target: () => string;

  private constructor(target: () => string) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  /** @param target origin of the server */
  static async start(target: () => string): Promise<LyingProxy> {
    const proxy = new LyingProxy(target);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  tell(lie: Lie): void {
    this.lie = lie;
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#target());
    const before = this.asked.filter((each) => each.url.pathname === url.pathname).length;
    const passing = { url: new URL(url), headers: request.headers, before };
    this.asked.push(passing);
    if (this.lie.answer?.(passing, response)) return;
    this.lie.query?.(url.searchParams, passing);
    const { authorization } = request.headers;
    const answer = await fetch(url, { headers: { ...(authorization ? { authorization } : {}), accept: '*/*' } });
    const text = await answer.text();
    const body =
      this.lie.body && answer.ok && text !== ''
        ? JSON.stringify(this.lie.body(JSON.parse(text) as Json, passing))
        : text;
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
      .end(body);
  }
}
