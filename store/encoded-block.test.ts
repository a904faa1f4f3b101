import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Cell } from '../domain/cell.ts';
import { RecordEncoder } from '../domain/encoded-records.ts';
import { TableWriter } from './table-writer.ts';

interface Row {
  cells: Cell[];
  position?: string;
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

function encoded(rows: readonly Row[]) {
  const encoder = new RecordEncoder();
  for (const { cells, position } of rows) {
    encoder.beginList();
    for (const cell of cells) encoder.cell(cell);
    encoder.endList();
    if (position !== undefined) encoder.position(position);
    encoder.endRecord();
  }
  return encoder.take();
}

/** The parts and their texts. @param way how each batch is written */
async function written(batches: readonly Row[][], way: (batch: number) => 'encoded' | 'cells') {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-parts-'));
  folders.push(folder);
  const writer = new TableWriter(folder, []);
  for (const [at, rows] of batches.entries())
    if (way(at) === 'encoded') await writer.writeEncoded('person', ['a'], encoded(rows));
    else await writer.writeStructured('person', ['a'], 'records', rows);
  const parts = await writer.finish();
  return { parts, texts: await Promise.all(parts.map(({ name }) => readFile(join(folder, name), 'utf8'))) };
}

describe('records that are encoded already', () => {
  it('make the same parts as their cells, also in turns with such', async () => {
    // more than a block, and more than a part
    const batches = Array.from({ length: 30 }, (_, batch) =>
      Array.from({ length: 1 + batch * 40 }, (_row, row): Row => ({
        cells: [`${String(row)} é"`.repeat(1 + ((row * 37) % 400)), ['x', null], true],
        ...(row % 3 === 0 ? { position: `cn=${String(row)}` } : {}),
      })),
    );
    const one = await written(batches, () => 'cells');
    expect(one.parts.length).toBeGreaterThan(1);
    for (const way of [() => 'encoded', (at) => (at % 2 === 0 ? 'encoded' : 'cells')] as Parameters<
      typeof written
    >[1][]) {
      const other = await written(batches, way);
      expect(other.texts.join('')).toBe(one.texts.join(''));
      expect(other.parts.map(({ rows }) => rows).reduce((sum, rows) => sum + rows)).toBe(17_430);
    }
  });

  it('of more than 64 MiB become the fault that their cells would become', async () => {
    const batch = [{ cells: ['a'] }, { cells: ['x'.repeat(64 << 20)], position: 'cn=long' }, { cells: ['b'] }];
    const one = await written([batch], () => 'cells');
    expect(one.texts.join('')).toContain('field-too-long');
    expect((await written([batch], () => 'encoded')).texts).toStrictEqual(one.texts);
  });
});
