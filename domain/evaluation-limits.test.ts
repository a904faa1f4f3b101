import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluationLimits } from './evaluation-limits.ts';
import { compileExpression, compileOverResource } from './expression.ts';
import { sizeOf } from './pattern.ts';

const evaluate = (text: string, row: Record<string, string>) =>
  compileExpression(text).evaluate(new Map(Object.entries(row)));

/** Milliseconds of processor time: a limit ends an evaluation long before time would. */
function timed(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const a = 'x'.repeat(1000);
const large = 'a'.repeat(1 << 20);
const nested = (macro: string, times: number, body: string) =>
  Array.from({ length: times }).reduce<string>(
    (inner, _, n) => `row.a.split('').${macro}(x${String(n)}, ${inner})`,
    body,
  );
const bound = (times: number, value: string, body: string) =>
  `cel.bind(b0, ${value}, ${Array.from({ length: times }, (_, n) => n + 1)
    .reverse()
    .reduce((inner, n) => `cel.bind(b${String(n)}, b${String(n - 1)} + b${String(n - 1)}, ${inner})`, body)})`;

describe('an evaluation ends at', () => {
  it.each([
    ['nested exists', nested('exists', 4, "row.a == ''")],
    ['nested all, whose errors are caught', nested('all', 3, "int(row.a) > 1 || row.a != ''")],
    ['nested filters', "row.a.split('').filter(x, row.a.split('').filter(y, x == y).size() > 1).size() > 0"],
    ['nested maps', nested('map', 3, 'row.a')],
    ['limits that are caught by or', `${nested('exists', 4, "row.a == ''")} || true`],
    ['a search within a search', "row.a.split('').exists(x, row.b.lastIndexOf(row.c) > 0)"],
    ['texts that are compared again and again', "row.a.split('').exists(x, row.b == row.c + x)"],
    [
      'a list that holds itself many times',
      `${bound(13, '[[1], [2]]', `${bound(12, '[[1], [2]]', 'b12').replaceAll('b', 'c').replaceAll('cel.cind', 'cel.bind')} == b13`)} || true`,
    ],
    ['expressions over a long text', "row.b.matches('^(?:a|b|ab)*(?:c|d|cd)*$x')"],
    ['patterns that the row gives', "row.a.split('').exists(x, row.a.matches('(?i)ß{1000}' + x))"],
    ['time zones', "row.a.split('').map(x, timestamp(0).getHours('Europe/Paris'))"],
  ])('100,000 steps: %s', (_, text) => {
    const expression = compileExpression(text);
    const row = new Map(Object.entries({ a, b: large, c: `b${'a'.repeat(1 << 19)}` }));
    expect(
      timed(() => {
        expect(() => expression.evaluate(row)).toThrow(/steps|elements/);
      }),
    ).toBeLessThan(3000);
    // the next row has all of its steps again
    expect(() =>
      expression.evaluate(
        new Map([
          ['a', 'x'],
          ['b', 'b'],
          ['c', 'c'],
        ]),
      ),
    ).not.toThrow(/steps/);
  });

  it.each([
    ['chained replaces', `row.a${".replace('x', 'xxxxxxxxxx')".repeat(7)}`],
    ['replaces of nothing', `row.a${".replace('', row.a)".repeat(3)}`],
    ['doubled texts', bound(25, 'row.a', 'b25.size()')],
    ['join', "row.a.split('').map(x, row.a + row.a).join('')"],
    ['upper case', "(row.b + row.b).upperAscii() == ''"],
  ])('1 MiB of text: %s', (_, text) => {
    const run = () => evaluate(text, { a, b: large });
    expect(
      timed(() => {
        expect(run).toThrow('1 MiB');
      }),
    ).toBeLessThan(1000);
  });

  it.each([
    ['split', "row.b.split('')"],
    ['split at a character', "row.b.split('a')"],
    ['lists put together', bound(14, "row.a.split('')", 'b14.size()')],
  ])('10,000 elements: %s', (_, text) => {
    expect(
      timed(() => {
        expect(() => evaluate(text, { a, b: large })).toThrow('10,000 elements');
      }),
    ).toBeLessThan(1000);
  });

  it('the same place, however often and in whatever order rows are evaluated', () => {
    const expression = compileExpression("row.a.split('').exists(x, row.a.split('').exists(y, x == y && row.a == ''))");
    const outcome = (length: number) => {
      try {
        return expression.evaluate(new Map([['a', 'x'.repeat(length)]]));
      } catch (error) {
        return (error as Error).message;
      }
    };
    const lengths = [10, 50, 90, 100, 120, 200, 300];
    const first = lengths.map(outcome);
    expect(first[0]).toBe(false);
    expect(first.at(-1)).toContain('steps');
    expect([...lengths].reverse().map(outcome).reverse()).toEqual(first);
  });

  it('in rules over resources, too', () => {
    const rule = compileOverResource('resource.a.exists(x, resource.a.exists(y, resource.a.exists(z, x == y + z)))');
    expect(() => rule.evaluate(new Map([['a', Array.from({ length: 200 }, String)]]))).toThrow('100,000 steps');
  });

  it('nothing else: ordinary expressions give what they gave', () => {
    const row = { a: 'Ann', b: 'Lee', l: 'x;y;z', n: '41' };
    for (const [text, value] of [
      ["row.a + ' ' + row.b", 'Ann Lee'],
      ["row.l.split(';').filter(x, x != 'y').map(x, '+' + x).join(',')", '+x,+z'],
      ["row.l.split(';').exists(x, x == 'y') && !row.l.split(';').all(x, x == 'y')", true],
      ["row.l.split(';').exists_one(x, x > 'y')", true],
      ["row.a.replace('n', 'm').upperAscii()", 'AMM'],
      ["row.a.replace('n', '$&')", 'A$&$&'],
      ['int(row.n) + 1', 42n],
      ["{'Ann': 'A', 'Bob': 'B'}[row.a]", 'A'],
      ["{row.a: 'A', string(1): 'B'}['Ann']", 'A'],
      ['cel.bind(x, row.a + row.b, x + x)', 'AnnLeeAnnLee'],
      ["row.a.matches('^[A-Z][a-z]+$') && row.a.matches('^' + row.a + '$')", true],
      ["row.a in ['Ann', 'Bob'] ? row.a.substring(0, 1) : ''", 'A'],
    ] as const)
      expect(evaluate(text, row)).toEqual(value);
    const many = Array.from({ length: 9000 }, (_, n) => `p${String(n)}`).join(';');
    expect(evaluate("row.m.split(';').filter(x, x.endsWith('7')).size()", { m: many })).toBe(900n);
  });
});

describe('an expression is refused when it is compiled', () => {
  it.each([
    ['where its regular expression does not compile', "row.a.matches('(')", /missing closing/],
    ['where its regular expression is long', `row.a.matches('${'a'.repeat(1001)}')`, /1,000 characters/],
    ['where it repeats too much', `row.a.matches('${'(?:a{1000})'.repeat(80)}')`, /repeats too much/],
    ['where repetitions are nested', "row.a.matches('((((a{9}){9}){9}){9}){9}')", /repeats too much|invalid repeat/],
    ['where maps are keys of maps', '[{1: 1}].map(x, {x: x}).map(x, {x: x}).size()', /key of a map/],
    ['where it is nested deeply', `${'('.repeat(5000)}row.a${')'.repeat(5000)}`, /maxDepth/],
    ['where it has many operations', Array.from({ length: 900 }, () => 'row.a').join('+'), /maxAstNodes/],
  ])('%s', (_, text, message) => {
    expect(
      timed(() => {
        expect(() => compileExpression(text)).toThrow(message);
      }),
    ).toBeLessThan(1000);
  });

  it('but not for a repetition that a program can hold', () => {
    expect(evaluate("row.a.matches('^x{1000}$')", { a })).toBe(true);
    const mail = String.raw`^[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,255}[.][a-z]{2,24}$`;
    expect(evaluate(`row.a.matches('${mail}')`, { a: 'ann.lee@example.com' })).toBe(true);
  });

  it('the size of a pattern is estimated for every text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            'a',
            '(',
            ')',
            '[',
            ']',
            '{',
            '}',
            '|',
            '*',
            '?',
            '\\',
            ',',
            '1',
            '9',
            'Q',
            '^',
            '-',
            'E',
            ':',
          ),
        }),
        (text) => {
          expect(sizeOf(text)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
    expect(sizeOf('(?:ab){10}')).toBeGreaterThanOrEqual(20);
    expect(sizeOf('a'.repeat(50))).toBeLessThanOrEqual(evaluationLimits.steps);
  });
});
