import { entry, person, Slapd, suffix, unit } from './slapd.ts';
import { createSourceDatabase } from './source-database.ts';
import type { Stack } from './stack.ts';
import { sendJson, WebServer } from './web-server.ts';
import { textRow, workbook } from './workbook.ts';

/** A source of two people, the second of whom has a text where a number belongs. */
export interface CanarySource {
  /** What is behind `connections[0]`: without secrets, it has none. */
  connection: Record<string, unknown>;
  table: string;
  columns: { id: string; name: string; age: string };
  /** From now on, reads of it fail with the code, and what the source says then has the canary in it. */
  fail: () => Promise<void> | void;
  code: string;
}

/** Of each package but CSV, whose ways to fail have tests of their own. All values, and the secret, have the canary in them. */
export class CanarySources {
  readonly all: Record<string, CanarySource>;
  readonly #stops: (() => Promise<void>)[];

  private constructor(all: Record<string, CanarySource>, stops: (() => Promise<void>)[]) {
    this.all = all;
    this.#stops = stops;
  }

  /** @param secret the password or token of each server, in the environment of the stack as `SYNCLINE_SECRET_CANARY` */
  static async start(canary: string, secret: string, place: Stack['place']): Promise<CanarySources> {
    const [directory, database, web] = [
      await ldap(canary, secret),
      await sql(canary, secret),
      await webs(canary, secret),
    ];
    return new CanarySources(
      {
        ...{ ldap: directory.source, sql: database.source, ...web.sources },
        ...{ xlsx: await sheet(canary, place), ldif: await ldif(canary, place) },
      },
      [directory.stop, database.stop, web.stop],
    );
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }
}

const secrets = (name: string) => ({ secrets: { [name]: 'env:SYNCLINE_SECRET_CANARY' } });
const columns = { id: 'id', name: 'name', age: 'age' };
const entryColumns = { id: 'uid', name: 'cn', age: 'employeeNumber' };
const rows = (canary: string) => [
  { id: `${canary}-1`, name: canary, age: '5' },
  { id: `${canary}-2`, name: canary, age: canary },
];
/** LDIF of the people; what follows is part of the second. */
const entries = (canary: string) =>
  rows(canary).map(({ id, name, age }) => `${person(id, name).trimEnd()}\nemployeeNumber: ${age}\n\n`);

async function ldap(canary: string, secret: string) {
  const people = `ou=people,${suffix}`;
  const reader = `cn=reader,${suffix}`;
  const slapd = await Slapd.start();
  await slapd.change(
    entry(
      reader,
      ...['objectClass: organizationalRole', 'objectClass: simpleSecurityObject', 'cn: reader'],
      `userPassword: ${secret}`,
    ) +
      unit('people') +
      entries(canary).join(''),
  );
  const seen = `uid=${canary}-1,${people}`;
  const source: CanarySource = {
    connection: {
      ...{ package: 'ldap', ...secrets('password') },
      settings: {
        ...{ url: slapd.url, bindDN: reader, baseDN: suffix, tls: { plaintext: true } },
        tables: { people: { base: people, filter: '(uid=*)', canary: [{ dn: seen, attributes: ['cn'] }] } },
      },
    },
    ...{ table: 'people', columns: entryColumns, code: 'canary-missing' },
    fail: async () => {
      await slapd.run('ldapdelete', [seen]);
    },
  };
  return { source, stop: () => slapd.stop() };
}

async function sql(canary: string, secret: string) {
  const name = `source_${canary.replace('canary', '')}`;
  const { host, client, drop } = await createSourceDatabase(name, secret);
  // it is the source of others, and the server of our own database: what it says of the statements of the reader is not ours
  await client.query(`alter role ${name} set log_min_messages = 'panic'`);
  await client.query('create table people (id text, name text, age text)');
  for (const { id, name: called, age } of rows(canary))
    await client.query('insert into people values ($1, $2, $3)', [id, called, age]);
  await client.query(`create view shown as select * from people; grant select on shown to ${name}`);
  const { hostname, port } = new URL(`http://${host}`);
  const at = { client: 'postgres', host: hostname, port: Number(port), database: name, user: name };
  const source: CanarySource = {
    connection: {
      ...{ package: 'sql', ...secrets('password') },
      settings: { ...at, tls: { mode: 'none' }, tables: { people: { from: 'shown' } } },
    },
    ...{ table: 'people', columns, code: 'query' },
    // the message has the value that is no number
    fail: async () => {
      await client.query(
        'drop view shown; create view shown as select id, name, (age::int)::text as age from people; ' +
          `grant select on shown to ${name}`,
      );
    },
  };
  return { source, stop: drop };
}

/** Of one server: a list of SCIM, a list of an API, and a report. */
async function webs(canary: string, secret: string) {
  const web = await WebServer.start();
  const failing = new Set<string>();
  const failed = (which: string) => {
    failing.add(which);
  };
  const lines = ['id,name,age', ...rows(canary).map(({ id, name, age }) => `${id},${name},${age}`)];
  const type = 'application/scim+json';
  const people = rows(canary);
  const bad: Record<string, [path: string, body: string, headers: Record<string, string>, status?: number]> = {
    scim: [
      '/scim/Users',
      `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"403","detail":"${canary}"}`,
      { 'content-type': type },
      403,
    ],
    http: ['/people', `[{"id":"${canary}", ${canary}`, { 'content-type': 'application/json', location: canary }],
    workday: ['/owner/People', `${lines.join('\n')}\n"${canary}"x,${canary}\n`, { 'content-type': 'text/csv' }],
  };
  web.answer = ({ pathname, searchParams }, response, request) => {
    // the secret has come, as a token or with a name
    const given = request.headers.authorization ?? '';
    const [, basic = ''] = given.split('Basic ');
    if (!given.endsWith(secret) && !Buffer.from(basic, 'base64').toString().endsWith(secret))
      return void response.writeHead(401, { 'www-authenticate': canary }).end(canary);
    for (const [which, [path, body, headers, status = 200]] of Object.entries(bad))
      if (failing.has(which) && path === pathname) return void response.writeHead(status, headers).end(body);
    if (pathname === '/people') {
      sendJson(response, people);
      return;
    }
    if (pathname === '/scim/Users') {
      const listed = people.slice(Number(searchParams.get('startIndex') ?? 1) - 1);
      sendJson(response, { totalResults: people.length, Resources: listed }, { 'content-type': type });
      return;
    }
    if (pathname === '/owner/People') return void response.end(`${lines.join('\n')}\n`);
    return void response.writeHead(404, { 'content-type': type }).end(`{"detail":"${canary}"}`);
  };
  const sources: Record<string, CanarySource> = {
    scim: {
      connection: { package: 'scim', settings: { baseUrl: `${web.origin}/scim` }, ...secrets('token') },
      ...{ table: 'Users', columns, code: 'credentials' },
      fail: () => {
        failed('scim');
      },
    },
    http: {
      connection: {
        ...{ package: 'http', ...secrets('token') },
        settings: { baseUrl: web.origin, auth: 'bearer', tables: { people: { path: '/people' } } },
      },
      ...{ table: 'people', columns, code: 'bad-body' },
      fail: () => {
        failed('http');
      },
    },
    workday: {
      connection: {
        ...{ package: 'workday', ...secrets('password') },
        settings: { baseUrl: web.origin, user: 'reader', tables: { people: { report: 'owner/People' } } },
      },
      ...{ table: 'people', columns, code: 'bad-body' },
      fail: () => {
        failed('workday');
      },
    },
  };
  return { sources, stop: () => web.stop() };
}

async function sheet(canary: string, place: Stack['place']): Promise<CanarySource> {
  const write = (...header: string[]) => {
    const cells = [header, ...rows(canary).map(({ id, name, age }) => [id, name, age])];
    const data = cells.map((each, i) => textRow(i + 1, ...each)).join('');
    return place('canary-sheet', { 'book.xlsx': workbook({ sheets: { People: data } }) });
  };
  await write('id', 'name', 'age');
  return {
    connection: { package: 'xlsx', settings: { directory: 'canary-sheet' } },
    ...{ table: 'book.xlsx#People', columns, code: 'duplicate-header' },
    fail: () => write(canary, canary, 'age'),
  };
}

async function ldif(canary: string, place: Stack['place']): Promise<CanarySource> {
  const content = entries(canary).join('').replaceAll('changetype: add\n', '');
  await place('canary-ldif', { 'people.ldif': content });
  return {
    connection: { package: 'ldif', settings: { directory: 'canary-ldif' } },
    ...{ table: 'people.ldif', columns: entryColumns, code: 'unsupported-file' },
    // a line that is none in the middle, and one at the end
    fail: () =>
      place('canary-ldif', { 'people.ldif': `${content}dn: uid=${canary}\n${canary} ${canary}\n\n${canary}` }),
  };
}
