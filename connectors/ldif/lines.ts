import { TextDecoder } from 'node:util';
import { SyncError } from '../../domain/errors.ts';

/** A line as it was before it was folded. */
export interface Line {
  text: string;
  /** From 1. */
  line: number;
  /** Whether a line break follows. */
  ended: boolean;
}

/** An entry is one record. Larger ones would fill the memory. */
const longest = 64 << 20;

/** The lines of a file in UTF-8, or in UTF-16 with a byte order mark: unfolded (RFC 2849, note 2), without comments. */
export async function* readLines(chunks: AsyncIterable<Buffer>, table: string): AsyncGenerator<Line> {
  let waiting: Line | undefined;
  for await (const { text, line, ended } of physicalLines(chunks, table)) {
    if (text.startsWith(' ') && waiting && waiting.text !== '') {
      waiting = { text: waiting.text + text.slice(1), line: waiting.line, ended };
      if (waiting.text.length > longest)
        throw new SyncError('too-large', `A value of ${table} has more than 64 MiB.`, { table, line: waiting.line });
      continue;
    }
    if (waiting && !waiting.text.startsWith('#')) yield waiting;
    waiting = { text, line, ended };
  }
  if (waiting && !waiting.text.startsWith('#')) yield waiting;
}

async function* physicalLines(chunks: AsyncIterable<Buffer>, table: string): AsyncGenerator<Line> {
  let decoder: TextDecoder | undefined;
  let rest = '';
  let line = 0;
  let offset = 0;
  const decode = (chunk: Buffer | undefined) => {
    try {
      return (decoder ??= decoderFor(chunk ?? Buffer.alloc(0))).decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new SyncError(
        'encoding',
        `${table} is neither UTF-8 nor UTF-16 with a byte order mark: bytes behind offset ${String(offset)} are no text. Write the file in UTF-8.`,
        { table, line: line + 1, offset },
        { cause },
      );
    }
  };
  for await (const chunk of chunks) {
    rest += decode(chunk);
    offset += chunk.length;
    let from = 0;
    for (let end = rest.indexOf('\n', from); end >= 0; end = rest.indexOf('\n', from)) {
      yield { text: rest.slice(from, rest[end - 1] === '\r' ? end - 1 : end), line: ++line, ended: true };
      from = end + 1;
    }
    rest = rest.slice(from);
    if (rest.length > longest)
      throw new SyncError('too-large', `A line of ${table} has more than 64 MiB.`, { table, line: line + 1 });
  }
  rest += decode(undefined);
  if (rest !== '') yield { text: rest, line: line + 1, ended: false };
}

/** The byte order mark is left out by the decoder. */
function decoderFor(first: Buffer): TextDecoder {
  const mark = first.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}
