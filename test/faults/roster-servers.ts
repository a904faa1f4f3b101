import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { hasDebian, type DebianPackage } from '../support/debian.ts';
import { Moto } from '../support/moto.ts';
import { hasPython } from '../support/python.ts';
import { mariaDbSource } from '../support/source-server.ts';
import { Sshd } from '../support/sshd.ts';
import { flat, turned, type KilledSource, type Roster } from './roster.ts';

/** A source on a server of its own, or on none. */
export interface ServedSource {
  source: KilledSource;
  /** Secrets that the worker gets, by the ends of their names. */
  secrets: Record<string, string>;
  stop: () => Promise<void>;
}

const has = (name: DebianPackage) => hasDebian(name);
const password = 'canary-killed-0b6d';
const insert = (logins: readonly string[], members: readonly string[]) => [
  'delete from people',
  'delete from teams',
  `insert into people values ${logins.map((login) => `('${login}')`).join()}`,
  `insert into teams values ('all', '${members.join(';')}')`,
];
const create = [
  'create table people (id varchar(20) primary key)',
  'create table teams (name varchar(20) primary key, members text)',
];
const asTables = { person: 'people', id: 'id', group: 'teams', name: 'name' };
const sqlTables = { people: { from: 'people' }, teams: { from: 'teams' } };

async function maria(roster: Roster): Promise<ServedSource> {
  const { settings, write, stop } = await mariaDbSource(password);
  const fill = () => write(...insert(roster.people, roster.members));
  await write(...create);
  await fill();
  return {
    source: {
      connection: () => ({
        ...{ name: 'source', package: 'sql', secrets: { password: 'env:SYNCLINE_SECRET_MARIA' } },
        settings: { ...settings, tables: sqlTables },
      }),
      tables: asTables,
      ...flat,
      turn: turned(roster, fill),
    },
    ...{ secrets: { MARIA: password }, stop },
  };
}

/** @param folder below a file root */
export function sqliteSource(roster: Roster, folder: string): ServedSource {
  const database = new Sqlite(join(folder, 'staff.db'));
  const run = (statements: string[]) => {
    database.transaction(() => {
      for (const each of statements) database.exec(each);
    })();
  };
  // readers and writers do not wait for each other
  database.pragma('journal_mode = wal');
  const fill = () => {
    run(insert(roster.people, roster.members));
    return Promise.resolve();
  };
  run(create);
  void fill();
  return {
    source: {
      connection: () => ({
        ...{ name: 'source', package: 'sql' },
        settings: { client: 'sqlite', file: 'staff.db', tables: sqlTables },
      }),
      tables: asTables,
      ...flat,
      turn: turned(roster, fill),
    },
    secrets: {},
    stop: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

const csvTables = { person: 'people.csv', id: 'login', group: 'groups.csv', name: 'name' };
const files = (roster: Roster): [string, string][] => [
  ['people.csv', ['login', ...roster.people, ''].join('\n')],
  ['groups.csv', `name,members\nall,${roster.members.join(';')}\n`],
];

async function s3(roster: Roster): Promise<ServedSource> {
  const moto = await Moto.start();
  const fill = async () => {
    for (const [name, text] of files(roster)) await moto.put(`hr/${name}`, text);
  };
  await fill();
  return {
    source: {
      connection: () => ({
        ...{ name: 'source', package: 'csv' },
        settings: { location: { s3: { bucket: moto.bucket, prefix: 'hr', endpoint: moto.origin } } },
        secrets: { accessKeyId: 'env:SYNCLINE_SECRET_KEY_ID', secretAccessKey: 'env:SYNCLINE_SECRET_KEY' },
      }),
      tables: csvTables,
      ...flat,
      turn: turned(roster, fill),
    },
    secrets: { KEY_ID: moto.reader.accessKeyId, KEY: moto.reader.secretAccessKey },
    stop: () => moto.stop(),
  };
}

async function sftp(roster: Roster): Promise<ServedSource> {
  const sshd = await Sshd.start();
  const fill = async () => {
    for (const [name, text] of files(roster)) await writeFile(sshd.path(name), text);
  };
  await fill();
  const { port, user, hostKey } = sshd;
  return {
    source: {
      connection: () => ({
        ...{ name: 'source', package: 'csv', secrets: { privateKey: 'env:SYNCLINE_SECRET_PRIVATE_KEY' } },
        settings: { directory: 'files', location: { sftp: { host: '127.0.0.1', port, user, hostKey } } },
      }),
      tables: csvTables,
      ...flat,
      turn: turned(roster, fill),
    },
    secrets: { PRIVATE_KEY: sshd.privateKey },
    stop: () => sshd.stop(),
  };
}

/** What this machine has of them; how each is started. */
export const servedSources: Record<string, (roster: Roster) => Promise<ServedSource>> = {
  ...((await has('mariadb-server')) ? { maria } : {}),
  ...((await hasPython('moto_server')) ? { s3 } : {}),
  ...((await has('openssh-server')) ? { sftp } : {}),
};
