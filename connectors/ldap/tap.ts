import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { SyncError } from '../../domain/errors.ts';
import { BerParts, BerPlaces, berTags, noMessage } from './ber.ts';

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
    if (this.#length < this.#wanted) return;
    const all = this.#rest.length === 1 ? data : Buffer.concat(this.#rest, this.#length);
    const places = new BerPlaces(all);
    let at = 0;
    try {
      while (!this.destroyed) {
        const isHead = places.head(at, all.length, sequence);
        const end = isHead ? places.end : Infinity;
        if (isHead && end - places.start > largestMessage) throw tooLarge();
        if (end > all.length) {
          this.#rest = at < all.length ? [all.subarray(at)] : [];
          this.#length = all.length - at;
          this.#wanted = isHead ? end - at : this.#length + 1;
          return;
        }
        const message = messageOf(places, at);
        if (this.look(message) && message.kind !== kinds.intermediate && !this.push(all.subarray(at, end)))
          this.#socket.pause();
        at = end;
      }
    } catch (error) {
      this.failure = error;
      this.destroy(error instanceof Error ? error : noMessage());
    }
  }
}

const { integer, sequence } = berTags;
/** RFC 4511, 4.1.1 */
const controlsTag = 0xa0;

const tooLarge = () =>
  new SyncError('too-large', 'The directory sent an entry of more than 64 MiB. Leave out its largest attributes.');

/** @param places in the message that begins here, just entered */
function messageOf(places: BerPlaces, begin: number): Message {
  const { bytes: all, end } = places;
  places.enter(places.start, end, integer);
  const at = places.end;
  places.enter(at, end);
  const { start: from, end: to } = places;
  return {
    kind: all[at] ?? 0,
    bytes: end - begin,
    content: () => all.subarray(from, to),
    controls: () => controlsOf(all.subarray(to, end)),
  };
}

function controlsOf(bytes: Buffer): Map<string, Buffer> {
  const controls = new Map<string, Buffer>();
  // behind the operation there may be parts of later versions
  if (bytes[0] !== controlsTag) return controls;
  const list = new BerParts(bytes, controlsTag);
  while (list.next !== undefined) {
    const control = new BerParts(list.take(sequence));
    const type = control.take(berTags.octets).toString('latin1');
    control.flag();
    controls.set(type, control.takeIf(berTags.octets) ?? Buffer.alloc(0));
  }
  return controls;
}
