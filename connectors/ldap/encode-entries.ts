import { isUtf8 } from 'node:buffer';
import { RecordEncoder, type EncodedRecords } from '../../domain/encoded-records.ts';
import { longestPosition, type CellSource, type Columns } from '../entries/columns.ts';
import type { Entry } from '../entries/entry.ts';
import { SearchEntry } from './search-entry.ts';

/** Makes records of entries, those that `recordOf` of their columns would make. */
export class EntryEncoder {
  readonly #columns: Columns;
  readonly #records = new RecordEncoder();
  /** The attributes of the columns, in small letters. */
  readonly #names: readonly Buffer[];
  /** Of each column the attributes that it may come from. */
  readonly #ofColumn: readonly (readonly number[])[];
  /** Where an entry has each attribute; -1: nowhere. */
  readonly #found: number[];
  /** Which attribute came at each place of the entry before: servers keep an order. */
  readonly #before: number[] = [];

  constructor(columns: Columns) {
    this.#columns = columns;
    const named = (source: CellSource) => ('own' in source ? [] : source.attributes);
    const names = [...new Set(columns.sources.flatMap(named))];
    this.#names = names.map((name) => Buffer.from(name));
    this.#ofColumn = columns.sources.map((source) => named(source).map((name) => names.indexOf(name)));
    this.#found = names.map(() => -1);
  }

  page(entries: readonly Entry[]): EncodedRecords {
    for (const entry of entries) this.#entry(entry);
    return this.#records.take();
  }

  #entry(entry: Entry): void {
    const records = this.#records;
    const came = entry instanceof SearchEntry ? entry : undefined;
    if (!came) {
      const { cells, position = '' } = this.#columns.recordOf(entry);
      records.beginList();
      for (const cell of cells) records.cell(cell);
      records.endList();
      records.position(position);
      records.endRecord();
      return;
    }
    this.#find(came);
    records.beginList();
    for (const [i, source] of this.#columns.sources.entries())
      if ('own' in source) records.cell(source.own(came));
      else this.#values(came, this.#placeOf(i), source.isBytes);
    records.endList();
    this.#position(came);
    records.endRecord();
  }

  #placeOf(column: number): number {
    for (const name of this.#ofColumn[column] ?? []) {
      const place = this.#found[name] ?? -1;
      if (place >= 0) return place;
    }
    return -1;
  }

  #position(entry: SearchEntry): void {
    const { bytes, dnStart, dnEnd } = entry;
    // no more bytes than characters may be: then no more characters
    if (dnEnd - dnStart > longestPosition) this.#records.position(entry.dn.slice(0, longestPosition));
    else {
      this.#records.json('null');
      this.#records.text(bytes, dnStart, dnEnd);
    }
  }

  #find({ bytes, places }: SearchEntry): void {
    this.#found.fill(-1);
    let nth = 0;
    for (let at = 0; at < places.length; nth++) {
      const start = places[at] as number;
      const end = places[at + 1] as number;
      const guess = this.#before[nth] ?? -1;
      let name = guess;
      if (guess < 0 || !isName(bytes, start, end, this.#names[guess])) {
        name = this.#names.findIndex((each) => isName(bytes, start, end, each));
        this.#before[nth] = name;
      }
      if (name >= 0) this.#found[name] = at;
      at += 3 + 2 * (places[at + 2] as number);
    }
  }

  /** Always a list. Bytes, if the attribute has bytes, or if a value is no text. */
  #values({ bytes, places }: SearchEntry, place: number, isBytes: boolean): void {
    const records = this.#records;
    const mark = records.mark();
    records.beginList();
    const count = place < 0 ? 0 : (places[place + 2] as number);
    let asBytes = isBytes;
    for (let i = 0; i < count; i++) {
      const start = places[place + 3 + 2 * i] as number;
      const end = places[place + 4 + 2 * i] as number;
      if (asBytes) records.cell(bytes.subarray(start, end));
      else if (!records.text(bytes, start, end) && !isUtf8(bytes.subarray(start, end))) {
        asBytes = true;
        records.back(mark);
        records.beginList();
        i = -1;
      }
    }
    records.endList();
  }
}

/** @param name in small letters */
function isName(bytes: Buffer, start: number, end: number, name: Buffer | undefined): boolean {
  if (name?.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) {
    const byte = bytes[start + i] as number;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== name[i]) return false;
  }
  return true;
}
