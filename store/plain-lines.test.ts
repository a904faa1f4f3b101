import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportLines } from '../test/support/plain-export.ts';
import { ExportStore } from './export-store.ts';
import { countPlainLines, plainLines, sizeOf } from './plain-lines.ts';

describe('the lines within some bytes of a table', () => {
  let folder: string;
  let store: ExportStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-plain-'));
    store = new ExportStore(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are all that lie there whole, and those behind are counted', async () => {
    const line = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'é', '\u2028', '\r', '𝒳') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: -5, max: 120 }),
        fc.integer({ min: 0, max: 120 }),
        async (lines, inPart, from, to) => {
          const of = await exportLines(store, lines, inPart);
          let end = 0;
          const placed = lines.map((text) => {
            const begin = end;
            end += Buffer.byteLength(text) + 1;
            return { text, begin, end };
          });
          expect(sizeOf(of)).toBe(end);
          const found = [];
          for await (const some of plainLines(store, of, from, to)) found.push(...some);
          const expected = placed.filter((each) => each.begin >= from && each.end <= to);
          expect(found).toEqual(expected.map(({ text, end }) => ({ text, end })));
          for (const each of placed)
            expect(await countPlainLines(store, of, each.end)).toBe(
              placed.filter(({ begin }) => begin >= each.end).length,
            );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('say that a part is missing', async () => {
    const of = await exportLines(store, ['a', 'b'], 2);
    await rm(folder, { recursive: true, force: true });
    await expect(countPlainLines(store, of, 0)).rejects.toMatchObject({ code: 'export-missing' });
  });
});
