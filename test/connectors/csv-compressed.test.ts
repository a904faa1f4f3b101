import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zip } from '../support/zip.ts';
import { csvFolder } from './csv-folder.ts';

let folder: Awaited<ReturnType<typeof csvFolder>>;
beforeAll(async () => {
  folder = await csvFolder();
});
afterAll(() => folder.remove());

const plain = Buffer.from(
  `id,name\n${Array.from({ length: 20_000 }, (_, i) => `${String(i)},name ${String(i * 7919)}\n`).join('')}`,
);
const table = 'people.csv';

describe('compressed files', () => {
  it.each([
    ['gzip', gzipSync(plain)],
    [
      'gzip of several members',
      Buffer.concat([gzipSync(plain.subarray(0, 100_000)), gzipSync(plain.subarray(100_000))]),
    ],
    ['zip', zip([{ name: 'data/people.csv', data: plain }])],
    [
      'zip with folders',
      zip([
        { name: 'data/', data: '' },
        { name: 'data/people.csv', data: plain },
        { name: '__MACOSX/data/._people.csv', data: 'x' },
      ]),
    ],
  ])('%s is told by content: same rows, same state, same after an interruption', async (kind, bytes) => {
    await folder.write(table, plain);
    const expected = await folder.read(table);
    const state = await folder.state(table);
    await folder.write(table, bytes);
    const found = await folder.read(table);
    expect(found.rows).toEqual(expected.rows);
    expect(found.end).toEqual(expected.end);
    expect(await folder.state(table)).toBe(state);
    expect(state).toBe(found.end?.state);
    expect((await folder.read(table, { compression: kind.split(' ')[0] })).rows).toEqual(expected.rows);
    const begun = await folder.read(table, {}, {}, 2);
    const rest = await folder.read(table, {}, { resumeAfter: begun.steps.at(-1)?.resume ?? '' });
    expect([...begun.rows, ...rest.rows]).toEqual(expected.rows);
    const other = { compression: kind.startsWith('zip') ? 'gzip' : 'zip' };
    expect((await folder.failure(table, other)).code).toBe(kind.startsWith('zip') ? 'truncated' : 'archive');
  });

  const packed = gzipSync(plain);
  const flipped = (at: number) => {
    const bytes = Buffer.from(packed);
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    return bytes;
  };
  const otherChecksum = () => {
    const archive = zip([{ name: 'people.csv', data: plain }]);
    // in the directory, whose entry begins with these bytes
    const at = archive.indexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + 16;
    archive.writeUInt32LE(archive.readUInt32LE(at) ^ 1, at);
    return archive;
  };
  it.each([
    ['a gzip file that was cut short', packed.subarray(0, packed.length / 2), 'truncated'],
    ['a gzip file without its last byte', packed.subarray(0, -1), 'truncated'],
    ['a gzip file of which only the beginning is there', packed.subarray(0, 12), 'truncated'],
    ['a gzip file with another checksum', flipped(packed.length - 6), 'truncated'],
    ['a gzip file with another length', flipped(packed.length - 2), 'truncated'],
    ['a gzip file with something behind it', Buffer.concat([packed, Buffer.from('more')]), 'truncated'],
    ['a gzip file of a cut file', gzipSync(plain.subarray(0, -18)), 'truncated'],
    ['a gzip file of nothing', gzipSync(''), 'empty-file'],
    ['a gzip bomb', gzipSync(Buffer.concat([Buffer.from('id,name\n'), Buffer.alloc(8 << 20, 'a,b\n')])), 'archive'],
    ['a zip file that was cut short', zip([{ name: 'people.csv', data: plain }]).subarray(0, -30), 'archive'],
    ['a zip file with another checksum', otherChecksum(), 'truncated'],
    ['a zip file without files', zip([]), 'archive'],
    ['a zip file with two files', zip(['a', 'b'].map((name) => ({ name: `${name}.csv`, data: plain }))), 'archive'],
    ['a name that leads out', zip([{ name: '../people.csv', data: plain }]), 'archive'],
    ['a symbolic link', zip([{ name: 'people.csv', data: '/etc/passwd', mode: 0o120777 }]), 'archive'],
    ['a password', zip([{ name: 'people.csv', data: plain, flags: 1 }]), 'protected-file'],
    ['a zip bomb', zip([{ name: 'people.csv', data: Buffer.alloc(32 << 20, 'a,b\n') }]), 'archive'],
    ['more than 2 GiB', zip([{ name: 'people.csv', data: plain, says: 2 ** 31 + 1 }]), 'archive'],
    ['a file that is larger than it says', zip([{ name: 'people.csv', data: plain, says: 20 }]), 'archive'],
  ])('%s fails the sync', async (_what, bytes, code) => {
    await folder.write('odd.csv', bytes);
    expect(await folder.failure('odd.csv')).toMatchObject({ code, place: { table: 'odd.csv' } });
  });

  it('a packed file whose content has no final line break is read, but not certified', async () => {
    await folder.write('open.csv', gzipSync(plain.subarray(0, -1)));
    expect((await folder.read('open.csv')).end?.certificate).toMatchObject({ certified: false, code: 'not-final' });
  });

  it('a packed file that is written to while it is read fails the sync', async () => {
    await folder.write(table, gzipSync(plain));
    const reading = (async () => {
      for await (const event of folder.events(table))
        if (event.kind === 'segment') writeFileSync(folder.place(table), gzipSync('id,name\n'));
    })();
    await expect(reading).rejects.toHaveProperty('code', expect.stringMatching(/^(changed-during-read|truncated)$/));
  });

  it('are found by discovery, and none are unpacked that the settings do not allow', async () => {
    await folder.write('staff/one.csv.gz', gzipSync('id,name\n'));
    const find = async (compression?: string) =>
      (await folder.adapter.discover(folder.connection({ ...(compression ? { compression } : {}) }))).find(
        (each) => each.table === 'staff/one.csv.gz',
      );
    expect((await find())?.columns.map(({ name }) => name)).toEqual(['id', 'name']);
    expect((await find('gzip'))?.columns).toHaveLength(2);
    expect(await find('none')).toBeUndefined();
    expect((await folder.failure('staff/one.csv.gz', { compression: 'none' })).code).toBe('encoding');
  });
});

describe('compressed delta files', () => {
  const settings = { delta: { directory: 'd', commandColumn: 'cmd' } };
  const rows = 'cmd,id,name\ndelete,1,\nmerge,2,Ann\n';
  const changes = (compression?: string) =>
    folder.read(
      table,
      { ...settings, ...(compression ? { compression } : {}) },
      { mode: 'incremental', known: { taken: new Map(), noted: new Map() } },
    );

  it('are taken by their content; one that is cut waits until it is whole', async () => {
    await folder.write('d/people-1.csv', gzipSync(rows));
    const whole = await changes();
    expect(whole.rows).toEqual([
      { cmd: 'delete', id: '1', name: '' },
      { cmd: 'merge', id: '2', name: 'Ann' },
    ]);
    expect(whole.end).toMatchObject({ certificate: { certified: true }, deltas: [{ name: 'people-1.csv' }] });
    expect(whole.end?.deltas?.[0]?.bytes).toBe(rows.length);
    await folder.write('d/people-1.csv', gzipSync(rows).subarray(0, -6));
    const cut = await changes();
    expect(cut.end).toMatchObject({ certificate: { certified: false, code: 'not-final' }, deltas: [{ cut: true }] });
  });

  it('with another ending are left alone, unless the settings say how they are compressed', async () => {
    await folder.write('d/people-1.csv', rows);
    await folder.write('d/people-1.csv.gz', gzipSync(rows));
    expect((await changes()).end?.deltas?.map(({ name }) => name)).toEqual(['people-1.csv']);
    await folder.write('d/people-1.csv', gzipSync(rows));
    expect((await changes('gzip')).end?.deltas?.map(({ name }) => name)).toEqual(['people-1.csv', 'people-1.csv.gz']);
  });
});
