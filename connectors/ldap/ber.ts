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

const noMessage = () => new Error('The directory sent what is no message.');
