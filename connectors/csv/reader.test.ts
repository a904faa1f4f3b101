import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitPlain } from '../../store/part-format.ts';
import type { SourceRecord } from '../package.ts';
import { Reader } from './reader.ts';
import { csvSettings } from './settings.ts';
import { StrictParser } from './strict-parser.ts';

const settings = csvSettings.parse({ directory: 'x' });

interface Told {
  columns: string[] | undefined;
  records: SourceRecord[];
  failure: string | undefined;
  plainRows: number;
}

async function read(reader: Reader | StrictParser, chunks: Buffer[]): Promise<Told> {
  const told: Told = { columns: undefined, records: [], failure: undefined, plainRows: 0 };
  const last = chunks.at(-1)?.at(-1);
  const steps = [...chunks.map((chunk) => reader.take(chunk)), reader.end(last === 10 || last === 13)];
  try {
    for (const step of steps)
      for await (const event of step)
        if (event.kind === 'header') told.columns = event.columns;
        else if (event.kind === 'records') told.records.push(...event.records);
        else {
          told.plainRows += event.rows;
          told.records.push(...splitPlain(event.text.toString('utf8'), event.firstLine, ',', '"'));
        }
  } catch (error) {
    told.failure = String(error);
  }
  return told;
}

const piece = fc.constantFrom(
  'a',
  'é',
  '漢',
  ',',
  ',',
  '"',
  '""',
  '\n',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\0',
  'b"',
  '"c,d"',
  '"e""f"',
);
const line = fc.constantFrom(
  '1,2,3\n',
  '"1","2","3"\n',
  '1,"x, y",3\r\n',
  ',,\n',
  '"""q""",é,\n',
  '1,2\n',
  '\n',
  '"two\nlines",2,3\n',
);
const text = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('x,y,z\n', '"x","y","z"\r\n') },
      { weight: 1, arbitrary: fc.string() },
    ),
    fc.array(fc.oneof({ weight: 5, arbitrary: line }, { weight: 1, arbitrary: piece }), { maxLength: 12 }),
  )
  .map(([header, lines]) => header + lines.join(''));

function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

describe('plain lines beside the parser', () => {
  // 20,000 texts take a minute on a slow machine that does other things, too
  it(
    'gives what the parser alone gives, whatever the text is and wherever it is cut',
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 4 }), async (content, places) => {
          const bytes = Buffer.from(content);
          fc.pre(bytes.length > 0);
          const { plainRows, ...mine } = await read(new Reader('t.csv', settings), cut(bytes, places));
          const { plainRows: _none, ...strict } = await read(new StrictParser('t.csv', settings), [bytes]);
          // a file that fails has nothing to compare but how it fails
          if (strict.failure === undefined) expect(mine).toEqual(strict);
          else expect(mine.failure).toBe(strict.failure);
          expect(plainRows).toBeLessThanOrEqual(mine.records.length);
        }),
        { numRuns: 20000 },
      );
    },
  );

  it('asks the parser about nothing where every line is plain', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `${String(i)},"Last, First",x\r\n`).join('');
    const told = await read(new Reader('t.csv', settings), cut(Buffer.from(`a,b,c\r\n${rows}`), [700, 5000, 5001]));
    expect(told).toMatchObject({ plainRows: 1000, columns: ['a', 'b', 'c'], failure: undefined });
    expect(told.records.at(-1)).toEqual({ line: 1001, cells: ['999', 'Last, First', 'x'] });
  });
});
