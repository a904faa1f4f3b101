import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import { csvSettings } from '../../connectors/csv/settings.ts';
import { fingerprintOf } from '../../connectors/csv/sftp/host-key.ts';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { ReadEvent } from '../../connectors/package.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { Sshd, startCuttable } from '../support/sshd.ts';
import { zip } from '../support/zip.ts';
import { allOf, expectToGoOn, large, readerOf, table } from './csv-elsewhere.ts';
import { columns, rowChanges } from './csv-rows.ts';
import { describePackage, type Subject } from './suite.ts';
import { take } from './suite-reads.ts';

const present = await hasDebian('openssh-server');
let sshd: Sshd;
let way: Awaited<ReturnType<typeof startCuttable>>;
const outbound = { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] };
const adapter = createCsvPackage({ fileRoots: [], outbound });

beforeAll(async () => {
  if (!present) return;
  sshd = await Sshd.start();
  way = await startCuttable(sshd.port);
});
afterAll(async () => {
  if (!present) return;
  await way.stop();
  await sshd.stop();
});

const settingsOf = (more: Record<string, unknown> = {}, of: Record<string, unknown> = {}) => ({
  directory: 'files',
  location: { sftp: { host: '127.0.0.1', port: way.port, user: sshd.user, hostKey: sshd.hostKey, ...of } },
  ...more,
});
const connection = (
  more?: Record<string, unknown>,
  of?: Record<string, unknown>,
  secrets?: Record<string, string>,
) => ({
  name: 'files',
  settings: csvSettings.parse(settingsOf(more, of)),
  secrets: secrets ?? { privateKey: sshd.privateKey.trim() },
});
const badLocation = (of: Record<string, unknown>) => ({
  directory: 'x',
  location: { sftp: { host: 'h', user: 'u', hostKey: `SHA256:${'A'.repeat(43)}`, ...of } },
});
const people = () => sshd.path('people.csv');

const subject = (): Subject => ({
  adapter,
  connection: () => connection(),
  badSettings: [
    { settings: { ...badLocation({}), directory: undefined }, path: 'directory' },
    { settings: badLocation({ hostKey: undefined }), path: 'location.sftp.hostKey' },
    { settings: badLocation({ host: 'user@h' }), path: 'location.sftp.host' },
    { settings: { ...badLocation({}), finalNewline: 'optional' }, path: 'finalNewline' },
    { settings: { ...badLocation({}), delta: { directory: 'd', commandColumn: 'c' } }, path: 'delta' },
    { settings: { directory: 'x', location: {} }, path: 'location' },
  ],
  unreachable: [
    { what: 'nothing listens', connection: () => connection({}, { port: 1 }), code: 'connection' },
    {
      what: 'another host key',
      connection: () => connection({}, { hostKey: `SHA256:${'A'.repeat(43)}` }),
      code: 'host-key',
    },
    {
      what: 'a key that the server does not know',
      connection: () => connection({}, {}, { privateKey: sshd.strangeKey }),
      code: 'credentials',
    },
    {
      what: 'a password that the server does not take',
      connection: () => connection({}, {}, { password: 'canary-5d21' }),
      code: 'credentials',
    },
    {
      what: 'no private key at all',
      connection: () => connection({}, {}, { privateKey: 'canary-8a11' }),
      code: 'credentials',
    },
    { what: 'no such folder', connection: () => connection({ directory: 'none' }), code: 'missing-file' },
    { what: 'link-local', connection: () => connection({}, { host: '169.254.169.254' }), code: 'outbound-refused' },
    { what: 'loopback that is not named', connection: () => connection({}, { host: '::1' }), code: 'outbound-refused' },
  ],
  table: 'people.csv',
  tables: ['people.csv'],
  key: ['id'],
  columns,
  ...rowChanges(
    () => readFile(people()),
    // as the guide says: under another name, then renamed
    async (content) => {
      await writeFile(`${people()}.part`, content);
      await rename(`${people()}.part`, people());
    },
  ),
});

describe.skipIf(!present)(`csv over sftp${present ? '' : `, ${needs('openssh-server')}`}`, () => {
  describePackage('csv over sftp', subject);

  describe('files of an SFTP server', () => {
    const reader = readerOf(adapter, connection);
    const { events, read } = reader;

    beforeEach(async () => {
      await rm(sshd.path(''), { recursive: true, force: true });
      await mkdir(sshd.path('old'), { recursive: true });
      await writeFile(sshd.path('people-a.csv'), 'id,name\n1,Ann\n');
      await writeFile(sshd.path('people-b.csv'), gzipSync('id,name\n2,Bob\n'));
      await writeFile(sshd.path('people-c.csv'), zip([{ name: 'c.csv', data: 'id,name\n3,Cid\n' }]));
      await writeFile(sshd.path('old/units.csv'), 'id\n9\n');
    });

    it('are read as one table, packed ones too, and listed one folder deep', async () => {
      const { rows, end } = await read(table, allOf);
      expect(rows.map(({ id, name }) => [id, name])).toEqual([
        ['1', 'Ann'],
        ['2', 'Bob'],
        ['3', 'Cid'],
      ]);
      expect(end).toMatchObject({
        certificate: { certified: true },
        checkpoint: { name: '3 files up to people-c.csv' },
      });
      const tables = await adapter.discover(connection(allOf));
      expect(tables.map((each) => each.table)).toEqual([table, 'old/units.csv']);
      expect((await read('old/units.csv')).rows).toEqual([{ id: '9' }]);
      expect(await adapter.test(connection())).toMatchObject({
        ok: true,
        message: expect.stringContaining('4') as string,
      });
    });

    it('are found from an absolute folder on, and by any of several host keys', async () => {
      const keys = [`SHA256:${'A'.repeat(43)}`, fingerprintOf(Buffer.from(sshd.hostKey.split(' ')[1] ?? '', 'base64'))];
      const at = connection({ directory: sshd.path('') }, { hostKey: keys });
      expect(
        (await take(adapter.read(at, { table: 'people-a.csv', tables: [], mode: 'complete' }), 9)).rows,
      ).toHaveLength(1);
    });

    it('must be regular files below the folder', async () => {
      await symlink(sshd.path(''), sshd.path('loop'));
      for (const [name, code] of [
        ['../host.pub', 'unsafe-path'],
        ['/etc/passwd', 'unsafe-path'],
        ['old', 'unsafe-path'],
        ['gone.csv', 'missing-file'],
      ] as const)
        await expect(read(name)).rejects.toMatchObject({ code, place: { table: name } });
    });

    it.each([
      ['is written', () => writeFile(sshd.path('people-a.csv'), `${large}999,late\n`)],
      ['is cut', () => writeFile(sshd.path('people-a.csv'), 'id,name\n')],
      ['is removed', () => rm(sshd.path('people-a.csv'))],
    ])('fail the sync if one %s while it is read', async (_what, change) => {
      await writeFile(sshd.path('people-a.csv'), large);
      await expect(during(events('people-a.csv'), change)).rejects.toMatchObject({ code: 'changed-during-read' });
    });

    it('fail the sync if one comes while the others are read', async () => {
      const come = () => writeFile(sshd.path('people-0.csv'), 'id,name\n');
      await expect(during(events(table, allOf), come)).rejects.toMatchObject({ code: 'changed-during-read' });
    });

    it('fail with connection if it is lost in the middle, and are read on where the last attempt was', async () => {
      await writeFile(sshd.path('people-a.csv'), large);
      await expectToGoOn(reader, 'people-a.csv', () => {
        way.cut();
      });
    });
  });

  it('needs a secret to log in with', () => {
    const settings = csvSettings.parse(settingsOf());
    expect(adapter.connectionFaults?.({ settings, secrets: [] }, outbound)).toMatchObject([{ path: ['secrets'] }]);
    expect(adapter.connectionFaults?.({ settings, secrets: ['password'] }, outbound)).toEqual([]);
  });

  it('has its server in its scope, so that another server is a change of the filter', () => {
    const scope = (of: Record<string, unknown>) => adapter.scopeOf(connection(allOf, of).settings, 'people-*.csv');
    expect(scope({})).toEqual({
      directory: 'files',
      sftp: { host: '127.0.0.1', port: way.port, user: sshd.user },
      take: 'all',
    });
    expect(scope({ port: 1 })).not.toEqual(scope({}));
  });
});

/** Reads, and changes something behind the first rows. */
async function during(events: AsyncIterable<ReadEvent>, change: () => Promise<unknown>): Promise<void> {
  let changed = false;
  for await (const event of events)
    if (!changed && 'resume' in event) {
      changed = true;
      await change();
    }
}
