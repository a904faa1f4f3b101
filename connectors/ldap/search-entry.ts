import type { Entry } from '../entries/entry.ts';
import { BerPlaces, berTags, noMessage } from './ber.ts';

const { octets, sequence, set } = berTags;
const semicolon = 0x3b;

/**
 * An entry as it came: the content of a SearchResultEntry, and where its parts are. Buffers of values and texts of names are made
 * only if somebody asks for them.
 */
export class SearchEntry implements Entry {
  readonly bytes: Buffer;
  /**
   * Of each attribute: where its name begins and ends, how many values it has, and where each of them begins and ends.
   */
  readonly places: readonly number[];
  readonly dnStart: number;
  readonly dnEnd: number;
  #attributes: Map<string, Buffer[]> | undefined;

  constructor(content: Buffer) {
    this.bytes = content;
    const ber = new BerPlaces(content);
    const places: number[] = [];
    ber.enter(0, content.length, octets);
    this.dnStart = ber.start;
    this.dnEnd = ber.end;
    ber.enter(ber.end, content.length, sequence);
    const end = ber.end;
    // what stands behind the lists would be values that nobody reads
    if (end !== content.length) throw noMessage();
    for (let at = ber.start; at < end;) {
      ber.enter(at, end, sequence);
      const attributeEnd = ber.end;
      ber.enter(ber.start, attributeEnd, octets);
      places.push(ber.start, ber.end, 0);
      const count = places.length - 1;
      ber.enter(ber.end, attributeEnd, set);
      const valuesEnd = ber.end;
      if (valuesEnd !== attributeEnd) throw noMessage();
      let values = 0;
      for (let value = ber.start; value < valuesEnd; value = ber.end, values++) {
        ber.enter(value, valuesEnd, octets);
        places.push(ber.start, ber.end);
      }
      places[count] = values;
      at = attributeEnd;
    }
    this.places = places;
  }

  /** Whether the name of an attribute has an option that begins so. */
  hasOption(option: string): boolean {
    const { bytes, places } = this;
    for (let at = 0; at < places.length; at += 3 + 2 * (places[at + 2] ?? 0)) {
      const end = places[at + 1] ?? 0;
      for (let i = places[at] ?? 0; i < end; i++)
        if (bytes[i] === semicolon && bytes.toString('latin1', i + 1, i + 1 + option.length).toLowerCase() === option)
          return true;
    }
    return false;
  }

  get dn(): string {
    return this.bytes.toString('utf8', this.dnStart, this.dnEnd);
  }

  get attributes(): ReadonlyMap<string, readonly Buffer[]> {
    return (this.#attributes ??= this.#read());
  }

  first(name: string): Buffer | undefined {
    const { bytes, places } = this;
    let found: Buffer | undefined;
    for (let at = 0; at < places.length; at += 3 + 2 * (places[at + 2] ?? 0)) {
      const [start = 0, end = 0] = [places[at], places[at + 1]];
      if (end - start === name.length && bytes.toString('latin1', start, end).toLowerCase() === name)
        found = places[at + 2] === 0 ? undefined : bytes.subarray(places[at + 3], places[at + 4]);
    }
    return found;
  }

  /** Copies, since a value may be kept for longer than what came with it. */
  #read(): Map<string, Buffer[]> {
    const { bytes, places } = this;
    const attributes = new Map<string, Buffer[]>();
    for (let at = 0; at < places.length;) {
      const name = bytes.toString('utf8', places[at], places[at + 1]).toLowerCase();
      const count = places[at + 2] ?? 0;
      const values = Array.from({ length: count }, (_, i) =>
        Buffer.from(bytes.subarray(places[at + 3 + 2 * i], places[at + 4 + 2 * i])),
      );
      attributes.set(name, values);
      at += 3 + 2 * count;
    }
    return attributes;
  }
}
