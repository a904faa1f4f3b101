import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy of TCP that can do something to the server in the middle of what it answers. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  port = 0;
  /** Bytes that the server has answered. */
  told = 0;
  #left = Infinity;
  #cut: () => Promise<void> = () => Promise.resolve();

  private constructor(target: () => number) {
    this.#server = createServer((client) => {
      const server = connect(target(), '127.0.0.1');
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      client.pipe(server);
      server.on('data', (data) => {
        this.told += data.length;
        this.#left -= data.length;
        if (this.#left > 0) return void client.write(data);
        this.#left = Infinity;
        // the answer that was too much is never told
        server.pause();
        this.#server.close();
        void this.#cut().finally(() => server.destroy());
      });
    });
  }

  /** @param target port of the server */
  static async start(target: () => number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await proxy.listen();
    return proxy;
  }

  /** Listens, again on the same port. */
  async listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(this.port, '127.0.0.1', done));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /**
   * Does something to the server, once, when it has answered so many bytes from now on. Then the proxy refuses connections, as a
   * server does that is gone. @returns when it is done
   */
  cutAfter(bytes: number, cut: () => Promise<void>): Promise<void> {
    return new Promise((done, failed) => {
      this.#left = bytes;
      this.#cut = () => cut().then(done, failed);
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((done) => this.#server.close(done));
  }
}
