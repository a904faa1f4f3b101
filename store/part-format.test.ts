import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord, parseRecords, wholeRecords, type StoredRecord } from './part-format.ts';

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', '', ' ', '"a",\n'),
);
const record: fc.Arbitrary<StoredRecord> = fc.record(
  {
    line: fc.integer({ min: 2, max: 1_000_000 }),
    cells: fc.array(cell, { minLength: 1, maxLength: 5 }),
    fault: fc.record({ code: fc.constantFrom('row-shape', 'invalid-character'), message: fc.string() }),
  },
  { requiredKeys: ['line', 'cells'] },
);

describe('the format of exported parts', () => {
  it('gives back what was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        expect(parseRecords(records.map(formatRecord).join(''))).toEqual(records);
      }),
    );
  });

  it('finds the end of the last whole record wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.nat(), (records, at) => {
        const texts = records.map(formatRecord);
        const all = texts.join('');
        const cut = at % (all.length + 1);
        let end = 0;
        for (const text of texts)
          if (end + text.length <= cut) end += text.length;
          else break;
        expect(wholeRecords(all.slice(0, cut))).toBe(end);
      }),
    );
  });
});
