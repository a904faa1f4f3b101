import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A web server on loopback that answers as a test says. */
export class WebServer {
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void = (_, response) => response.end();
  /** Paths with queries, in their order. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(tls: ServerOptions | undefined) {
    const listener: RequestListener = (request, response) => {
      const url = new URL(request.url ?? '/', this.origin);
      this.asked.push(`${url.pathname}${url.search}`);
      this.answer(url, response, request);
    };
    this.#scheme = tls ? 'https' : 'http';
    this.#server = tls ? createSecureServer(tls, listener) : createServer(listener);
  }

  /** @param tls its certificate, for HTTPS */
  static async start(tls?: ServerOptions): Promise<WebServer> {
    const web = new WebServer(tls);
    await new Promise<void>((done) => web.#server.listen(0, '127.0.0.1', done));
    return web;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `${this.#scheme}://127.0.0.1:${String(this.port)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

export function sendJson(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
