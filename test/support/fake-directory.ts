import net from 'node:net';
import { BerReader, BerWriter, SearchRequest, PresenceFilter } from 'ldapts';

/** What the fake answers to a search. */
export interface Answer {
  entries?: { dn: string; attributes: Record<string, string[]> }[];
  /** RFC 4511, 4.1.9 */
  result?: number;
  /** The cookie of the control of pages; absent: the answer has no such control. */
  cookie?: string;
  /** How many bytes of the value of that control are sent; absent: all. */
  cutTo?: number;
  /** Bytes in place of an answer. */
  raw?: Buffer;
  silent?: boolean;
}

export interface Asked {
  base: string;
  scope: string;
  attributes: string[];
  /** The cookie of the request; undefined if it asks for no pages. */
  cookie: string | undefined;
}

/** A directory that does what real ones here do not: it sends ranges, loses cookies, is busy, and says what is no LDAP. */
export class FakeDirectory {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  answer: (asked: Asked) => Answer = () => ({});

  private constructor(server: net.Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      let rest = Buffer.alloc(0);
      socket.on('data', (data) => {
        rest = Buffer.concat([rest, data]);
        for (let end = endOf(rest); end !== undefined && end <= rest.length; end = endOf(rest)) {
          this.#take(socket, rest.subarray(0, end));
          rest = rest.subarray(end);
        }
      });
    });
  }

  static async start(): Promise<FakeDirectory> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeDirectory(server);
  }

  get url(): string {
    const { port } = this.#server.address() as net.AddressInfo;
    return `ldap://127.0.0.1:${String(port)}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: net.Socket, bytes: Buffer): void {
    const reader = new BerReader(bytes);
    reader.readSequence();
    const id = reader.readInt() ?? 0;
    const kind = reader.readSequence();
    if (kind === 0x60) socket.write(message(id, 0x61, (writer) => result(writer, 0)));
    if (kind !== 0x63) return;
    const end = reader.offset + reader.length;
    const request = new SearchRequest({ messageId: id, filter: new PresenceFilter({ attribute: 'objectclass' }) });
    request.parseMessage(reader);
    reader.offset = end;
    const asked = {
      base: request.baseDN,
      scope: request.scope,
      attributes: request.attributes,
      cookie: cookieOf(reader),
    };
    const answer = asked.base === '' ? root : this.answer(asked);
    if (answer.silent) return;
    if (answer.raw) {
      socket.write(answer.raw);
      return;
    }
    for (const { dn, attributes } of answer.entries ?? [])
      socket.write(
        message(id, 0x64, (writer) => {
          writer.writeString(dn);
          writer.startSequence();
          for (const [name, values] of Object.entries(attributes)) {
            writer.startSequence();
            writer.writeString(name);
            writer.startSequence(0x31);
            for (const value of values) writer.writeString(value);
            writer.endSequence();
            writer.endSequence();
          }
          writer.endSequence();
        }),
      );
    socket.write(
      message(
        id,
        0x65,
        (writer) => {
          result(writer, answer.result ?? 0);
        },
        answer.cookie,
        answer.cutTo,
      ),
    );
  }
}

const root: Answer = {
  entries: [
    {
      dn: '',
      attributes: {
        supportedControl: ['1.2.840.113556.1.4.319'],
        supportedCapabilities: ['1.2.840.113556.1.4.800'],
        namingContexts: ['dc=example,dc=org'],
      },
    },
  ],
};

function endOf(bytes: Buffer): number | undefined {
  const reader = new BerReader(bytes);
  return reader.readSequence() === null ? undefined : reader.offset + reader.length;
}

function cookieOf(reader: BerReader): string | undefined {
  if (reader.remain === 0 || reader.peek() !== 0xa0) return undefined;
  reader.readSequence();
  while (reader.remain > 0) {
    reader.readSequence();
    const type = reader.readString();
    if (reader.peek() === 0x01) reader.readBoolean();
    const value = reader.remain > 0 && reader.peek() === 0x04 ? reader.readString(0x04, true) : null;
    if (type !== '1.2.840.113556.1.4.319' || !value) continue;
    const inner = new BerReader(value);
    inner.readSequence();
    inner.readInt();
    return inner.readString() ?? '';
  }
  return undefined;
}

function result(writer: BerWriter, code: number): void {
  writer.writeEnumeration(code);
  writer.writeString('');
  writer.writeString('');
}

function message(
  id: number,
  kind: number,
  write: (writer: BerWriter) => void,
  cookie?: string,
  cutTo?: number,
): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(kind);
  write(writer);
  writer.endSequence();
  if (cookie !== undefined) {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(0);
    value.writeString(cookie);
    value.endSequence();
    writer.startSequence(0xa0);
    writer.startSequence();
    writer.writeString('1.2.840.113556.1.4.319');
    writer.writeBuffer(value.buffer.subarray(0, cutTo), 0x04);
    writer.endSequence();
    writer.endSequence();
  }
  writer.endSequence();
  return writer.buffer;
}
