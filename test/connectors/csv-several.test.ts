import { rm, utimes, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvSettings } from '../../connectors/csv/settings.ts';
import { csvFolder } from './csv-folder.ts';

let folder: Awaited<ReturnType<typeof csvFolder>>;
beforeEach(async () => {
  folder = await csvFolder();
});
afterEach(() => folder.remove());

const table = 'people-*.csv';
const newest = { tables: { [table]: { take: 'newest' } } };
const all = (more: Record<string, unknown> = {}) => ({ tables: { [table]: { take: 'all', ...more } } });
const ids = async (...args: Parameters<typeof folder.read>) =>
  (await folder.read(...args)).rows.map((row) => row['id']);

describe('a table of which the newest file is read', () => {
  beforeEach(async () => {
    await folder.write('people-2026-11-30.csv', 'id,name\n1,Ann\n');
    await folder.write('people-2026-12-01.csv', 'id,name\n1,Ann\n2,Bob\n');
    await folder.write('groups.csv', 'id\n9\n');
    await folder.write('old/people-2027.csv', 'id\n9\n');
  });

  it('reads the last file by name, whatever the times of the files are, and says which', async () => {
    await utimes(folder.place('people-2026-11-30.csv'), new Date(), new Date(Date.now() + 60_000));
    const { rows, end } = await folder.read(table, newest);
    expect(rows.map(({ id }) => id)).toEqual(['1', '2']);
    expect(end).toMatchObject({ certificate: { certified: true }, checkpoint: { name: 'people-2026-12-01.csv' } });
    expect(await folder.state(table, newest)).toBe(end?.state);
  });

  it('takes the same content under another name for a change, since the next read compares names', async () => {
    const before = await folder.state(table, newest);
    await folder.write('people-2026-12-02.csv', 'id,name\n1,Ann\n2,Bob\n');
    expect(await folder.state(table, newest)).not.toBe(before);
  });

  it('fails the sync if the newest file sorts before the one that was applied', async () => {
    const { end } = await folder.read(table, newest);
    const last = end?.checkpoint;
    if (!last) throw new Error('the read left no checkpoint');
    expect(await ids(table, newest, { last })).toEqual(['1', '2']);
    await rm(folder.place('people-2026-12-01.csv'));
    expect(await folder.failure(table, newest, { last })).toMatchObject({ code: 'older-file', place: { table } });
    // what was taken from another folder or in another way says nothing of this one
    expect(await ids(table, all(), { last })).toEqual(['1']);
    await folder.write('people-2026-12-02.csv', 'id,name\n3,Cid\n');
    expect(await ids(table, newest, { last })).toEqual(['3']);
  });

  it('fails the sync if there is no file', async () => {
    await rm(folder.root, { recursive: true });
    await folder.write('groups.csv', 'id\n');
    expect(await folder.failure(table, newest)).toMatchObject({ code: 'missing-file', place: { table } });
    expect(await folder.adapter.test(folder.connection(newest))).toMatchObject({ ok: false, code: 'missing-file' });
  });

  it('is one table for discovery and test', async () => {
    expect(await folder.adapter.test(folder.connection(newest))).toMatchObject({ ok: true });
    const found = await folder.adapter.discover(folder.connection(newest));
    expect(found.map((each) => each.table)).toEqual([table, 'groups.csv', 'old/people-2027.csv']);
    expect(found[0]).toMatchObject({ columns: [{ name: 'id' }, { name: 'name' }], bytes: 20 });
  });
});

describe('a table that is read from all its files', () => {
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `${String(from + i)},${'x'.repeat(40_000)}\n`).join('');
  beforeEach(async () => {
    await folder.write('people-a.csv', `id,name\n${rows(0, 20)}`);
    await folder.write('people-b.csv', gzipSync(`name,id\nBob,20\n"Cid, jr",21\n`));
    await folder.write('people-c.csv', `id,name\n${rows(22, 40)}`);
  });
  const every = Array.from({ length: 40 }, (_, i) => String(i));

  it('has the rows of all of them, each under the header and the name of its file', async () => {
    const { end } = await folder.read(table, all());
    expect(end).toMatchObject({ certificate: { certified: true }, checkpoint: { name: '3 files up to people-c.csv' } });
    expect(end?.state).toBe(await folder.state(table, all()));
    expect(await ids(table, all())).toEqual(every);
    const sources: string[] = [];
    for await (const event of folder.events(table, all())) if (event.kind === 'segment') sources.push(event.source);
    expect(sources).toEqual(['people-a.csv', 'people-b.csv', 'people-c.csv']);
  });

  it('reads the same after an interruption behind any batch, and not if an earlier file has changed', async () => {
    const whole = await folder.read(table, all());
    for (let step = 1; step <= whole.steps.length; step++) {
      const begun = await folder.read(table, all(), {}, step);
      const rest = await folder.read(table, all(), { resumeAfter: begun.steps.at(-1)?.resume ?? '' });
      expect([...begun.rows, ...rest.rows].map(({ id }) => id)).toEqual(every);
      expect(rest.end).toEqual(whole.end);
    }
    const resumeAfter = whole.steps.at(-1)?.resume ?? '';
    await folder.write('people-a.csv', 'id,name\n1,Ann\n');
    expect((await folder.failure(table, all(), { resumeAfter })).code).toBe('changed-during-read');
    await rm(folder.place('people-a.csv'));
    expect((await folder.failure(table, all(), { resumeAfter })).code).toBe('changed-during-read');
  });

  it.each([
    ['is written', () => writeFile(folder.place('people-a.csv'), 'id,name\n')],
    ['is removed', () => rm(folder.place('people-a.csv'))],
    ['comes', () => writeFile(folder.place('people-0.csv'), 'id,name\n')],
  ])('fails the sync if a file %s while the others are read', async (_what, change) => {
    const reading = (async () => {
      for await (const event of folder.events(table, all()))
        if (event.kind === 'segment' && event.source === 'people-c.csv') await change();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'changed-during-read' });
  });

  it('is not certified if a file is missing that was applied, or if the number is another one', async () => {
    const last = (await folder.read(table, all())).end?.checkpoint;
    if (!last) throw new Error('the read left no checkpoint');
    const certificate = async (more?: Record<string, unknown>) =>
      (await folder.read(table, all(more), { last })).end?.certificate;
    expect(await certificate()).toEqual({ certified: true });
    expect(await certificate({ parts: 3 })).toEqual({ certified: true });
    expect(await certificate({ parts: 4 })).toMatchObject({ certified: false, code: 'part-missing' });
    await folder.write('people-d.csv', 'id,name\n');
    expect(await certificate()).toEqual({ certified: true });
    expect(await certificate({ parts: 3 })).toMatchObject({ certified: false, code: 'part-missing' });
    await rm(folder.place('people-b.csv'));
    expect(await certificate()).toMatchObject({ certified: false, code: 'part-missing' });
    // the names may be others each day, if the number is known
    expect(await certificate({ parts: 3 })).toEqual({ certified: true });
  });

  it('is not certified, or fails, if one of its files is cut', async () => {
    await folder.write('people-b.csv', 'id,name\n20,Bob\n21,Cid');
    const { end } = await folder.read(table, all());
    expect(end?.certificate).toMatchObject({ certified: false, code: 'not-final' });
    expect(end?.certificate).toHaveProperty('reason', expect.stringMatching(/^people-b\.csv: /));
    await folder.write('people-b.csv', 'id,name\n20,Bob\n21');
    expect(await folder.failure(table, all())).toMatchObject({ code: 'truncated', place: { table: 'people-b.csv' } });
  });

  it('takes the delta files that are named after it', async () => {
    const settings = { ...all(), delta: { directory: 'd', commandColumn: 'cmd' } };
    await folder.write('d/people-0001.csv', 'cmd,id\ndelete,1\n');
    const known = { taken: new Map(), noted: new Map() };
    const { end } = await folder.read(table, settings, { mode: 'incremental', known });
    expect(end?.deltas?.map(({ name }) => name)).toEqual(['people-0001.csv']);
    expect(
      await folder.adapter.pending?.(folder.connection(settings), { table, tables: [table], taken: new Map() }),
    ).toMatchObject({ deltas: [{ name: 'people-0001.csv' }] });
  });
});

describe('a file with a trailer', () => {
  const settings = (count = 2) => ({ tables: { 'people.csv': { trailer: { startsWith: 'TRAILER', count } } } });
  const name = 'people.csv';

  it.each([
    ['with as many fields as the rows', 'id,name\n1,Ann\n2,Bob\nTRAILER,2\n', 2],
    ['with more fields', 'id,name\n1,Ann\n2,Bob\nTRAILER,people,2,x\n', 3],
    ['without a line break', 'id,name\r\n1,Ann\r\n2,Bob\r\nTRAILER,0002', 2],
    ['with blank lines behind it', 'id,name\n1,Ann\n2,Bob\nTRAILER,2\n\n\r\n', 2],
    ['behind a row with quotes', 'id,name\n1,Ann\n2,"Bob\nTRAILER,7"\nTRAILER,"2"\n', 2],
  ])('%s is whole, and the trailer is no row', async (_what, content, count) => {
    await folder.write(name, content);
    const { rows, end } = await folder.read(name, settings(count));
    expect(rows.map(({ id }) => id)).toEqual(['1', '2']);
    expect(end?.certificate).toEqual({ certified: true });
  });

  it('counts rows that are rejected, and those of a large file', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `${String(i)},name ${String(i)}\n`).join('');
    await folder.write(name, `id,name\n${many}broken\nalso broken,x,y\nTRAILER,30002\n`);
    const { rows, end } = await folder.read(name, settings());
    expect(rows).toHaveLength(30_002);
    expect(end?.certificate).toEqual({ certified: true });
    await folder.write(name, 'id,name\nTRAILER,0\n');
    expect((await folder.read(name, settings())).rows).toEqual([]);
  });

  it.each([
    ['fewer rows than it says', 'id,name\n1,Ann\nTRAILER,2\n', 'count-mismatch'],
    ['more rows than it says', 'id,name\n1,Ann\n2,Bob\n3,Cid\nTRAILER,2\n', 'count-mismatch'],
    ['a trailer in the middle', 'id,name\n1,Ann\nTRAILER,1\n2,Bob\nTRAILER,2\n', 'count-mismatch'],
    ['a cut trailer', 'id,name\n1,Ann\n2,Bob\nTRAILER', 'truncated'],
    ['a trailer without a number', 'id,name\n1,Ann\nTRAILER,one\n', 'truncated'],
    ['no trailer', 'id,name\n1,Ann\n2,Bob\n', 'truncated'],
    ['no trailer and no line break', 'id,name\n1,Ann\n2,Bob', 'truncated'],
    ['a header only', 'id,name\n', 'truncated'],
    ['a trailer only', 'TRAILER,0\n', 'empty-file'],
  ])('that has %s fails the sync', async (_what, content, code) => {
    await folder.write(name, content);
    expect(await folder.failure(name, settings())).toMatchObject({ code, place: { table: name } });
  });
});

describe('settings of several files', () => {
  it.each([
    [{ [table]: {} }, [`tables`, table, 'take']],
    [{ 'people.csv': { take: 'all' } }, ['tables', 'people.csv', 'take']],
    [{ [table]: { take: 'newest', parts: 2 } }, ['tables', table, 'parts']],
    [{ [table]: { take: 'all', parts: 0 } }, ['tables', table, 'parts']],
    [{ 'people.csv': { trailer: { startsWith: 'T', count: 0 } } }, ['tables', 'people.csv', 'trailer', 'count']],
    [
      { 'people.csv': { trailer: { startsWith: 'a\nb', count: 1 } } },
      ['tables', 'people.csv', 'trailer', 'startsWith'],
    ],
  ])('%j is refused', (tables, path) => {
    const { error } = csvSettings.safeParse({ directory: 'hr', tables });
    expect(error?.issues.map((issue) => issue.path)).toContainEqual(path);
  });
});
