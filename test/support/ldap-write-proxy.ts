import net from 'node:net';
import { BerReader, BerWriter } from 'ldapts';

/** What happens to the next request that writes: `lost` does it and hides the answer, `answered` does not do it. */
export type LdapFault = { kind: 'lost' } | { kind: 'answered'; result: number; said?: string };

/** Requests that write, and the kinds of their answers (RFC 4511, 4). */
const writing = new Map([
  [0x66, { name: 'modify', answer: 0x67 }],
  [0x68, { name: 'add', answer: 0x69 }],
  [0x4a, { name: 'delete', answer: 0x6b }],
  [0x6c, { name: 'rename', answer: 0x6d }],
]);

/** A proxy in front of a directory that counts what is written, and spoils it as networks and servers do. */
export class LdapWriteProxy {
  /** What writes, in its order, done or not. */
  readonly writes: string[] = [];
  /** Connections since the start. */
  logins = 0;
  /** Runs before the next write goes on to the directory. */
  before: (() => Promise<void>) | undefined;
  #fault: LdapFault | undefined;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(port: () => { host: string; port: number }) {
    this.#server = net.createServer((client) => {
      this.logins++;
      const target = net.connect(port());
      for (const socket of [client, target]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          target.destroy();
        });
      }
      let rest = Buffer.alloc(0);
      let hides = false;
      client.on('data', (data) => {
        rest = Buffer.concat([rest, data]);
        for (let end = endOf(rest); end !== undefined && end <= rest.length; end = endOf(rest)) {
          const message = rest.subarray(0, end);
          rest = rest.subarray(end);
          const fault = this.#faultOf(message);
          if (fault?.kind === 'answered') client.write(answerTo(message, fault));
          else {
            hides ||= fault !== undefined;
            const { before } = this;
            if (before && writing.has(headOf(message).kind)) {
              this.before = undefined;
              void before().then(() => target.write(message));
            } else target.write(message);
          }
        }
      });
      target.on('data', (data) => {
        if (hides) client.destroy();
        else client.write(data);
      });
    });
  }

  static async start(target: () => { host: string; port: number }): Promise<LdapWriteProxy> {
    const proxy = new LdapWriteProxy(target);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get url(): string {
    return `ldap://127.0.0.1:${String((this.#server.address() as net.AddressInfo).port)}`;
  }

  /** Of the next write alone. */
  spoil(fault: LdapFault): void {
    this.#fault = fault;
  }

  /** Ends all connections, as servers do with those that are idle. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }

  #faultOf(message: Buffer): LdapFault | undefined {
    const found = writing.get(headOf(message).kind);
    if (!found) return undefined;
    this.writes.push(found.name);
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }
}

function headOf(message: Buffer): { id: number; kind: number } {
  const reader = new BerReader(message);
  reader.readSequence();
  return { id: reader.readInt() ?? 0, kind: reader.peek() ?? 0 };
}

function answerTo(request: Buffer, { result, said = '' }: { result: number; said?: string }): Buffer {
  const { id, kind } = headOf(request);
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(writing.get(kind)?.answer ?? 0);
  writer.writeEnumeration(result);
  writer.writeString('');
  writer.writeString(said);
  writer.endSequence();
  writer.endSequence();
  return writer.buffer;
}

/** Where the first message ends; undefined while its head is not whole. */
function endOf(bytes: Buffer): number | undefined {
  const length = bytes[1];
  if (length === undefined) return undefined;
  if (length < 0x80) return 2 + length;
  const digits = length - 0x80;
  return bytes.length < 2 + digits ? undefined : 2 + digits + bytes.readUIntBE(2, digits);
}
