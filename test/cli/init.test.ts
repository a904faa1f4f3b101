import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import type { Sync } from '../../domain/sync.ts';
import { runCommand } from '../support/command-line.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { admin as directoryAdmin, entry, person, Slapd, suffix, unit } from '../support/slapd.ts';
import { Stack } from '../support/stack.ts';

interface File {
  connections: { settings: { tables?: Record<string, { canary?: { dn: string }[] }> } }[];
  entityTypes: Record<string, unknown>[];
}

const ready = await hasDebian('slapd', 'ldap-utils');
const source = `init_${randomBytes(6).toString('hex')}`;
const password = 'canary-init-5b17';

/** From a system to a file that can be tested and read, with no editor in between. */
describe('connectors init', () => {
  let stack: Stack;
  let admin: pg.Client;
  let database: URL;
  const at = (name: string) => join(stack.folder, name);
  const run = (...args: string[]) => runCommand(args, { XDG_CONFIG_HOME: stack.folder, SYNCLINE_URL: stack.api });

  beforeAll(async () => {
    database = new URL(inject('databaseAdminUrl'));
    stack = await Stack.start({
      SYNCLINE_OUTBOUND_ALLOW: `127.0.0.1,${database.hostname}:${database.port}`,
      SYNCLINE_SECRET_INIT: password,
      SYNCLINE_SECRET_LDAP: directoryAdmin.password,
    });
    admin = new pg.Client({ connectionString: database.href });
    await admin.connect();
    await admin.query(`create database ${source}`);
    await admin.query(`create role ${source} login password '${password}'`);
  });
  afterAll(async () => {
    await admin.query(`drop database ${source} with (force)`);
    await admin.query(`drop role ${source}`);
    await admin.end();
    await stack.stop();
  });

  /** Tests the file, saves it and reads it in a dry run. */
  async function accepts(name: string): Promise<{ file: File; sync: Sync }> {
    const tested = await run('connectors', 'test', '-f', at(`${name}.yaml`));
    expect(tested.code, tested.out + tested.err).toBe(0);
    const applied = await run('apply', '-f', at(`${name}.yaml`));
    expect(applied.code, applied.err).toBe(0);
    const sync = await stack.sync(name, { mode: 'complete', dryRun: true });
    expect(sync, JSON.stringify(sync)).toMatchObject({ status: 'completed', dryRun: true, error: null });
    expect(stack.output).not.toContain(password);
    return { file: parse(await readFile(at(`${name}.yaml`), 'utf8')) as File, sync };
  }

  it('writes a file for a folder of CSV files, with the guesses as comments, and keeps what a person has written', async () => {
    await stack.place('hr', {
      'people.csv': csv('id,name,department_id', 'E1,Ada,D1', 'E2,Ben,D1'),
      'departments.csv': csv('id,title', 'D1,Research'),
    });
    const args = ['connectors', 'init', 'hr', '--package', 'csv', '--setting', 'directory=hr'];
    const made = await run(...args, '--out', at('hr.yaml'));
    expect(made.code, made.err).toBe(0);
    expect(made.err).toMatch(/wrote [^]* guesses[^]*connectors test -f/);
    const text = await readFile(at('hr.yaml'), 'utf8');
    expect(text).toMatch(/# Guess: The column id is named like a key[^\n]*\n +key:/);
    const { file, sync } = await accepts('hr');
    expect(file.entityTypes.map(({ name }) => name).sort()).toEqual(['Hr_Department', 'Hr_People']);
    expect(file.entityTypes.find(({ name }) => name === 'Hr_People')).toMatchObject({
      navigationProperties: { departmentId: { to: 'Hr_Department', column: 'department_id' } },
    });
    expect(sync.counters).toMatchObject({ Hr_People: { inserted: 2, rejected: 0 }, Hr_Department: { inserted: 1 } });

    expect(await run(...args, '--out', at('hr.yaml'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('exists already') as string,
    });
    const one = await run(...args, '--tables', 'people.csv', '--json');
    const { file: alone, guesses } = JSON.parse(one.out) as { file: string; guesses: { pointer: string }[] };
    expect((parse(alone) as File).entityTypes).toHaveLength(1);
    expect(guesses[0]?.pointer).toBe('/entityTypes/0/key');
    expect((await run(...args, '--tables', 'nothing.csv')).err).toMatch(/no table nothing\.csv. It has .*people\.csv/);
  });

  it('writes a file for a PostgreSQL schema, with its keys, links and types', async () => {
    const url = new URL(database);
    url.pathname = `/${source}`;
    const hr = new pg.Client({ connectionString: url.href });
    await hr.connect();
    await hr.query(`
      create table department (code text primary key, title text unique not null);
      create table employee (number int primary key, name text not null, active boolean not null, photo bytea, tags text[],
        department text references department, boss int references employee);
      insert into department values ('D1', 'Research');
      insert into employee values (1, 'Ada', true, '\\x00ff', '{a,b}', 'D1', null), (2, 'Ben', false, null, null, 'D1', 1);
      grant select on department, employee to ${source}`);
    await hr.end();
    const settings = [
      `client=postgres`,
      `database=${source}`,
      `user=${source}`,
      'tls.mode=none',
      `port=${database.port}`,
    ];
    const options = settings.flatMap((each) => ['-s', each]);
    const init = ['connectors', 'init', 'staff', '-p', 'sql', ...options];
    // without a terminal it says what to add
    expect(await run(...init)).toMatchObject({
      code: 1,
      err: expect.stringContaining('Add --setting host=…') as string,
    });
    const secret = ['--secret', 'password=env:SYNCLINE_SECRET_INIT'];
    const made = await run(...init, '-s', `host=${database.hostname}`, ...secret, '-o', at('staff.yaml'));
    expect(made.code, made.err).toBe(0);
    const { file, sync } = await accepts('staff');
    expect(file.entityTypes.find(({ name }) => name === 'Staff_Employee')).toMatchObject({
      key: ['number'],
      label: 'name',
      properties: {
        active: { column: 'active', type: 'boolean' },
        photo: { column: 'photo', type: 'binary' },
        tags: { column: 'tags', multiValued: true },
      },
      navigationProperties: {
        department: { to: 'Staff_Department', column: 'department' },
        boss: { to: 'Staff_Employee', column: 'boss' },
      },
    });
    expect(sync.counters['Staff_Employee']).toMatchObject({
      ...{ inserted: 2, rejected: 0 },
      links: { department: { inserted: 2 }, boss: { inserted: 1 } },
    });
  });

  it.skipIf(!ready)(
    ready
      ? 'writes a file for a directory, with identities, members and canaries, whose deletes are derived'
      : needs('slapd', 'ldap-utils'),
    async () => {
      const slapd = await Slapd.start();
      try {
        const people = ['a', 'b', 'c'];
        await slapd.change(
          unit('people') +
            unit('groups') +
            people.map((uid) => person(uid)).join('') +
            entry(
              `cn=all,ou=groups,${suffix}`,
              'objectClass: groupOfNames',
              'cn: all',
              ...people.map((uid) => `member: uid=${uid},ou=people,${suffix}`),
            ),
        );
        const settings = [`url=${slapd.url}`, `baseDN=${suffix}`, `bindDN=${directoryAdmin.dn}`, 'tls.plaintext=true'];
        const init = ['connectors', 'init', 'directory', '-p', 'ldap', ...settings.flatMap((each) => ['-s', each])];
        expect((await run(...init)).err).toContain('Add --secret password=env:SYNCLINE_SECRET_…');
        const secret = ['--secret', 'password=env:SYNCLINE_SECRET_LDAP'];
        const tables = ['--tables', 'inetOrgPerson', 'groupOfNames'];
        const made = await run(...init, ...secret, ...tables, '-o', at('directory.yaml'));
        expect(made.code, made.err).toBe(0);
        const { file, sync } = await accepts('directory');
        expect(file.connections[0]?.settings.tables?.['inetOrgPerson']?.canary).toEqual([
          { dn: `uid=a,ou=people,${suffix}` },
        ]);
        expect(file.entityTypes.find(({ name }) => name === 'Directory_GroupOfName')).toMatchObject({
          source: { table: 'groupOfNames', identity: 'entryUUID' },
          key: ['entryUUID'],
          navigationProperties: {
            member: { to: 'Directory_InetOrgPerson', column: 'member', by: 'dn', multiValued: true },
          },
        });
        expect(sync.counters).toMatchObject({
          Directory_InetOrgPerson: { inserted: 3, rejected: 0 },
          Directory_GroupOfName: { inserted: 1, rejected: 0, links: { member: { inserted: 3, rejected: 0 } } },
        });
        expect(sync.completeness).toMatchObject({
          inetOrgPerson: { certified: true },
          groupOfNames: { certified: true },
        });
      } finally {
        await slapd.stop();
      }
    },
  );

  it('knows the packages, and needs no network to refuse a secret that is written out', async () => {
    expect((await run('connectors', 'init', 'x', '-p', 'nothing')).err).toMatch(/There are csv, ldap/);
    expect(
      await run('connectors', 'init', 'x', '-p', 'csv', '-s', 'directory=hr', '--secret', 'password=hunter2'),
    ).toMatchObject({ code: 2, err: expect.stringContaining('never by its value') as string });
    expect((await run('connectors', 'init', 'x', '-p', 'csv', '-s', 'directory=away')).code).toBe(1);
  });

  it('discovers the tables of a file that is not saved, and keeps the discovery of the connector that has its name', async () => {
    const file = peopleAndGroups({ name: 'saved' });
    await stack.put(file, 'saved');
    const discover = (body: unknown, path: string) =>
      fetch(`${stack.api}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await stack.place('hr', { 'people.csv': csv('id,name,mail,manager') });
    const other = { ...file, connections: [{ ...file.connections[0], settings: { directory: 'elsewhere' } }] };
    await stack.place('elsewhere', { 'only.csv': csv('a,b', '1,2') });
    const found = (await (await discover(other, '/v1/connectors/schema')).json()) as {
      connections: { tables: { table: string }[] }[];
    };
    expect(found.connections[0]?.tables.map(({ table }) => table)).toEqual(['only.csv']);
    expect((await fetch(`${stack.api}/v1/connectors/saved/schema`)).status).toBe(404);
    expect((await discover({ ...other, connections: [] }, '/v1/connectors/schema')).status).toBe(422);
    await writeFile(at('unsaved.yaml'), JSON.stringify(other));
    expect((await run('connectors', 'test', '-f', at('unsaved.yaml'))).code).toBe(0);
  });
});
