import { Writable } from 'node:stream';
import type pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CopyWriter, finishCopies } from './copy.ts';

/** Takes what is sent, as late as its owner wants. */
function receiver() {
  const received: string[] = [];
  const query = () =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        // only later, as a socket that is full
        setTimeout(() => {
          received.push(chunk.toString());
          done();
        }, 5);
      },
    });
  return { client: { query } as unknown as pg.Client, received };
}

describe('rows on their way to COPY', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('arrive as they were added, though buffers are used again', async () => {
    const { client, received } = receiver();
    const [one, other] = [new CopyWriter(client, 'a', ['x', 'y']), new CopyWriter(client, 'b', ['x'])];
    const wanted: string[] = [];
    const long = 'x'.repeat(900);
    for (let n = 0; n < 6000; n++) {
      wanted.push(`${String(n)}\t${long}`);
      if (one.add([n, long])) await one.flush();
      if (n % 3 === 0) {
        wanted.push(`other ${String(n)}`);
        if (other.add([`other ${String(n)}`])) await other.flush();
      }
    }
    await one.flush();
    await other.flush();
    await finishCopies(client);
    expect(received.length).toBeGreaterThan(5);
    const lines = received.join('').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.sort()).toEqual(wanted.sort());
  });

  it('of many megabytes are not copied again for each of them', () => {
    const allocated = vi.spyOn(Buffer, 'allocUnsafe');
    const writer = new CopyWriter(receiver().client, 'a', ['x']);
    for (let n = 0; n < 200_000; n++) writer.add(['a member of some fifty characters, as most of them']);
    expect(allocated.mock.calls.length).toBeLessThan(8);
  });
});
