import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCells, ExactNumber, type Cell } from './cell.ts';
import { decodeRecords, RecordEncoder } from './encoded-records.ts';

/** What stands between two others in the bytes of a source. */
const placed = (bytes: Buffer) => [Buffer.concat([Buffer.from('"x'), bytes, Buffer.from('y"')]), 2] as const;

function encode(encoder: RecordEncoder, cells: readonly Cell[], position?: string): void {
  encoder.beginList();
  for (const cell of cells) {
    const bytes = Buffer.from(cell instanceof ExactNumber ? cell.text : typeof cell === 'string' ? cell : '');
    const [around, start] = placed(bytes);
    if (typeof cell === 'string') encoder.text(around, start, start + bytes.length);
    else if (cell instanceof ExactNumber) encoder.number(around, start, start + bytes.length);
    else encoder.cell(cell);
  }
  encoder.endList();
  if (position !== undefined) encoder.position(position);
  encoder.endRecord();
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\0', '\x1f', '\x7f', '\u2028', 'é', '😀', '\ufeff') }),
  fc.constantFrom('a"\n'.repeat(3000), 'ø'.repeat(40_000)),
);
const cell = fc.oneof<fc.Arbitrary<Cell>[]>(
  text,
  fc.constantFrom(null, true, false),
  fc.integer().map((value) => new ExactNumber(String(value))),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc.array(text, { maxLength: 3 }),
);

describe('encoded records', () => {
  it('are byte for byte the JSON of their cells, on every page, and come back as they were', () => {
    const record = fc.tuple(fc.array(cell, { maxLength: 6 }), fc.option(text, { nil: undefined }));
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 5 }), { maxLength: 3 }), (pages) => {
        const encoder = new RecordEncoder();
        for (const page of pages) {
          for (const [cells, position] of page) encode(encoder, cells, position);
          const records = encoder.take();
          const lines = page.map(([cells, position]) =>
            JSON.stringify([encodeCells(cells), ...(position === undefined ? [] : [null, position])]).slice(1, -1),
          );
          expect(records.bytes.equals(Buffer.from(lines.join('')))).toBe(true);
          expect(decodeRecords(records)).toStrictEqual(
            page.map(([cells, position]) => ({ cells, ...(position === undefined ? {} : { position }) })),
          );
        }
      }),
    );
  });

  it('have U+FFFD where bytes are no text, as texts of JavaScript have', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 5 }), (values) => {
        const encoder = new RecordEncoder();
        for (const value of values) {
          const [around, start] = placed(Buffer.from(value));
          encoder.beginList();
          encoder.text(around, start, start + value.length);
          encoder.endList();
          encoder.endRecord();
        }
        expect(decodeRecords(encoder.take()).map(({ cells }) => cells)).toStrictEqual(
          values.map((value) => [Buffer.from(value).toString('utf8')]),
        );
      }),
    );
  });
});
