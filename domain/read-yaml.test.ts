import { describe, expect, it } from 'vitest';
import { readYaml } from './read-yaml.ts';

const faults = (text: string) => {
  const read = readYaml(text);
  return 'faults' in read ? read.faults.map(({ detail }) => detail) : [];
};

describe('a YAML document', () => {
  it('is read, names and values as they are', () => {
    expect(readYaml('a: [1, {b: x}]\n__proto__: &y z\nc: *y\n"d{": "]}"\n')).toEqual({
      value: JSON.parse('{"a":[1,{"b":"x"}],"__proto__":"z","c":"z","d{":"]}"}') as unknown,
    });
    expect(readYaml('a: |\n  }}} ] * - - -\n  x\nb: }\n')).toEqual({ faults: [expect.anything()] });
    expect(readYaml('a: |\n  }}} ] * - - -\n')).toEqual({ value: { a: '}}} ] * - - -\n' } });
  });

  it('has each name once in a map, and names that are plain text', () => {
    expect(faults('a: 1\nb: 2\na: 3\n')).toEqual(['Map keys must be unique; a occurs twice (line 3, column 1)']);
    expect(faults('x: {1: a, "1": b}\n')).toEqual(['Map keys must be unique; 1 occurs twice (line 1, column 11)']);
    expect(faults('? [a]\n: 1\n')).toEqual([expect.stringContaining('plain text')]);
    expect(faults('a: &x y\n*x : 1\n')).toEqual([expect.stringContaining('plain text')]);
  });

  it.each([
    ['brackets that close nothing', '}'.repeat(1_000_000), /^} closes nothing \(line 1\)/],
    ['deep brackets', '['.repeat(500_000), /nested deeper/],
    ['deep maps', '{a: '.repeat(200_000), /nested deeper/],
    ['lists that begin on one line', '- '.repeat(400_000), /nested deeper/],
    ['names that are maps that begin on one line', '? '.repeat(400_000), /nested deeper/],
    ['aliases', `a: &x y\nb: [${'*x, '.repeat(100_000)}]`, /more than 100 aliases/],
    [
      'doubling',
      `a0: &a0 x\n${Array.from({ length: 60 }, (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [*a${String(i)},*a${String(i)}]\n`).join('')}`,
      /aliases|alias count/,
    ],
  ])('that is a bomb of %s is refused at once', (_what, text, message) => {
    const begun = performance.now();
    expect(faults(text)).toEqual([expect.stringMatching(message) as string]);
    // a parser of what is refused takes minutes; a machine that has much else to do takes its time as well
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('with thousands of names is read in time that grows with its length', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `k${String(i)}: 1`).join('\n');
    expect(Object.keys((readYaml(text) as { value: object }).value).length).toBe(20_000);
  });

  it('tells a hundred faults at most', () => {
    expect(faults('a: "\n'.repeat(1)).length).toBeGreaterThan(0);
    expect(faults(`x: [${'"a" "b" '.repeat(3_000)}]`).length).toBe(100);
  });
});
