import { createServer, request as ask, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A proxy of a company: it passes HTTP on, opens tunnels for HTTPS, and looks names up by itself. */
export class HttpProxy {
  /** Ports on loopback, by the names that only the proxy can look up. */
  readonly ports = new Map<string, number>();
  /** Methods with the place that was asked for. */
  readonly asked: string[] = [];
  /** The credentials that came with each request. */
  readonly credentials: (string | undefined)[] = [];
  /** All that went through requests and tunnels to the proxy, as text of one byte a character. */
  heard = '';
  /** A status in place of each answer. */
  refuses: number | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '');
      this.#note(`${request.method ?? ''} ${url.origin}`, request.headers['proxy-authorization']);
      if (this.refuses !== undefined) return void response.writeHead(this.refuses).end();
      const { 'proxy-authorization': _own, 'proxy-connection': _kept, ...headers } = request.headers;
      const port = this.ports.get(url.hostname) ?? Number(url.port || 80);
      const onward = ask(
        { host: '127.0.0.1', port, method: request.method, path: `${url.pathname}${url.search}`, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          pipeline(answer, response, () => undefined);
        },
      );
      onward.on('error', () => response.writeHead(502).end());
      pipeline(request, onward, () => undefined);
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('data', (data) => (this.heard += data.toString('latin1')));
    });
    this.#server.on('connect', (request, socket, head) => {
      this.#note(`CONNECT ${request.url ?? ''}`, request.headers['proxy-authorization']);
      const [name = '', written] = (request.url ?? '').split(':');
      if (this.refuses !== undefined) return void socket.end(`HTTP/1.1 ${String(this.refuses)} Refused\r\n\r\n`);
      const onward = connect(this.ports.get(name) ?? Number(written), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.write(head);
        socket.pipe(onward).pipe(socket);
      });
      this.#sockets.add(onward);
      for (const each of [socket, onward]) each.on('error', () => each.destroy());
    });
  }

  static async start(): Promise<HttpProxy> {
    const proxy = new HttpProxy();
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  #note(asked: string, credentials: string | undefined): void {
    this.asked.push(asked);
    this.credentials.push(credentials);
  }

  forget(): void {
    this.asked.length = 0;
    this.credentials.length = 0;
    this.heard = '';
    this.refuses = undefined;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
