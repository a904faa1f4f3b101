import { entry, person, suffix } from '../support/slapd.ts';
import { sendJson, WebServer } from '../support/web-server.ts';
import { textRow, workbook } from '../support/workbook.ts';

type Place = (directory: string, files: Record<string, string | Buffer>) => Promise<void>;

/** A source as the test needs it: how it is connected, what its columns are called, and how one leaves and one comes. */
export interface KilledSource {
  connection: () => object;
  tables: { person: string; id: string; group: string; name: string };
  members: { column: string; by?: string; separator?: string };
  /** More properties of a person. */
  more: Record<string, object>;
  turn: (left: number, came: number) => Promise<void>;
}

/** People and one group of them, as systems have them that are files or one web service. */
export class Roster {
  readonly #people: string[];
  readonly #members: string[];

  constructor(logins: readonly string[]) {
    this.#people = [...logins];
    this.#members = [...logins];
  }

  turn(left: number, came: number): void {
    for (const list of [this.#people, this.#members]) list.splice(list.indexOf(`p${String(left)}`), 1);
    this.#people.push(`p${String(came)}`);
  }

  get people(): readonly string[] {
    return this.#people;
  }

  get members(): readonly string[] {
    return this.#members;
  }
}

export const flat = {
  members: { column: 'members', separator: ';' },
  more: {},
} as const;

/** @param write what the system has now */
export const turned =
  (roster: Roster, write: () => Promise<void> = () => Promise.resolve()) =>
  (left: number, came: number): Promise<void> => {
    roster.turn(left, came);
    return write();
  };

/** An API with pages. */
export async function apiSource(roster: Roster): Promise<{ web: WebServer; source: KilledSource }> {
  const web = await WebServer.start();
  web.answer = ({ pathname, searchParams }, response) => {
    const all = {
      '/people': roster.people.map((login) => ({ login })),
      '/groups': [{ name: 'all', members: roster.members }],
    }[pathname];
    if (!all) return void response.writeHead(404).end();
    const at = Number(searchParams.get('offset') ?? 0);
    sendJson(response, { rows: all.slice(at, at + 5), count: all.length });
  };
  const table = (path: string, id: string) => ({
    ...{ path, records: 'rows', id },
    paging: { kind: 'offset', size: { parameter: 'limit', value: 5 }, total: 'count' },
  });
  return {
    web,
    source: {
      connection: () => ({
        ...{ name: 'source', package: 'http' },
        settings: {
          ...{ baseUrl: web.origin, auth: 'none' },
          tables: { people: table('people', 'login'), groups: table('groups', 'name') },
        },
      }),
      tables: { person: 'people', id: 'login', group: 'groups', name: 'name' },
      ...{ members: { column: 'members' }, more: {} },
      turn: turned(roster),
    },
  };
}

/** Reports as documents of CSV. */
export async function reportSource(roster: Roster): Promise<{ web: WebServer; source: KilledSource }> {
  const web = await WebServer.start();
  web.answer = ({ pathname }, response) => {
    const lines = {
      '/owner/People': ['login', ...roster.people],
      '/owner/Groups': ['name,members', `all,${roster.members.join(';')}`],
    }[pathname];
    if (!lines) return void response.writeHead(404).end();
    response.end(lines.map((line) => `${line}\n`).join(''));
  };
  return {
    web,
    source: {
      connection: () => ({
        ...{ name: 'source', package: 'workday', secrets: { password: 'env:SYNCLINE_SECRET_SERVICE' } },
        settings: {
          ...{ baseUrl: web.origin, user: 'reader' },
          tables: { people: { report: 'owner/People' }, groups: { report: 'owner/Groups' } },
        },
      }),
      tables: { person: 'people', id: 'login', group: 'groups', name: 'name' },
      ...flat,
      turn: turned(roster),
    },
  };
}

/** A workbook with two sheets. */
export async function sheetSource(roster: Roster, place: Place): Promise<KilledSource> {
  const write = () => {
    const people = [['login'], ...roster.people.map((login) => [login])];
    const groups = [
      ['name', 'members'],
      ['all', roster.members.join(';')],
    ];
    const rows = (of: string[][]) => of.map((cells, i) => textRow(i + 1, ...cells)).join('');
    return place('sheets', { 'book.xlsx': workbook({ sheets: { People: rows(people), Groups: rows(groups) } }) });
  };
  await write();
  return {
    connection: () => ({ name: 'source', package: 'xlsx', settings: { directory: 'sheets' } }),
    tables: { person: 'book.xlsx#People', id: 'login', group: 'book.xlsx#Groups', name: 'name' },
    ...flat,
    turn: turned(roster, write),
  };
}

/** Content records of a directory, in two files. */
export async function ldifSource(roster: Roster, place: Place): Promise<KilledSource> {
  const content = (entries: string[]) => entries.join('').replaceAll('changetype: add\n', '');
  const members = () => roster.members.map((login) => `member: uid=${login},ou=people,${suffix}`);
  const write = () =>
    place('ldif', {
      'people.ldif': content(roster.people.map((login) => person(login))),
      'groups.ldif': content([entry(`cn=all,${suffix}`, 'objectClass: groupOfNames', 'cn: all', ...members())]),
    });
  await write();
  return {
    connection: () => ({ name: 'source', package: 'ldif', settings: { directory: 'ldif' } }),
    tables: { person: 'people.ldif', id: 'uid', group: 'groups.ldif', name: 'cn' },
    members: { column: 'member', by: 'dn' },
    more: { dn: { column: 'dn', format: 'dn' } },
    turn: turned(roster, write),
  };
}
