import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareLines, hasHashes, readKeepingHashes, type ExportedTable } from './compare-lines.ts';
import { exportLines } from '../test/support/plain-export.ts';
import { ExportStore } from './export-store.ts';

describe('lines of two exports', () => {
  let folder: string;
  let store: ExportStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-lines-'));
    store = new ExportStore(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function readAll(of: ExportedTable): Promise<string[]> {
    const lines: string[] = [];
    for await (const records of readKeepingHashes(store, of))
      lines.push(...records.map(({ cells }) => cells.join(',')));
    return lines;
  }

  async function difference(
    earlier: ExportedTable,
    later: ExportedTable,
    options: NonNullable<Parameters<typeof compareLines>[3]> = {},
  ) {
    const none = (): string[] => [];
    const told = { added: none(), removed: none(), listed: none(), lines: new Map<string, number[]>() };
    for await (const { kind, records } of compareLines(store, earlier, later, options))
      for (const { cells, line } of records) {
        told[kind].push(cells.join(','));
        if (kind === 'added') told.lines.set(cells.join(','), [...(told.lines.get(cells.join(',')) ?? []), line]);
      }
    return told;
  }

  function expected(earlier: string[], later: string[]): string[] {
    const left = [...earlier];
    return later.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  }

  const text = fc.array(fc.constantFrom('a', 'b', 'c,d', 'é', 'long line '.repeat(10), '1', '2', '3'), {
    maxLength: 20,
  });

  it('are told apart as multisets, in any order and any number of rounds', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, fc.integer({ min: 1, max: 9 }), async (before, after, atOnce) => {
        const earlier = await exportLines(store, before, 7);
        expect(await readAll(earlier)).toEqual(before);
        expect(await hasHashes(store, earlier)).toBe(true);
        const later = await exportLines(store, after, 5);
        const told = await difference(earlier, later, { linesAtOnce: atOnce });
        expect(told.added.sort()).toEqual(expected(before, after).sort());
        expect(told.removed.sort()).toEqual(expected(after, before).sort());
        for (const [line, numbers] of told.lines) for (const n of numbers) expect(after[n - 2]).toBe(line);
        // the hashes of the later one serve the next comparison
        expect(await hasHashes(store, later)).toBe(true);
        const back = await difference(later, await exportLines(store, [...after].reverse(), 3));
        expect([...back.added, ...back.removed]).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('are taken again where they are listed and stand in both', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.array(fc.nat(19), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (before, after, places, linesAtOnce) => {
          const listed = Uint32Array.from(new Set(places.filter((place) => place < before.length))).sort();
          const earlier = await exportLines(store, before, 7);
          await readAll(earlier);
          const told = await difference(earlier, await exportLines(store, after, 5), { linesAtOnce, listed });
          const rest = before.filter((_line, place) => !listed.includes(place));
          const apart = before.filter((_line, place) => listed.includes(place));
          const added = expected(rest, after);
          expect([...told.added, ...told.listed].sort()).toEqual(added.sort());
          expect([...told.removed, ...told.listed].sort()).toEqual([...expected(after, rest), ...apart].sort());
          expect(told.added.sort()).toEqual(expected(apart, added).sort());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are whole, however long they are', async () => {
    // pieces of 64 KiB are read: shorter, longer, and as long as one with and without its end
    const lengths = [10, 65_534, 65_535, 65_536, 3, 131_072, 300_000, 1, 70_000, 500_000, 2, 65_537];
    const lines = lengths.map((length, n) => String.fromCharCode(97 + n).repeat(length));
    const earlier = await exportLines(store, lines, 4);
    expect(await readAll(earlier)).toEqual(lines);
    const told = await difference(earlier, await exportLines(store, [...lines.slice(3), 'new'], 20));
    expect(told.added).toEqual(['new']);
    expect(told.removed).toEqual(lines.slice(0, 3));
  });

  it('leave nothing behind where the reader stops early', async () => {
    const earlier = await exportLines(store, ['a', 'b'], 5);
    for await (const records of readKeepingHashes(store, earlier)) if (records.length > 0) break;
    const kept = () => readdir(dirname(store.hashPath(earlier.reference, 't.csv')));
    expect((await kept()).filter((name) => name.includes('hash'))).toEqual([]);
    await readAll(earlier);
    const later = await exportLines(store, ['c'], 5);
    for await (const { kind } of compareLines(store, earlier, later)) if (kind === 'added') break;
    expect(await hasHashes(store, later)).toBe(false);
    expect(
      (await readdir(dirname(store.hashPath(later.reference, 't.csv')))).filter((n) => n.includes('hash')),
    ).toEqual([]);
  });

  it('have no hashes to compare with where the file of them was cut short', async () => {
    const earlier = await exportLines(store, ['a', 'b'], 5);
    expect(await hasHashes(store, earlier)).toBe(false);
    await readAll(earlier);
    await truncate(store.hashPath(earlier.reference, 't.csv'), 40);
    expect(await hasHashes(store, earlier)).toBe(false);
  });
});
