import { appendFile, mkdir, mkdtemp, open, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TakenDelta } from '../../domain/delta.ts';
import type { ReadEvent } from '../package.ts';
import { createCsvPackage } from './index.ts';
import { csvSettings } from './settings.ts';
import { digestWithStamp, stampsOf } from './stamp.ts';

const tables = ['users.csv'];
const settings = csvSettings.parse({ directory: '.', delta: { directory: 'd', commandColumn: 'cmd' } });
const name = 'users-1.csv';
const content = 'cmd,id\ndelete,E1\n';

describe('taken delta files', () => {
  let root: string;
  let path: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'stamps-'));
    await writeFile(join(root, 'users.csv'), 'id\nE1\n');
    await mkdir(join(root, 'd'));
    path = join(root, 'd', name);
    await writeFile(path, content);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const csv = () => createCsvPackage({ fileRoots: [root] });
  const connection = () => ({ name: 'files', settings, secrets: {} }) as never;
  const pending = async (taken: TakenDelta[] = []) => {
    const request = { table: 'users.csv', tables, taken: new Map(taken.map((each) => [each.name, each])) };
    const found = await csv().pending?.(connection(), request);
    if (!found) throw new Error('the package has no deltas');
    return found;
  };
  const read = async (taken: TakenDelta): Promise<ReadEvent[]> => {
    const events: ReadEvent[] = [];
    const known = { taken: new Map([[taken.name, taken]]), noted: new Map() };
    for await (const event of csv().read(connection(), { table: 'users.csv', tables, mode: 'incremental', known }))
      events.push(event);
    return events;
  };
  const fresh = async (): Promise<TakenDelta & { stamp: string }> => {
    const [delta] = (await pending()).deltas;
    if (delta?.stamp === undefined) throw new Error('the file has no stamp');
    return { ...delta, stamp: delta.stamp };
  };
  /** With a hash that the file does not have: whoever reads the file notices that. */
  const unread = async (): Promise<TakenDelta> => ({ ...(await fresh()), sha256: 'not its hash', proven: true });

  it('are known by a proven stamp, and not read', async () => {
    const taken = await unread();
    expect(await pending([taken])).toEqual({ deltas: [], looks: [] });
    expect((await read(taken)).map(({ kind }) => kind)).toEqual(['passed-over', 'end']);
  });

  it('are read while the stamp is not proven', async () => {
    const taken = { ...(await unread()), proven: false };
    expect((await pending([taken])).deltas).toMatchObject([{ name }]);
    await expect(read(taken)).rejects.toMatchObject({ code: 'delta-file-changed' });
  });

  it('have a proven stamp when they are read again under a stamp that has rested', async () => {
    const taken = await fresh();
    const look = { name, sha256: taken.sha256, stamp: taken.stamp };
    expect((await pending([taken])).looks).toEqual([{ ...look, proven: false }]);
    expect((await pending([{ ...taken, rested: true }])).looks).toEqual([{ ...look, proven: true }]);
    expect((await pending([{ ...taken, rested: true, stamp: 'another' }])).looks).toEqual([{ ...look, proven: false }]);
    const [passed] = await read({ ...taken, rested: true });
    expect(passed).toEqual({ kind: 'passed-over', sources: [name], looks: [{ ...look, proven: true }] });
  });

  const sameTimes = async (change: () => Promise<void>): Promise<void> => {
    const before = await stat(path);
    await change();
    await utimes(path, before.atime, before.mtime);
    expect(await stat(path)).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs });
  };
  const changes: [string, () => Promise<void>][] = [
    ['has more bytes', () => appendFile(path, 'delete,E2\n')],
    ['was written in place with as many bytes', () => writeFile(path, content.replace('E1', 'E2'))],
    [
      'was written in place with as many bytes, and its time set back',
      () => sameTimes(() => writeFile(path, content.replace('E1', 'E2'))),
    ],
    [
      'was replaced by a file of the same size and time',
      () =>
        sameTimes(async () => {
          const other = join(root, 'other');
          await writeFile(other, content.replace('E1', 'E2'));
          await rename(other, path);
        }),
    ],
    [
      'was removed and made anew with the same size and time',
      () =>
        sameTimes(async () => {
          await rm(path);
          await writeFile(path, content.replace('E1', 'E2'));
        }),
    ],
  ];
  it.each(changes)('are found when the file %s', async (_how, change) => {
    // a whole number of milliseconds, which utimes can give back
    await utimes(path, new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z'));
    const taken = { ...(await fresh()), proven: true };
    expect(await pending([taken])).toEqual({ deltas: [], looks: [] });
    await change();
    expect((await pending([taken])).deltas).toMatchObject([{ name }]);
    await expect(read(taken)).rejects.toMatchObject({ code: 'delta-file-changed' });
  });

  it('are known again when only the times have changed', async () => {
    const taken = { ...(await fresh()), proven: true, rested: true };
    await utimes(path, new Date(), new Date('2020-01-01T00:00:00Z'));
    const { deltas, looks } = await pending([taken]);
    expect(deltas).toEqual([]);
    expect(looks).toMatchObject([{ name, sha256: taken.sha256, proven: false }]);
    expect(looks[0]?.stamp).not.toBe(taken.stamp);
  });

  it('have no stamp if they are written to while they are read', async () => {
    const handle = await open(path, 'r+');
    async function* content(meanwhile?: () => Promise<void>) {
      await meanwhile?.();
      yield* handle.createReadStream({ autoClose: false, start: 0 }) as AsyncIterable<Buffer>;
    }
    try {
      expect(
        await digestWithStamp(
          handle,
          content(() => handle.truncate(0)),
          [],
        ),
      ).not.toHaveProperty('stamp');
      expect(await digestWithStamp(handle, content(), [])).toHaveProperty('stamp');
    } finally {
      await handle.close();
    }
  });

  it('have the same stamps on a slow file system as on a quick one; what is no file has none', async () => {
    const folder = join(root, 'd');
    const names = Array.from({ length: 300 }, (_, i) => `users-${String(i)}.csv`);
    await Promise.all(names.map((each) => writeFile(join(folder, each), content)));
    await symlink(path, join(folder, 'link.csv'));
    const asked = [...names, 'gone.csv', 'link.csv'];
    const quick = await stampsOf(folder, asked);
    expect([...quick.keys()].sort()).toEqual([...names].sort());
    const slow = await stampsOf(folder, asked, undefined, 0);
    expect(new Map([...slow].sort())).toEqual(new Map([...quick].sort()));
  });
});
