import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatStructured, parseStructured } from './structured-format.ts';
import { ExactNumber, type Cell } from '../domain/cell.ts';

const { cell } = fc.letrec<{ cell: Cell }>((tie) => ({
  cell: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.bigInt().map((n) => new ExactNumber(`${String(n)}.50`)),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.array(tie('cell'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom('__proto__', 'n', 'b', 'o', '1'), fc.string()), tie('cell')), {
        maxLength: 4,
      })
      .map((members) => new Map(members)),
  ),
}));

const more = fc.constantFrom(
  {},
  { position: 'uid=a,dc=x' },
  { fault: { code: 'cell-error' as const, column: 'B', message: 'The cell holds an error.' } },
  { fault: { code: 'row-shape' as const, message: 'x' }, position: 'row 7' },
);

describe('a record of typed cells', () => {
  it('comes back from its part as it was: digits, bytes, and the order of members', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 6 }), fc.nat(), more, (cells, line, place) => {
        const text = formatStructured({ cells, ...place }, line);
        expect(text.indexOf('\n')).toBe(text.length - 1);
        expect(parseStructured(text)).toStrictEqual([{ line, cells, ...place }]);
      }),
    );
  });

  it('that is longer than 64 MiB becomes a fault', () => {
    const text = formatStructured({ cells: ['x'.repeat(64 << 20)] }, 3);
    expect(parseStructured(text)).toMatchObject([{ line: 3, cells: [], fault: { code: 'field-too-long' } }]);
  });
});
