import { join } from 'node:path';
import type { EncodedRecords } from '../domain/encoded-records.ts';
import { WholeFile } from './files.ts';
import type { Part } from './manifest.ts';
import { formatRecord, type StoredLines, type StoredRecord } from './part-format.ts';
import { EncodedBlock } from './encoded-block.ts';
import { formatStructured, type StructuredKind, type StructuredRecord } from './structured-format.ts';

const partBytes = 16 << 20;
const writeBytes = 1 << 20;

type OpenPart = Omit<Part, 'name' | 'bytes' | 'sha256'>;

/** Writes the parts of one table. */
export class TableWriter {
  /** Closed parts: only these survive a crash. */
  readonly parts: Part[];
  readonly #folder: string;
  #file: WholeFile | undefined;
  #open: OpenPart | undefined;
  #buffer = '';
  #block: EncodedBlock | undefined;

  constructor(folder: string, parts: Part[]) {
    this.#folder = folder;
    this.parts = parts;
  }

  /** Without what only says that something is still there. */
  get rows(): number {
    const parts = this.#open ? [...this.parts, this.#open] : this.parts;
    return parts.reduce((sum, { structured, rows }) => (structured === 'present' ? sum : sum + rows), 0);
  }

  /** @returns whether a part was closed, so that the caller can tell its checkpoint */
  async write(source: string, columns: string[], records: readonly StoredRecord[]): Promise<boolean> {
    if (this.#open && (this.#open.source !== source || this.#open.plain || this.#open.structured)) await this.#close();
    const file = await this.#openPart({ source, columns, rows: 0 });
    for (const record of records) this.#buffer += formatRecord(record);
    return this.#wrote(file, records.length);
  }

  /** Writes records as the lines that they were read from. @returns as `write` does */
  async writeLines(source: string, columns: string[], lines: StoredLines): Promise<boolean> {
    const { firstLine, delimiter, quote } = lines;
    const plain = this.#open?.plain;
    const goesOn =
      this.#open?.source === source &&
      plain?.delimiter === delimiter &&
      plain.quote === quote &&
      plain.firstLine + this.#open.rows === firstLine;
    if (this.#open && !goesOn) await this.#close();
    const file = await this.#openPart({ source, columns, rows: 0, plain: { firstLine, delimiter, quote } });
    await file.write(lines.text);
    return this.#wrote(file, lines.rows);
  }

  /** Writes records whose cells have types, or names of what is gone or still there. They get numbers. @returns as `write` does */
  async writeStructured(
    source: string,
    columns: string[],
    kind: StructuredKind,
    rows: readonly Omit<StructuredRecord, 'line'>[],
  ): Promise<boolean> {
    if (this.#open && (this.#open.source !== source || this.#open.structured !== kind)) await this.#close();
    const first = this.rows + 1;
    const file = await this.#openPart({ source, columns, rows: 0, structured: kind });
    if (this.#block && !this.#block.isEmpty) await this.#flush();
    for (const [i, record] of rows.entries()) {
      this.#buffer += formatStructured(record, first + i);
      if (this.#buffer.length >= writeBytes) await this.#flush();
    }
    return this.#wrote(file, rows.length);
  }

  /** Writes records that are encoded already. @returns as `write` does */
  async writeEncoded(source: string, columns: string[], records: EncodedRecords): Promise<boolean> {
    if (this.#open && (this.#open.source !== source || this.#open.structured !== 'records')) await this.#close();
    const first = this.rows + 1;
    const file = await this.#openPart({ source, columns, rows: 0, structured: 'records' });
    // nothing of before may come after it
    if (this.#buffer !== '') await this.#flush();
    const block = (this.#block ??= new EncodedBlock());
    for (let at = 0; at < records.ends.length;) {
      at = block.add(records, at, first + at);
      if (block.isFull) await this.#flush();
    }
    return this.#wrote(file, records.ends.length);
  }

  async #openPart(part: OpenPart): Promise<WholeFile> {
    this.#open ??= part;
    return (this.#file ??= await WholeFile.create(join(this.#folder, this.#name())));
  }

  async #wrote(file: WholeFile, rows: number): Promise<boolean> {
    if (this.#open) this.#open.rows += rows;
    if (this.#buffer.length >= writeBytes) await this.#flush();
    if (file.bytes < partBytes) return false;
    await this.#close();
    return true;
  }

  async finish(): Promise<Part[]> {
    await this.#close();
    return this.parts;
  }

  async abandon(): Promise<void> {
    await this.#file?.abandon();
  }

  #name(): string {
    return `part-${String(this.parts.length + 1).padStart(4, '0')}.${this.#open?.structured ? 'jsonl' : 'csv'}`;
  }

  async #flush(): Promise<void> {
    const text = this.#buffer;
    this.#buffer = '';
    if (text !== '') await this.#file?.write(text);
    if (this.#block && !this.#block.isEmpty) await this.#file?.write(this.#block.take());
  }

  async #close(): Promise<void> {
    if (!this.#file || !this.#open) return;
    await this.#flush();
    const name = this.#name();
    const { bytes, sha256 } = await this.#file.finish();
    this.parts.push({ name, ...this.#open, bytes, sha256 });
    this.#file = undefined;
    this.#open = undefined;
  }
}
