import { SyncError } from '../../domain/errors.ts';

/**
 * Where things are in messages of LDAP (RFC 4511, 5.1: lengths are definite). It makes no objects, since a message has many
 * elements; ldapts reads everything else.
 */
export class BerPlaces {
  readonly bytes: Buffer;
  /** Where the content of the element begins and ends that was entered last. */
  start: number;
  end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /**
   * Enters an element.
   * @param within where what it stands in ends
   * @returns whether its head is whole
   * @throws Error if the element is of another kind, or longer than what it stands in
   */
  head(at: number, within: number, tag?: number): boolean {
    const { bytes } = this;
    if (at + 2 > within) return false;
    if (tag !== undefined && bytes[at] !== tag) throw noMessage();
    let length = bytes[at + 1] as number;
    let start = at + 2;
    if (length >= 0x80) {
      const digits = length - 0x80;
      if (digits === 0 || digits > 4) throw noMessage();
      if (start + digits > within) return false;
      length = bytes.readUIntBE(start, digits);
      start += digits;
    }
    this.start = start;
    this.end = start + length;
    return true;
  }

  /** Enters an element that has to be whole. */
  enter(at: number, within: number, tag?: number): void {
    if (!this.head(at, within, tag) || this.end > within) throw noMessage();
  }
}

/**
 * The elements of a value, one after the other. Each has to be there, of its kind and whole: a value that is cut must not look
 * like one that says less. @throws SyncError `bad-body`
 */
export class BerParts {
  readonly #places: BerPlaces;
  #at: number;
  readonly #end: number;

  /** @param tag of the element that the parts stand in; absent: they stand in nothing */
  constructor(bytes: Buffer, tag?: number) {
    this.#places = new BerPlaces(bytes);
    if (tag !== undefined) this.#places.enter(0, bytes.length, tag);
    this.#at = this.#places.start;
    this.#end = this.#places.end;
  }

  /** The kind of the next element; undefined behind the last one. */
  get next(): number | undefined {
    return this.#at < this.#end ? this.#places.bytes[this.#at] : undefined;
  }

  /** The content of the next element. */
  take(tag: number): Buffer {
    const places = this.#places;
    places.enter(this.#at, this.#end, tag);
    this.#at = places.end;
    return places.bytes.subarray(places.start, places.end);
  }

  /** The next element, if it is of a kind. */
  takeIf(tag: number): Buffer | undefined {
    return this.next === tag ? this.take(tag) : undefined;
  }

  /** @param tag of the number; that of an enumeration is another one */
  number(tag: number = berTags.integer): number {
    const content = this.take(tag);
    if (content.length < 1 || content.length > 6) throw noMessage();
    return content.readIntBE(0, content.length);
  }

  /** A boolean, false where it is left out. */
  flag(): boolean {
    const content = this.takeIf(berTags.boolean);
    if (content !== undefined && content.length !== 1) throw noMessage();
    return content !== undefined && content[0] !== 0;
  }
}

/** Kinds of elements (X.690, 8). */
export const berTags = { boolean: 0x01, integer: 0x02, octets: 0x04, enumeration: 0x0a, sequence: 0x30, set: 0x31 };

export const noMessage = () =>
  new SyncError(
    'bad-body',
    'The directory sent a message that is none of LDAP. A program between Syncline and the directory may have changed it.',
  );
