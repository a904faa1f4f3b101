import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import { csvSettings } from '../../connectors/csv/settings.ts';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { SyncError } from '../../domain/errors.ts';
import { HttpProxy } from '../support/http-proxy.ts';
import { Moto, type Keys } from '../support/moto.ts';
import { hasPython, needsPython } from '../support/python.ts';
import { startCuttable } from '../support/sshd.ts';
import { zip } from '../support/zip.ts';
import { allOf, expectToGoOn, large, readerOf, table } from './csv-elsewhere.ts';
import { columns, rowChanges } from './csv-rows.ts';
import { describePackage, type Subject } from './suite.ts';
import { take } from './suite-reads.ts';

const present = await hasPython('moto_server');
let moto: Moto;
let way: Awaited<ReturnType<typeof startCuttable>>;
const outbound = { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: ['/run/secrets'] };
const adapter = createCsvPackage({ fileRoots: [], outbound });

beforeAll(async () => {
  if (!present) return;
  moto = await Moto.start();
  way = await startCuttable(Number(new URL(moto.origin).port));
});
afterAll(async () => {
  if (!present) return;
  await way.stop();
  await moto.stop();
});

const connection = (more: Record<string, unknown> = {}, of: Record<string, unknown> = {}, keys?: Keys) => ({
  name: 'files',
  settings: csvSettings.parse({
    location: { s3: { bucket: moto.bucket, prefix: '/hr/', endpoint: `http://127.0.0.1:${String(way.port)}`, ...of } },
    ...more,
  }),
  secrets: { ...(keys ?? moto.reader) },
});
const wrong = (): Keys => ({ ...moto.reader, secretAccessKey: 'canary-77b2' });
const inBucket = (of: Record<string, unknown>) => ({
  location: { s3: { bucket: 'exports', region: 'eu-central-1', ...of } },
});

const subject = (): Subject => ({
  adapter,
  connection: () => connection(),
  badSettings: [
    { settings: inBucket({ bucket: 'a/b' }), path: 'location.s3.bucket' },
    { settings: inBucket({ region: undefined }), path: 'location.s3.region' },
    { settings: inBucket({ prefix: 'hr/../x' }), path: 'location.s3.prefix' },
    { settings: inBucket({ endpoint: 'https://key:word@s3.example.org' }), path: 'location.s3.endpoint' },
    { settings: { ...inBucket({}), directory: 'hr' }, path: 'directory' },
    { settings: { ...inBucket({}), delta: { directory: 'd', commandColumn: 'c' } }, path: 'delta' },
  ],
  unreachable: [
    {
      what: 'nothing listens',
      connection: () => connection({}, { endpoint: 'http://127.0.0.1:1' }),
      code: 'connection',
    },
    { what: 'a wrong key', connection: () => connection({}, {}, wrong()), code: 'credentials' },
    { what: 'a key without rights', connection: () => connection({}, {}, moto.stranger), code: 'credentials' },
    { what: 'no such bucket', connection: () => connection({}, { bucket: 'none-such' }), code: 'missing-file' },
    {
      what: 'a metadata service',
      connection: () => connection({}, { endpoint: 'http://169.254.169.254' }),
      code: 'outbound-refused',
    },
    {
      what: 'loopback that is not named',
      connection: () => connection({}, { endpoint: 'http://[::1]:1' }),
      code: 'outbound-refused',
    },
  ],
  table: 'people.csv',
  tables: ['people.csv'],
  key: ['id'],
  columns,
  ...rowChanges(
    () => moto.get('hr/people.csv'),
    (content) => moto.put('hr/people.csv', content),
  ),
});

describe.skipIf(!present)(`csv from s3${present ? '' : `, ${needsPython('moto_server')}`}`, () => {
  describePackage('csv from s3', subject);

  describe('objects of a bucket', () => {
    const reader = readerOf(adapter, connection);
    const { events, read } = reader;

    it('are read by the proxy, which looks the host up', async () => {
      const proxy = await HttpProxy.start();
      try {
        const host = 's3.eu-central-1.amazonaws.com';
        proxy.ports.set(host, Number(new URL(moto.origin).port));
        const named = parseOutboundAllow(host) as OutboundAllow;
        const by = createCsvPackage({
          fileRoots: [],
          outbound: { allow: named, secretFolders: [], proxy: `http://${proxy.address}` },
        });
        const request = { table: 'people-a.csv', tables: ['people-a.csv'], mode: 'complete' } as const;
        const { rows } = await take(by.read(connection({}, { endpoint: `http://${host}` }), request), Infinity);
        expect(rows).toEqual([{ id: '1', name: 'Ann' }]);
        expect(new Set(proxy.asked.map((each) => each.split(' ')[1]))).toEqual(new Set([`http://${host}`]));
      } finally {
        await proxy.stop();
      }
    });

    beforeEach(async () => {
      await moto.clear();
      await moto.put('hr/people-a.csv', 'id,name\n1,Ann\n');
      await moto.put('hr/people-b.csv', gzipSync('id,name\n2,Bob\n'));
      await moto.put('hr/people-c.csv', zip([{ name: 'c.csv', data: 'id,name\n3,Cid\n' }]));
      await moto.put('hr/old/units.csv', 'id\n9\n');
      await moto.put('hr/old/deeper/units.csv', 'id\n9\n');
      await moto.put('other/people-d.csv', 'id,name\n4,Dan\n');
    });

    it('are read as one table, packed ones too, and listed below the prefix and one folder deeper', async () => {
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

    it('are known as unchanged by their ETags, without being read', async () => {
      const { end } = await read('people-a.csv');
      expect(await adapter.state?.(connection(), 'people-a.csv')).toBe(end?.state);
      await moto.put('hr/people-a.csv', 'id,name\n1,Eve\n');
      expect(await adapter.state?.(connection(), 'people-a.csv')).not.toBe(end?.state);
    });

    it('fail the sync if one is missing', async () => {
      const refused = { code: 'missing-file', place: { table: 'gone.csv' } };
      await expect(read('gone.csv')).rejects.toMatchObject(refused);
    });

    it('are read in the version that was there at the beginning, or not at all', async () => {
      await moto.put('hr/people-a.csv', large);
      let rows = 0;
      let replaced = false;
      const reading = (async () => {
        for await (const event of events('people-a.csv')) {
          if (event.kind !== 'lines') continue;
          rows += event.lines.rows;
          if (!replaced) await moto.put('hr/people-a.csv', 'id,name\n1,Ann\n');
          replaced = true;
        }
        return 'whole';
      })();
      // this server ends an answer that it had not sent to its end, where the object is replaced meanwhile
      const end = await reading.catch((error: unknown) => (error as SyncError).code);
      expect(['whole', 'connection', 'changed-during-read']).toContain(end);
      if (end === 'whole') expect(rows).toBe(300);
      let asked = 0;
      const other = (async () => {
        for await (const event of events(table, allOf))
          if (event.kind === 'segment' && ++asked === 2) await moto.put('hr/people-a.csv', 'id,name\n7,Gil\n');
      })();
      await expect(other).rejects.toMatchObject({ code: 'changed-during-read' });
    });

    it('fail with connection if it is lost in the middle, and are read on where the last attempt was', async () => {
      await moto.put('hr/people-a.csv', large);
      const resumeAfter = await expectToGoOn(reader, 'people-a.csv', () => {
        way.cut();
      });
      await moto.put('hr/people-a.csv', 'id,name\n1,Ann\n');
      await expect(read('people-a.csv', {}, { resumeAfter })).rejects.toMatchObject({ code: 'changed-during-read' });
    });
  });

  it('needs both keys, and an encrypted way or a host that is named', () => {
    const faults = (of: Record<string, unknown>, secrets: string[]) =>
      adapter.connectionFaults?.({ settings: csvSettings.parse(inBucket(of)), secrets }, outbound);
    const keys = ['accessKeyId', 'secretAccessKey'];
    expect(faults({}, [])).toMatchObject([{ path: ['secrets'] }, { path: ['secrets'] }]);
    expect(faults({}, keys)).toEqual([]);
    expect(faults({ endpoint: 'http://s3.example.org' }, keys)).toMatchObject([
      { path: ['settings', 'location', 's3', 'endpoint'] },
    ]);
    expect(faults({ tls: { ca: '/etc/ca.pem' } }, keys)).toMatchObject([
      { path: ['settings', 'location', 's3', 'tls', 'ca'] },
    ]);
  });

  it('has its bucket and prefix in its scope', () => {
    const of = (more: Record<string, unknown>) => adapter.scopeOf(csvSettings.parse(inBucket(more)), 'people.csv');
    expect(of({ prefix: '/hr/' })).toEqual({ s3: { bucket: 'exports', prefix: 'hr/', region: 'eu-central-1' } });
    expect(of({ prefix: 'hr' })).toEqual(of({ prefix: '/hr/' }));
  });
});
