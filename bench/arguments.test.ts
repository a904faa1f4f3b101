import { describe, expect, it } from 'vitest';
import { ArgumentError, readArguments } from './arguments.ts';

describe('the arguments of the bench', () => {
  it('are size S, all scenarios and all others where nothing is said', () => {
    const { size, runs, peers, scenarios, concurrency, write } = readArguments([]);
    expect([size.name, runs, concurrency, write]).toEqual(['S', 3, false, true]);
    expect(peers.map(({ name }) => name)).toEqual(['dlt', 'sling', 'meltanolabs', 'pipelinewise']);
    expect(scenarios).toContain('incremental');
  });

  it('measure a slow one at a large size only when it is named', () => {
    const runsOf = (args: string[]) => readArguments(args).peers.find(({ name }) => name === 'meltanolabs')?.runs;
    expect(runsOf(['--size', 'M'])).toBe(0);
    expect(runsOf(['--size', 'M', '--peers', 'singer'])).toBe(1);
    expect(readArguments(['--peers', 'none']).peers).toEqual([]);
  });

  it('add memberships that dangle, and keep the results apart', () => {
    expect(readArguments(['--size', 'S', '--dangling', '10']).size).toMatchObject({
      name: 'S-dangling-10',
      dangling: 20_000,
    });
  });

  it.each([
    [['--sise', 'S'], /'--sise'/],
    [['--size', 'XXL'], /--size XXL: it must be one of S, M, L/],
    [['--runs', '0'], /--runs 0/],
    [['--peers', 'dtl'], /--peers dtl: it must be one of dlt/],
    [['--scenarios', 'first,last'], /--scenarios last/],
    [['--dangling', '60'], /--dangling 60: it must be a whole number from 0 to 50/],
    [['S'], /'S'/],
  ])('say what cannot be understood: %j', (args, message) => {
    expect(() => readArguments(args)).toThrow(ArgumentError);
    expect(() => readArguments(args)).toThrow(message);
  });
});
