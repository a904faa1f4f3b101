import { createHash } from 'node:crypto';
import { chooseDecoder } from './decode.ts';
import { empty } from './header.ts';
import { Reader, type ReaderEvent } from './reader.ts';
import type { CsvSettings, Trailer } from './settings.ts';
import type { SourceFile } from './source-file.ts';
import { TrailerCutter } from './trailer.ts';
import { contentOf } from './unpack.ts';

/** `reason`: why the file may have been cut short. `sha256` and `bytes` are those of its content, without any compression. */
export type FileEvent = ReaderEvent | { kind: 'end'; reason?: string; sha256: string; bytes: number };

/**
 * One strict streaming pass over an open file: hash, decode, parse, check; closes nothing. Records come in file order.
 * @param trailer a line at the end that is no row
 */
export async function* readCsv(
  file: SourceFile,
  settings: CsvSettings,
  signal?: AbortSignal,
  trailer?: Trailer,
): AsyncGenerator<FileEvent> {
  const table = file.name;
  if (file.size === 0) throw empty(table);
  const hash = createHash('sha256');
  const reader = new Reader(table, settings);
  const cutter = trailer && new TrailerCutter(table, settings, trailer);
  let rows = 0;
  async function* counted(events: AsyncGenerator<ReaderEvent>): AsyncGenerator<ReaderEvent> {
    for await (const event of events) {
      if (event.kind !== 'header') rows += event.kind === 'lines' ? event.rows : event.records.length;
      yield event;
    }
  }
  const pass = (text: Buffer) => (cutter ? counted(reader.take(cutter.take(text))) : reader.take(text));
  let bytes = 0;
  let decoder: ReturnType<typeof chooseDecoder> | undefined;
  let finalByte: number | undefined;
  // the first chunk is large enough for any byte order mark and the look at UTF-16
  for await (const chunk of contentOf(file, settings.compression, { signal })) {
    hash.update(chunk);
    bytes += chunk.length;
    let fresh = chunk;
    if (!decoder) {
      decoder = chooseDecoder(chunk, settings.encoding, table);
      fresh = chunk.subarray(decoder.skip);
    }
    const text = decoder.decoder.decode(fresh);
    finalByte = text.at(-1) ?? finalByte;
    yield* pass(text);
  }
  const rest = decoder?.decoder.end();
  if (rest && rest.length > 0) {
    finalByte = rest.at(-1);
    yield* pass(rest);
  }
  const finalNewline = finalByte === 0x0a || finalByte === 0x0d;
  const count = cutter?.count();
  // what is before a trailer ends with a line break
  yield* cutter ? counted(reader.end(true)) : reader.end(finalNewline);
  cutter?.compare(count, rows);
  await file.refuseChange();
  const proven = cutter !== undefined || finalNewline || settings.finalNewline === 'optional';
  yield {
    kind: 'end',
    ...(proven ? {} : { reason: 'The last line has no line break: the file may have been cut short.' }),
    sha256: hash.digest('hex'),
    bytes,
  };
}
