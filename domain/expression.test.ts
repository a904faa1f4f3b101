import { describe, expect, it } from 'vitest';
import { compileExpression, ExpressionError } from './expression.ts';

const evaluate = (text: string, row: Record<string, string>) =>
  compileExpression(text).evaluate(new Map(Object.entries(row)));

describe('expressions', () => {
  it('take no value for no number, wherever it is converted', () => {
    for (const text of [
      'int(row.a) > 0',
      'uint(row.a) > uint(1)',
      '1 + int( row.a ) == 1',
      'int(row.a + "") == int(row.b)',
    ])
      expect(() => evaluate(text, { a: '', b: '1' })).toThrow(/empty text/);
    expect(evaluate('int(row.a) + int(row.b) * 2', { a: '1', b: '20' })).toBe(41n);
    expect(evaluate('row.a == "" ? 0 : int(row.a)', { a: '' })).toBe(0n);
    expect(evaluate('int(double(row.a))', { a: '2.5' })).toBe(2n);
  });

  it('match in linear time', () => {
    expect(evaluate('row.a.matches("^(a+)+$") && int(row.b) == 3', { a: 'a'.repeat(40), b: '3' })).toBe(true);
    expect(evaluate('row.a.matches("^(a+)+$")', { a: `${'a'.repeat(40)}!` })).toBe(false);
  });

  it('are refused where a regular expression that is written down does not compile', () => {
    for (const pattern of ['[', '(', 'a**', '(?<name', '\\\\1', '(?=a)'])
      expect(() => compileExpression(`row.a.matches("${pattern}")`), pattern).toThrow(ExpressionError);
    expect(() => compileExpression('has(row.a) && (row.b == "" || row.a.matches("["))')).toThrow(ExpressionError);
    // what a row gives is known with the row only
    expect(() => evaluate('row.a.matches(row.b)', { a: 'x', b: '[' })).toThrow();
  });
});
