import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide, wideWindows } from '../support/connector.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { admin as directoryAdmin, person, Slapd, suffix, unit } from '../support/slapd.ts';
import { createSourceDatabase, type SourceDatabase } from '../support/source-database.ts';
import { Stack } from '../support/stack.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const name = `far_${randomBytes(6).toString('hex')}`;
const password = 'canary-far-5b20';
/** The far worker alone has the secrets and the files; it has no address of a database, and no right to one. */
const noDatabase = { SYNCLINE_DATABASE_URL: '', PGHOST: '', PGDATABASE: '' };

describe.skipIf(!ready)(ready ? 'a worker without a database' : needs('slapd', 'ldap-utils'), () => {
  let stack: Stack;
  let slapd: Slapd;
  let hr: SourceDatabase;
  let far: Awaited<ReturnType<Stack['launchWorker']>>;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    slapd = await Slapd.start({ sessionLog: 100 });
    await slapd.change(unit('people') + person('ann') + person('ben'));
    hr = await createSourceDatabase(name, password);
    await hr.client.query(
      `create table employee (number int primary key, name text); grant select on employee to ${name};
       insert into employee values (1, 'Ada'), (2, 'Grace'), (3, 'Edsger')`,
    );
    const allow = `${hr.host},${new URL(slapd.url).host}`;
    stack = await Stack.start({ SYNCLINE_OUTBOUND_ALLOW: allow });
    await mkdir(join(stack.folder, 'far', 'branch'), { recursive: true });
    environment = {
      ...noDatabase,
      SYNCLINE_WORKER_SLOTS: 'dmz=4',
      SYNCLINE_FILE_ROOTS: join(stack.folder, 'far'),
      SYNCLINE_SECRET_HR: password,
      SYNCLINE_SECRET_LDAP: directoryAdmin.password,
      SYNCLINE_EXPORT_STORE: `file:${join(stack.folder, 'exports')}`,
    };
    far = await stack.launchWorker(environment);
    for (const [connector, file] of Object.entries(connectors())) await stack.put(file, connector);
  });
  afterAll(async () => {
    await far.stop();
    await stack.stop();
    await hr.drop();
    await slapd.stop();
  });

  function connectors() {
    const { hostname, port } = new URL(inject('databaseAdminUrl'));
    const base = { apiVersion: 'syncline/v1', kind: 'Connector', thresholds: wide, windows: wideWindows };
    const database = { client: 'postgres', host: hostname, port: Number(port), database: name, user: name };
    return {
      branch: onePerson({ name: 'branch', thresholds: wide, connection: { taskQueue: 'dmz' } }),
      payroll: {
        ...base,
        name: 'payroll',
        connections: [
          {
            name: 'database',
            package: 'sql',
            taskQueue: 'dmz',
            settings: { ...database, tls: { mode: 'none' }, tables: { employee: { from: 'employee' } } },
            secrets: { password: 'env:SYNCLINE_SECRET_HR' },
          },
        ],
        entityTypes: [
          {
            name: 'payroll_Person',
            source: { connection: 'database', table: 'employee' },
            key: ['number'],
            properties: { number: { column: 'number' }, name: { column: 'name' } },
          },
        ],
      },
      directory: {
        ...base,
        name: 'directory',
        connections: [
          {
            name: 'ldap',
            package: 'ldap',
            taskQueue: 'dmz',
            settings: {
              url: slapd.url,
              bindDN: directoryAdmin.dn,
              baseDN: suffix,
              tls: { plaintext: true },
              changes: 'syncrepl',
              tables: {
                people: { base: `ou=people,${suffix}`, filter: '(objectClass=inetOrgPerson)', canary: 'none' },
              },
            },
            secrets: { password: 'env:SYNCLINE_SECRET_LDAP' },
          },
        ],
        entityTypes: [
          {
            name: 'directory_Person',
            source: { connection: 'ldap', table: 'people', identity: 'id' },
            key: ['id'],
            properties: { id: { column: 'entryUUID', format: 'uuid' }, uid: { column: 'uid' } },
          },
        ],
      },
    };
  }
  const people = (file: string, content: string | Buffer) =>
    writeFile(join(stack.folder, 'far', 'branch', file), content);
  const lines = async (sync: Sync) =>
    (await stack.all<{ message: string }>(`/v1/syncs/${sync.id}/log`)).map(({ message }) => message);
  const stored = async (type: string, column: string) =>
    (await stack.all<{ attributes: Record<string, unknown> }>(`/v1/entity-types/${type}/resources`))
      .map(({ attributes }) => attributes[column])
      .sort();
  async function applied(connector: string, body: Record<string, unknown> = {}): Promise<Sync> {
    const sync = await stack.syncAndResume(connector, body);
    expect(sync, JSON.stringify(sync)).toMatchObject({ status: 'completed', waitingFor: null, retry: null });
    return sync;
  }

  it('reads files, a database and a directory that it alone reaches, and workers with the database do the rest', async () => {
    await people('people.csv', csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x'));
    const found = { branch: ['id', 2], payroll: ['number', 3], directory: ['uid', 2] } as const;
    for (const [connector, [column, count]] of Object.entries(found)) {
      expect(await stack.call('POST', `/v1/connectors/${connector}/test`)).toMatchObject({ body: { ok: true } });
      const sync = await applied(connector);
      expect(await stored(`${connector}_Person`, column)).toHaveLength(count);
      expect((await lines(sync)).filter((line) => line.startsWith(`Read ${String(count)} rows of `))).toHaveLength(1);
      expect(sync).toMatchObject({ progress: { rowsExported: count } });
    }
    // Temporal has the names of the read and nothing more, and no secret is in the export store
    const history = await stack.showHistory('sync:payroll');
    const payloads = [...history.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)]
      .map((match) => Buffer.from(match[1] ?? '', 'base64').toString('utf8'))
      .filter((text) => text.startsWith('{"connector"'))
      .map((text) =>
        Object.keys(JSON.parse(text) as object)
          .sort()
          .join(),
      );
    expect([...new Set(payloads)].sort()).toEqual([
      'attempt,connection,connector,limited,syncId',
      'attempt,connection,connector,syncId',
    ]);
    const folder = join(stack.folder, 'exports');
    const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.json'));
    expect(files.some((path) => path.includes('request-database-'))).toBe(true);
    for (const path of files) expect(await readFile(join(folder, path), 'utf8')).not.toMatch(/canary-/);
  });

  it('finds that nothing has changed, reads changes from where they were taken, and discovers tables', async () => {
    const again = await applied('branch');
    expect(await lines(again)).toContain(
      'The files are the same as in the last applied complete sync, so nothing changed.',
    );
    await slapd.change(person('cy'));
    const changes = await applied('directory', { mode: 'incremental' });
    expect(changes).toMatchObject({ mode: 'incremental', counters: { directory_Person: { inserted: 1, read: 1 } } });
    expect(await stored('directory_Person', 'uid')).toEqual(['ann', 'ben', 'cy']);
    const schema = await stack.call('POST', '/v1/connectors/payroll/schema');
    expect(JSON.stringify(schema.body)).toContain('"employee"');
  });

  it('asks for the wanted keys alone, where a sync is limited to single items', async () => {
    await hr.client.query(`update employee set name = upper(name); delete from employee where number = 3`);
    const sync = await applied('payroll', { scope: { keys: { payroll_Person: [['2'], ['3']] } } });
    expect(sync.counters['payroll_Person']).toMatchObject({ read: 1, updated: 1, deleted: 1 });
    expect(await lines(sync)).toContain('Read 1 row of employee by 2 keys');
    expect(await stored('payroll_Person', 'name')).toEqual(['Ada', 'GRACE']);
  });

  it('fails as every other does, and the sync says why', async () => {
    await hr.client.query(`revoke select on employee from ${name}`);
    const sync = await stack.sync('payroll');
    expect(sync).toMatchObject({ status: 'failed', error: { code: 'credentials' } });
    await hr.client.query(`grant select on employee to ${name}`);
    await applied('payroll');
  });

  it('that is killed while it reads is followed by the next, which goes on', { timeout: 120_000 }, async () => {
    // long enough to be seen waiting on a busy machine
    const limits = { concurrent: 1, requestsPerSecond: 0.2 };
    await stack.put(
      onePerson({ name: 'branch', thresholds: wide, connection: { taskQueue: 'dmz', limits } }),
      'branch',
    );
    await people('people.csv', csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x', 'E3,Cy,c@x'));
    const started = await stack.startSync('branch');
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${started.id}`)).waitingFor !== null);
    await far.kill();
    far = await stack.launchWorker(environment);
    const sync = await stack.settled(started.id, ['queued', 'running'], 100);
    expect(sync).toMatchObject({ status: 'completed', applied: true, waitingFor: null, retry: null });
    expect(await stored('branch_Person', 'id')).toEqual(['E1', 'E2', 'E3']);
    const told = await lines(sync);
    expect(told.filter((line) => line.startsWith('Read 3 rows of '))).toHaveLength(1);
    expect(told).toContain('Attempt 2 begins: the worker of the attempt before ended or hung.');
  });

  it('does not start where it would read nothing', async () => {
    const { code, said } = await stack.refusedWorker({ ...noDatabase, SYNCLINE_WORKER_SLOTS: 'export=4' });
    expect(code).toBe(1);
    expect(said).toContain('SYNCLINE_DATABASE_URL');
  });
});
