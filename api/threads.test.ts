import { expect, it } from 'vitest';
import { SideThread, SideThreadError } from './threads.ts';

/** A thread that waits before it is loaded, and for as long as each message says before it answers. */
const entry = (loading: number) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      pause(${String(loading)});
      parentPort.on('message', (ms) => { pause(ms); parentPort.postMessage('answer'); });
      parentPort.postMessage('loaded');`)}`,
  );
const threadOf = (loading: number) =>
  new SideThread<number, string>(entry(loading), { milliseconds: 700, megabytes: 32, waiting: 4 });

it('gives a thread the time to load its code, which is not the time of its work', async () => {
  const thread = threadOf(1_500);
  expect(await Promise.all([thread.run(0), thread.run(1)])).toEqual(['answer', 'answer']);
});

it('ends a thread that works for too long, and starts another one for what comes next', async () => {
  const thread = threadOf(0);
  await expect(thread.run(30_000)).rejects.toEqual(new SideThreadError('time'));
  expect(await thread.run(0)).toBe('answer');
});
