import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { BerReader } from 'ldapts';
import { SyncError } from '../../domain/errors.ts';

/** One message of the directory, before ldapts sees it. */
export interface Message {
  /** The kind of the operation, as RFC 4511 numbers it. */
  kind: number;
  bytes: number;
  /** The content of the operation. */
  content(): Buffer;
  /** Values of the controls, by their numbers. */
  controls(): Map<string, Buffer>;
}

export const kinds = { entry: 0x64, done: 0x65, reference: 0x73, intermediate: 0x79 } as const;

/** A message is one entry at most. Larger ones would fill the memory. */
const largestMessage = 64 << 20;

/**
 * The stream between a socket and ldapts, one message a chunk. ldapts knows no Intermediate Responses: one of them ends its
 * search with an error, so they never reach it. It also drops the controls of single messages, and keeps all entries of a
 * search until its end; who searches may therefore look at each message, and keep it from ldapts.
 */
export class Tap extends Duplex {
  /** What ldapts asks of a socket. */
  readonly connecting = false;
  readonly readyState = 'open';
  /** Whether ldapts may have the message. */
  look: (message: Message) => boolean = () => true;
  /** What was wrong with a message. */
  failure: unknown;
  readonly #socket: Socket;
  #rest: Buffer[] = [];
  #length = 0;
  /** Length of the message that is coming, once its head is there. */
  #wanted = 2;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#take(data);
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, (error) => {
      done(error ?? null);
    });
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #take(data: Buffer): void {
    this.#rest.push(data);
    this.#length += data.length;
    try {
      while (this.#length >= this.#wanted && !this.destroyed) {
        const all = this.#rest.length === 1 && this.#rest[0] ? this.#rest[0] : Buffer.concat(this.#rest);
        const end = endOf(all);
        if (end === undefined || end > all.length) {
          this.#rest = [all];
          this.#wanted = end ?? all.length + 1;
          return;
        }
        this.#rest = [all.subarray(end)];
        this.#length = all.length - end;
        this.#wanted = 2;
        const message = messageOf(all.subarray(0, end));
        if (this.look(message) && message.kind !== kinds.intermediate && !this.push(all.subarray(0, end)))
          this.#socket.pause();
      }
    } catch (error) {
      this.failure = error;
      this.destroy(error instanceof Error ? error : new Error('The directory sent what is no message.'));
    }
  }
}

/** Where the first message ends; undefined if its head is not whole yet. */
function endOf(bytes: Buffer): number | undefined {
  const reader = new BerReader(bytes);
  if (reader.readSequence(0x30) === null) return undefined;
  if (reader.length < 0 || reader.length > largestMessage)
    throw new SyncError(
      'too-large',
      'The directory sent an entry of more than 64 MiB. Leave out its largest attributes.',
    );
  return reader.offset + reader.length;
}

function messageOf(bytes: Buffer): Message {
  const reader = new BerReader(bytes);
  reader.readSequence(0x30);
  reader.readInt();
  const kind = reader.readSequence() ?? 0;
  const from = reader.offset;
  const end = from + reader.length;
  return {
    kind,
    bytes: bytes.length,
    content: () => bytes.subarray(from, end),
    controls: () => controlsOf(bytes.subarray(end)),
  };
}

function controlsOf(bytes: Buffer): Map<string, Buffer> {
  const controls = new Map<string, Buffer>();
  const reader = new BerReader(bytes);
  if (reader.peek() !== 0xa0) return controls;
  reader.readSequence(0xa0);
  while (reader.remain > 0) {
    reader.readSequence(0x30);
    const end = reader.offset + reader.length;
    const type = reader.readString() ?? '';
    if (reader.offset < end && reader.peek() === 0x01) reader.readBoolean();
    controls.set(type, reader.offset < end ? (reader.readString(0x04, true) ?? Buffer.alloc(0)) : Buffer.alloc(0));
    reader.offset = end;
  }
  return controls;
}
