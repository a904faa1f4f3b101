import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withLine } from './log-lines.ts';

const line = (seq: number) => ({ seq });
const page = (seqs: number[], nextCursor: string | null = null) => ({ items: seqs.map(line), nextCursor });

describe('the lines of a log that come one by one', () => {
  it('are put in the order of their numbers, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (seqs) => {
        let pages: readonly ReturnType<typeof page>[] = [page([])];
        for (const seq of seqs) pages = withLine(pages, line(seq));
        const sorted = [...new Set(seqs)].sort((a, b) => a - b);
        expect(pages.flatMap(({ items }) => items.map(({ seq }) => seq))).toEqual(sorted);
      }),
    );
  });

  it('that are late go into the page where they belong', () => {
    const pages = [page([1, 4], 'a'), page([6, 9])];
    expect(withLine(pages, line(3))).toEqual([page([1, 3, 4], 'a'), page([6, 9])]);
    expect(withLine(pages, line(5))).toEqual([page([1, 4], 'a'), page([5, 6, 9])]);
    expect(withLine(pages, line(9))).toBe(pages);
  });

  it('behind a page that is not loaded are left to that page', () => {
    const pages = [page([1, 4], 'a')];
    expect(withLine(pages, line(7))).toBe(pages);
    expect(withLine(pages, line(2))).toEqual([page([1, 2, 4], 'a')]);
    expect(withLine([], line(2))).toEqual([]);
  });
});
