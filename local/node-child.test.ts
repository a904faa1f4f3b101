import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';
import { forTerminal } from './node-child.ts';

describe('what a process of ours says', () => {
  it('reaches the terminal where it is a warning, an error, or no log entry at all', () => {
    expect(forTerminal('{"level":30,"msg":"listening"}')).toBeUndefined();
    expect(forTerminal('{"level":50,"msg":"a step failed","err":{"message":"no space"}}')).toBe(
      'a step failed: no space',
    );
    expect(forTerminal('Error: Cannot find module')).toBe('Error: Cannot find module');
    expect(forTerminal('  ')).toBeUndefined();
  });
});

describe('starting again', () => {
  it('waits longer after each death, and begins anew after half a minute of life', () => {
    const backoff = new Backoff();
    expect([0, 0, 0, 0, 0, 0, 0].map((lived) => backoff.died(lived))).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(backoff.deaths).toBe(7);
    expect(backoff.died(30_000)).toBe(200);
    expect(backoff.deaths).toBe(1);
  });
});
