import { describe, expect, it } from 'vitest';
import { SharedRead } from './shared-read.ts';

describe('a read that many ask for', () => {
  /** Reads that end when the test says so. */
  function reads() {
    const begun: { end: (result: number) => void; fail: (error: Error) => void }[] = [];
    const shared = new SharedRead<number>();
    const ask = (name = 'status') => shared.get(name, () => new Promise((end, fail) => begun.push({ end, fail })));
    return { begun, ask };
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('is begun once more, for all who asked while one was under way', async () => {
    const { begun, ask } = reads();
    const first = ask();
    const later = [ask(), ask(), ask()];
    expect(begun).toHaveLength(1);
    begun[0]?.end(1);
    expect(await first).toBe(1);
    await settle();
    expect(begun).toHaveLength(2);
    begun[1]?.end(2);
    expect(await Promise.all(later)).toEqual([2, 2, 2]);
  });

  it('begins anew for whoever asks after the one that waited has begun', async () => {
    const { begun, ask } = reads();
    void ask();
    const second = ask();
    begun[0]?.end(1);
    await settle();
    const third = ask();
    begun[1]?.end(2);
    expect(await second).toBe(2);
    await settle();
    expect(begun).toHaveLength(3);
    begun[2]?.end(3);
    expect(await third).toBe(3);
    await settle();
    void ask();
    expect(begun).toHaveLength(4);
  });

  it('fails for those whose read it was, and not for those who wait for the next', async () => {
    const { begun, ask } = reads();
    const first = ask();
    const second = ask();
    begun[0]?.fail(new Error('no connection'));
    await expect(first).rejects.toThrow('no connection');
    await settle();
    begun[1]?.end(2);
    expect(await second).toBe(2);
  });

  it('is another one for another name', async () => {
    const { begun, ask } = reads();
    const both = [ask('a'), ask('b')];
    expect(begun).toHaveLength(2);
    begun[0]?.end(1);
    begun[1]?.end(2);
    expect(await Promise.all(both)).toEqual([1, 2]);
  });
});
