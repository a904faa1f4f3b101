import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { readConnection } from '../../activities/reading/read-connection.ts';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection, ConnectorPackage } from '../../connectors/package.ts';
import { createSqlPackage } from '../../connectors/sql/index.ts';
import { ExportStore } from '../../store/export-store.ts';
import { query } from '../postgres.ts';
import { median, timed } from '../statistics.ts';
import { reader, startDirectory, suffix } from './directory.ts';

/** An export, and what the server's own client needs to write the same to nowhere. Seconds. */
export interface ExportMeasured {
  what: string;
  client: string;
  rows: number;
  export: number;
  floor: number;
}

const times = 5;

/** Measures the export of a database table and of a directory beside the clients of their servers, in turns. */
export async function measureExports(
  { databaseUrl, folder }: { databaseUrl: string; folder: string },
  { rows, entries }: { rows: number; entries: number },
  say: (text: string) => void,
): Promise<ExportMeasured[]> {
  const allow = parseOutboundAllow('127.0.0.1,localhost');
  if (typeof allow === 'string') throw new Error(allow);
  const outbound = { allow, secretFolders: [] };
  const columns = ['id', 'login', 'given', 'family', 'mail', 'phone', 'title', 'department', 'started', 'hours'];
  await query(databaseUrl, (client) =>
    client.query(
      `create table person as select i as id, 'user' || i as login, 'Given' as given, 'Family ' || i as family,
         'user' || i || '@bench.example' as mail, '+45 ' || i as phone, 'Title ' || i % 50 as title,
         'Department ' || i % 200 as department, date '2000-01-01' + i % 9000 as started, (i % 4000) / 100.0 as hours
       from generate_series(1, ${String(rows)}) i`,
    ),
  );
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const database = createSqlPackage({ outbound, fileRoots: [] });
  const settings = {
    ...{ client: 'postgres', host: hostname, port: Number(port), user: username, database: pathname.slice(1) },
    ...{ tls: { mode: 'none' }, tables: { person: { from: 'person' } } },
  };
  const statement = `select ${columns.join(', ')} from person`;
  const found = [
    await measure({
      what: 'database',
      client: 'psql with FETCH_COUNT=1000',
      rows,
      folder: join(folder, 'database'),
      adapter: database,
      connection: { name: 'hr', settings: database.settings.parse(settings), secrets: { password } },
      wanted: { columns, key: ['id'] },
      floor: () => toNowhere('psql', ['-X', '-A', '-t', '-v', 'FETCH_COUNT=1000', '-c', statement, databaseUrl]),
    }),
  ];
  const directory = await startDirectory(join(folder, 'slapd'), entries);
  try {
    const ldap = createLdapPackage(outbound);
    const attributes = ['uid', 'cn', 'sn', 'givenName', 'mail', 'employeeNumber', 'telephoneNumber', 'title'];
    const as = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', directory.url, '-D', reader.dn, '-w', reader.password];
    const filter = '(objectClass=inetOrgPerson)';
    found.push(
      await measure({
        what: 'directory',
        client: 'ldapsearch -E pr=500',
        rows: entries,
        folder: join(folder, 'directory'),
        adapter: ldap,
        connection: {
          name: 'directory',
          settings: ldap.settings.parse({
            ...{ url: directory.url, bindDN: reader.dn, baseDN: suffix, tls: { plaintext: true }, changes: 'none' },
            tables: { person: { base: suffix, filter, canary: 'none' } },
          }),
          secrets: { password: reader.password },
        },
        wanted: { columns: ['entryUUID', 'dn', ...attributes], key: ['entryUUID'] },
        floor: () =>
          toNowhere('ldapsearch', [...as, '-b', suffix, '-E', 'pr=500/noprompt', filter, 'entryUUID', ...attributes]),
      }),
    );
  } finally {
    await directory.stop();
  }
  for (const each of found) say(`${each.what}: ${each.export.toFixed(2)} s, ${each.client} ${each.floor.toFixed(2)} s`);
  return found;
}

interface Wanted extends Pick<ExportMeasured, 'what' | 'client' | 'rows'> {
  folder: string;
  adapter: ConnectorPackage;
  connection: Connection;
  wanted: { columns: string[]; key: string[] };
  floor: () => Promise<void>;
}

async function measure({
  what,
  client,
  rows,
  folder,
  adapter,
  connection,
  wanted,
  floor,
}: Wanted): Promise<ExportMeasured> {
  const store = new ExportStore(folder);
  const nothing = () => Promise.resolve();
  const whole: number[] = [];
  const below: number[] = [];
  for (let n = 0; n < times; n++) {
    const syncId = `bench-${String(n)}`;
    const { seconds } = await timed(() =>
      asActivity(() =>
        readConnection({
          ...{ store, adapter, connection, attempt: 'bench-1', signal: new AbortController().signal },
          request: {
            ...{ version: 1, connector: 'bench', syncId, mode: 'complete', filterFingerprint: '' },
            connection: { name: connection.name, package: adapter.name, settings: {}, secrets: {} },
            tables: [{ table: 'person', wanted, taken: [], noted: [] }],
            allTables: ['person'],
          },
          report: { rows: nothing, line: nothing, looks: nothing },
          pace: { request: nothing, busy: nothing, goOn: nothing, end: nothing },
          tell: () => undefined,
        }),
      ),
    );
    const { tables } = await store.readManifest({ connector: 'bench', syncId, attempt: 'bench-1' });
    if (tables[0]?.rows !== rows) throw new Error(`the export of the ${what} has not ${String(rows)} rows`);
    whole.push(seconds);
    below.push((await timed(floor)).seconds);
    await rm(folder, { recursive: true, force: true });
  }
  return { what, client, rows, export: median(whole), floor: median(below) };
}

/** Without a worker: a read asks its activity only for the attempt before. */
const asActivity = <Result>(work: () => Promise<Result>): Promise<Result> =>
  asyncLocalStorage.run({ info: { attempt: 1 } } as unknown as Context, work);

/** Runs a client whose output nobody reads. */
async function toNowhere(program: string, args: string[]): Promise<void> {
  const client = spawn(program, args, { stdio: 'ignore' });
  const [code] = (await once(client, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
}
