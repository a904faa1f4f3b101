import { expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

/** Three events and how the read ends; each step is written down. */
async function* source(steps: string[], fails = false): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= 3; n++) {
      steps.push(`read ${String(n)}`);
      await Promise.resolve();
      if (fails && n === 3) throw new Error('lost');
      yield n;
    }
  } finally {
    steps.push('closed');
  }
}

it('asks for the next event before the one before is taken, one at most', async () => {
  const steps: string[] = [];
  for await (const event of readAhead(source(steps))) {
    steps.push(`take ${String(event)}`);
    await new Promise((done) => setTimeout(done, 1));
  }
  expect(steps).toEqual(['read 1', 'read 2', 'take 1', 'read 3', 'take 2', 'closed', 'take 3']);
});

it('gives what came before an error', async () => {
  const steps: string[] = [];
  const taken: number[] = [];
  const all = async () => {
    for await (const event of readAhead(source(steps, true))) taken.push(event);
  };
  await expect(all()).rejects.toThrow('lost');
  expect(taken).toEqual([1, 2]);
  expect(steps.at(-1)).toBe('closed');
});

it('closes the read where nobody takes the rest', async () => {
  const steps: string[] = [];
  for await (const event of readAhead(source(steps))) if (event === 1) break;
  expect(steps).toEqual(['read 1', 'read 2', 'closed']);
});
