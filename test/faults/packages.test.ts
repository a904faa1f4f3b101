import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { ScimmyServer } from '../connectors/scimmy-server.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { Faults } from '../support/faults.ts';
import { admin as directoryAdmin, entry, person, Slapd, suffix, unit } from '../support/slapd.ts';
import { createSourceDatabase, type SourceDatabase } from '../support/source-database.ts';
import { Stack } from '../support/stack.ts';
import type { WebServer } from '../support/web-server.ts';
import { carryThrough } from './carry-through.ts';
import { servedSources, sqliteSource, type ServedSource } from './roster-servers.ts';
import { apiSource, ldifSource, reportSource, Roster, sheetSource, type KilledSource } from './roster.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const name = `killed_${randomBytes(6).toString('hex')}`;
const password = 'canary-killed-93be';
const token = 'canary-killed-41aa';
const people = `ou=people,${suffix}`;
const groups = `ou=groups,${suffix}`;
const points = ['export/begun', 'export/table-read', 'export/file-open', 'export/manifest-written'] as const;
const all = process.env['FAULTS'] === 'all';
/** Those whose servers not every machine has. */
const served = ['maria', 's3', 'sftp'];
const numbers = Array.from({ length: 20 }, (_, i) => i);

describe.skipIf(!ready)(ready ? 'a worker that is killed while it reads' : needs('slapd', 'ldap-utils'), () => {
  let faults: Faults;
  let stack: Stack;
  let slapd: Slapd;
  let scim: ScimmyServer;
  let hr: SourceDatabase;
  const webs: WebServer[] = [];
  const others: ServedSource[] = [];

  /** Each package with two tables of a source: how people leave and come, and which are there. */
  const sources: Record<string, KilledSource> = {
    directory: {
      connection: () => ({
        name: 'source',
        package: 'ldap',
        settings: {
          ...{ url: slapd.url, bindDN: directoryAdmin.dn, baseDN: suffix, pageSize: 3, tls: { plaintext: true } },
          changes: 'syncrepl',
          tables: {
            people: {
              base: people,
              filter: '(objectClass=inetOrgPerson)',
              canary: [{ dn: `uid=p0,${people}`, attributes: ['cn'] }],
            },
            groups: {
              base: groups,
              filter: '(objectClass=groupOfNames)',
              canary: [{ dn: `cn=all,${groups}`, attributes: ['member'] }],
            },
          },
        },
        secrets: { password: 'env:SYNCLINE_SECRET_DIRECTORY' },
      }),
      tables: { person: 'people', id: 'uid', group: 'groups', name: 'cn' },
      members: { column: 'member', by: 'dn' },
      more: { dn: { column: 'dn', format: 'dn' } },
      turn: async (left: number, came: number) => {
        await slapd.change(
          `dn: cn=all,${groups}\nchangetype: modify\ndelete: member\nmember: uid=p${String(left)},${people}\n\n`,
        );
        await slapd.run('ldapdelete', [`uid=p${String(left)},${people}`]);
        await slapd.change(person(`p${String(came)}`));
      },
    },
    database: {
      connection: () => {
        const { hostname, port } = new URL(inject('databaseAdminUrl'));
        const database = { client: 'postgres', host: hostname, port: Number(port), database: name, user: name };
        const tables = { people: { from: 'people' }, groups: { from: 'groups' } };
        return {
          ...{ name: 'source', package: 'sql', settings: { ...database, tls: { mode: 'none' }, tables } },
          secrets: { password: 'env:SYNCLINE_SECRET_DATABASE_USER' },
        };
      },
      tables: { person: 'people', id: 'id', group: 'groups', name: 'name' },
      members: { column: 'members' },
      more: {},
      turn: async (left: number, came: number) => {
        await hr.client.query(`update groups set members = array_remove(members, 'p${String(left)}')`);
        await hr.client.query(`delete from people where id = 'p${String(left)}'`);
        await hr.client.query(`insert into people values ('p${String(came)}')`);
      },
    },
    service: {
      connection: () => ({
        name: 'source',
        package: 'scim',
        settings: { baseUrl: `${scim.origin}/scim/v2`, auth: 'bearer', pageSize: 3 },
        secrets: { token: 'env:SYNCLINE_SECRET_SERVICE' },
      }),
      tables: { person: 'Users', id: 'userName', group: 'Groups', name: 'displayName' },
      members: { column: 'members[].value', by: 'id' },
      more: { id: { column: 'id' } },
      turn: (left: number, came: number) => {
        scim.users.delete(`u${String(left)}`);
        scim.put(scim.users, `u${String(came)}`, { userName: `p${String(came)}` });
        putGroup([...scim.users.keys()].filter((id) => id !== `u${String(came)}`));
        return Promise.resolve();
      },
    },
  };
  // one kill for several reads, at all points
  const together = [
    ['directory', 'database', 'service', 'sqlite', 'maria'],
    ['api', 'reports', 'sheets', 'ldif', 's3', 'sftp'],
  ].map((some) => some.filter((name) => !served.includes(name) || name in servedSources));
  const names = together.flat();
  const sourceOf = (name: string): KilledSource => {
    const found = sources[name];
    if (!found) throw new Error(`no source ${name}`);
    return found;
  };
  const putGroup = (ids: string[]) => {
    scim.put(scim.groups, 'g', { displayName: 'all', members: ids.map((value) => ({ value })) });
  };

  function connectorOf(source: string) {
    const { connection, tables, members, more } = sourceOf(source);
    return {
      ...{ apiVersion: 'syncline/v1', kind: 'Connector', name: source, thresholds: wide, windows: wideWindows },
      connections: [connection()],
      entityTypes: [
        {
          name: `${source}_Person`,
          source: { connection: 'source', table: tables.person },
          key: ['login'],
          properties: { login: { column: tables.id }, ...more },
        },
        {
          name: `${source}_Group`,
          source: { connection: 'source', table: tables.group },
          key: ['name'],
          properties: { name: { column: tables.name } },
          navigationProperties: {
            members: { to: `${source}_Person`, multiValued: true, ...members },
          },
        },
      ],
    };
  }

  beforeAll(async () => {
    faults = await Faults.create();
    slapd = await Slapd.start();
    const members = numbers.map((i) => `member: uid=p${String(i)},${people}`);
    await slapd.change(
      unit('people') +
        unit('groups') +
        numbers.map((i) => person(`p${String(i)}`)).join('') +
        entry(`cn=all,${groups}`, 'objectClass: groupOfNames', 'cn: all', ...members),
    );
    scim = await ScimmyServer.start(token);
    for (const i of numbers) scim.put(scim.users, `u${String(i)}`, { userName: `p${String(i)}` });
    putGroup([...scim.users.keys()]);
    hr = await createSourceDatabase(name, password);
    await hr.client.query(
      `create table people (id text primary key); create table groups (name text primary key, members text[]);
       grant select on people, groups to ${name};
       insert into people select 'p' || i from generate_series(0, ${String(numbers.length - 1)}) i;
       insert into groups select 'all', array_agg(id) from people`,
    );
    const roster = () => new Roster(numbers.map((i) => `p${String(i)}`));
    for (const [source, { web, source: of }] of Object.entries({
      api: await apiSource(roster()),
      reports: await reportSource(roster()),
    })) {
      webs.push(web);
      sources[source] = of;
    }
    const started = Object.entries(servedSources).map(async ([source, start]) => {
      const other = await start(roster());
      others.push(other);
      sources[source] = other.source;
    });
    await Promise.all(started);
    const secrets = others.flatMap((each) => Object.entries(each.secrets));
    stack = await Stack.start({
      ...faults.environment,
      // so many stand still at once
      SYNCLINE_WORKER_SLOTS: 'export=8',
      SYNCLINE_OUTBOUND_ALLOW: `${hr.host},127.0.0.1`,
      SYNCLINE_SECRET_DIRECTORY: directoryAdmin.password,
      SYNCLINE_SECRET_DATABASE_USER: password,
      SYNCLINE_SECRET_SERVICE: token,
      ...Object.fromEntries(secrets.map(([end, secret]) => [`SYNCLINE_SECRET_${end}`, secret])),
    });
    const place: Stack['place'] = (directory, files) => stack.place(directory, files);
    sources['sheets'] = await sheetSource(roster(), place);
    sources['ldif'] = await ldifSource(roster(), place);
    const sqlite = sqliteSource(roster(), stack.files);
    others.push(sqlite);
    sources['sqlite'] = sqlite.source;
    for (const source of names) {
      await stack.put(connectorOf(source), source);
      expect(await carryThrough(stack, source)).toMatchObject({ status: 'completed' });
    }
  }, 180_000);
  afterAll(async () => {
    await stack.stop();
    await hr.drop();
    await scim.stop();
    for (const each of [...webs, ...others]) await each.stop();
    await slapd.stop();
    await faults.remove();
  });

  const stored = async (type: string) =>
    (await stack.all<{ key: string[] }>(`/v1/entity-types/${type}/resources`)).map(({ key }) => key.join()).sort();

  // in CI every package in mid-read once
  const rounds = all ? points.map((_, i) => i) : [1];
  it.each(rounds.flatMap((round) => together.map((some) => ({ round, some }))))(
    'leaves each package where the next worker goes on: what is stored is what the source has ($some, round $round)',
    { timeout: 240_000 },
    async ({ round, some }) => {
      const standing = some.map((source, i) => ({
        source,
        point: points[(round + i) % points.length] as MarkedPoint,
      }));
      const [left, came] = [round + 1, numbers.length + round];
      const going: Promise<Sync>[] = [];
      try {
        for (const { source, point } of standing) {
          await sourceOf(source).turn(left, came);
          await faults.arm(point);
          going.push(carryThrough(stack, source));
          await faults.reached(point);
        }
        await stack.kill('worker');
      } finally {
        for (const { point } of standing) await faults.release(point);
      }
      stack.launch('worker');
      for (const sync of await Promise.all(going)) {
        expect(sync, JSON.stringify(sync)).toMatchObject({
          status: 'completed',
          applied: true,
          error: null,
          retry: null,
        });
        const [, counters] = Object.entries(sync.counters).find(([type]) => type.endsWith('_Person')) ?? [];
        expect(counters).toMatchObject({ inserted: 1, deleted: 1, updated: 0 });
      }
      for (const source of some) {
        const logins = await stored(`${source}_Person`);
        expect(logins).toContain(`p${String(came)}`);
        expect(logins).not.toContain(`p${String(left)}`);
        expect(logins).toHaveLength(numbers.length);
        // nothing was read twice, and nothing was left out
        const again = await carryThrough(stack, source);
        for (const counters of Object.values(again.counters)) {
          expect(counters).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
          for (const links of Object.values(counters.links)) expect(links).toMatchObject({ inserted: 0, deleted: 0 });
        }
      }
    },
  );
});
