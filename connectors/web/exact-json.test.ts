import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText, ExactNumber, type Cell } from '../../domain/cell.ts';
import { parseExact } from './exact-json.ts';

/** A cell as JSON text: numbers in their digits. */
function write(cell: Cell): string {
  if (cell instanceof ExactNumber) return cell.text;
  if (Array.isArray(cell)) return `[${(cell as Cell[]).map(write).join(',')}]`;
  if (cell instanceof Map)
    return `{${[...(cell as Map<string, Cell>)].map(([name, of]) => `${JSON.stringify(name)}:${write(of)}`).join(',')}}`;
  return JSON.stringify(cell);
}

describe('JSON', () => {
  it('keeps every digit of its numbers', () => {
    for (const text of ['12345678901234567890', '37.50', '-0', '1e400', '0.1000000000000000055', '-1.5E-7', '0'])
      expect(parseExact(text)).toEqual(new ExactNumber(text));
    expect(cellText(parseExact('[1,-2.0 , {"a":3}]'))).toBe('[{"n":"1"},{"n":"-2.0"},{"o":["a",{"n":"3"}]}]');
  });

  it('leaves texts alone, whatever they hold', () => {
    for (const text of ['12', 'a"1"\\', '\\"5', '{"n":1}', '-', '\u0000', '__proto__', '\\\\"7'])
      expect(parseExact(JSON.stringify([text, text]))).toEqual([text, text]);
    expect(parseExact('{"__proto__":{"a":1},"constructor":"2"}')).toEqual(
      new Map<string, Cell>([
        ['__proto__', new Map([['a', new ExactNumber('1')]])],
        ['constructor', '2'],
      ]),
    );
  });

  it('reads what was written, for any cells', () => {
    const { cell } = fc.letrec<{ cell: Cell }>((tie) => ({
      cell: fc.oneof(
        { maxDepth: 5 },
        fc.constant(null),
        fc.boolean(),
        fc.string({ unit: 'grapheme' }),
        fc
          .tuple(fc.bigInt(), fc.constantFrom('', '.50', 'e9', '.0E-3'))
          .map(([n, end]) => new ExactNumber(`${String(n)}${end}`)),
        fc.array(tie('cell')),
        fc.dictionary(fc.string(), tie('cell')).map((members) => new Map(Object.entries(members))),
      ),
    }));
    fc.assert(
      fc.property(cell, (each) => {
        expect(cellText(parseExact(write(each)))).toBe(cellText(each));
      }),
    );
  });

  it.each([
    '',
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1 2',
    '1a',
    '0x10',
    '1e',
    '--1',
    '"a',
    '[1,]',
    '{"a":1',
    'NaN',
    '{1:2}',
    '<html>',
    '[1]]',
    '"a"1',
  ])('refuses what JSON.parse refuses: %j', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });

  it('refuses nesting without an end, and says nothing of the text', () => {
    expect(() => parseExact('['.repeat(100_000) + ']'.repeat(100_000))).toThrow(/nested more than 100/);
    expect(() => parseExact('{"a":"canary-7",}')).toThrow(/^(?!.*canary)/);
  });

  it('takes a text of many MiB', () => {
    const text = JSON.stringify(['x\\"'.repeat(4 << 20), ...Array.from({ length: 100_000 }, (_, i) => i)]);
    expect((parseExact(text) as Cell[]).length).toBe(100_001);
  });
});
