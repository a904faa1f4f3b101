import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  append,
  emptyWindow,
  endsOf,
  firstRow,
  mostPages,
  pageSize,
  prepend,
  rowsOf,
  type Page,
  type RowWindow,
} from './row-window.ts';

const total = 2_000_000;
/** A page of a list whose rows are their own places. */
const pageAt = (from: number): Page<number> => ({
  items: Array.from({ length: Math.min(pageSize, total - from) }, (_, i) => from + i),
  nextCursor: from + pageSize < total ? String(from + pageSize) : null,
  prevCursor: from > 0 ? String(Math.max(0, from - pageSize)) : null,
  from,
});

it('holds at most 10,000 rows of two million, without a hole, wherever one goes', () => {
  const steps = fc.array(fc.constantFrom('down', 'up'), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.nat(total / pageSize - 1), (moves, start) => {
      let loaded: RowWindow<number> = append<number>(emptyWindow, pageAt(start * pageSize));
      for (const move of moves) {
        const before = rowsOf(loaded);
        const { next, before: previous } = endsOf(loaded);
        const cursor = move === 'down' ? next : previous;
        if (cursor === null) continue;
        loaded = (move === 'down' ? append : prepend)(loaded, pageAt(Number(cursor)));
        const rows = rowsOf(loaded);
        expect(rows.length).toBeLessThanOrEqual(mostPages * pageSize);
        expect(rows[0]).toBe(firstRow(loaded));
        rows.forEach((row, i) => {
          if (row !== (rows[0] ?? 0) + i) throw new Error(`a hole at ${String(i)}`);
        });
        // the row that was on the screen is found where the shift says
        const middle = Math.floor(before.length / 2);
        const moved = middle + loaded.shift;
        if (moved >= 0 && moved < rows.length) expect(rows[moved]).toBe(before[middle]);
      }
    }),
    { numRuns: 30 },
  );
});
