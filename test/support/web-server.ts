import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server on loopback that answers as a test says. */
export class WebServer {
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void = (_, response) => response.end();
  /** Paths with queries, in their order. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', this.origin);
      this.asked.push(`${url.pathname}${url.search}`);
      this.answer(url, response, request);
    });
  }

  static async start(): Promise<WebServer> {
    const web = new WebServer();
    await new Promise<void>((done) => web.#server.listen(0, '127.0.0.1', done));
    return web;
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

export function sendJson(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
