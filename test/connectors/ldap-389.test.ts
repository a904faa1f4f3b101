import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Checkpoint, Connection, ConnectorPackage } from '../../connectors/package.ts';
import { cellText } from '../../domain/cell.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { DirSrv } from '../support/dirsrv.ts';
import { admin, person, readLdif, suffix, unit } from '../support/slapd.ts';
import { describePackage, read, type ShownRow, type Subject } from './suite.ts';

const ready = await hasDebian('389-ds-base', 'ldap-utils');
const people = `ou=people,${suffix}`;
const dnOf = (uid: string) => `uid=${uid},${people}`;
const adapter: ConnectorPackage = createLdapPackage({
  allow: parseOutboundAllow('127.0.0.1') as OutboundAllow,
  secretFolders: [],
});
const own = ['dn', 'parentDn', 'rdn'];

describe.skipIf(!ready)(ready ? 'on 389 Directory Server' : needs('389-ds-base', 'ldap-utils'), () => {
  let server: DirSrv;
  let canary: unknown;
  /** What its schema has for people, found once. */
  let columns: Subject['columns'] = [];
  const connection = (password = admin.password, url = server.url): Connection => ({
    name: 'directory',
    settings: adapter.settings.parse({
      url,
      bindDN: admin.dn,
      baseDN: suffix,
      pageSize: 2,
      tls: { plaintext: true },
      changes: 'syncrepl',
      tables: {
        people: {
          base: people,
          filter: '(objectClass=inetOrgPerson)',
          ...(canary === undefined ? {} : { canary }),
        },
      },
    }),
    secrets: { password },
  });
  async function reset(): Promise<void> {
    canary = [{ dn: dnOf('b'), attributes: ['cn'] }];
    const { out } = await server.run('ldapsearch', ['-s', 'sub', '-M', '-b', suffix, '1.1']);
    const names = readLdif(out).map(({ dn }) => dn);
    const below = names.filter((dn) => dn !== suffix).sort((a, b) => b.length - a.length);
    if (below.length > 0) await server.run('ldapdelete', ['-M', ...below]);
    await server.change(unit('people') + ['a', 'b', 'c', 'd', 'e'].map((uid) => person(uid)).join(''));
  }

  beforeAll(async () => {
    server = await DirSrv.start();
    await reset();
    columns = (await adapter.discover(connection())).find(({ table }) => table === 'people')?.columns ?? [];
  });
  afterAll(() => server.stop());

  const subject = (): Subject => ({
    adapter,
    connection,
    badSettings: [{ settings: { baseDN: suffix }, path: 'url' }],
    unreachable: [{ what: 'another password', connection: () => connection('canary-wrong-51d2'), code: 'credentials' }],
    table: 'people',
    tables: ['people'],
    key: ['dn'],
    columns,
    identity: 'nsUniqueId',
    reset,
    async list() {
      const { out } = await server.run('ldapsearch', ['-b', people, '(objectClass=inetOrgPerson)', '*', '+']);
      return readLdif(out).map(
        ({ dn, values }): ShownRow =>
          Object.fromEntries([
            ...[dn, people, dn.slice(0, dn.indexOf(','))].map((value, i) => [own[i] ?? '', value]),
            ...columns
              .filter(({ name }) => !own.includes(name))
              .map(({ name }) => [name, cellText(values.get(name.toLowerCase()) ?? [])]),
          ]) as ShownRow,
      );
    },
    async put(key, value) {
      const { code } = await server.run('ldapsearch', ['-s', 'base', '-b', key, '1.1']);
      const changes = `dn: ${key}\nchangetype: modify\nreplace: cn\ncn: ${value}\n\n`;
      await server.change(code === 0 ? changes : person(key.slice('uid='.length, key.indexOf(',')), value));
    },
    async remove(key) {
      await server.run('ldapdelete', [key]);
    },
    storedKey: dnOf('c'),
    freshKey: dnOf('x'),
    shows: (row, value) => row['cn'] === cellText([value]),
    sessions: {
      async connected() {
        // a connection that was closed is counted for a moment
        for (let before = NaN; ;) {
          const now = await server.connected();
          if (now === before) return now;
          before = now;
        }
      },
      snapshot: false,
    },
    incomplete: [
      {
        what: 'no canary',
        make() {
          canary = undefined;
        },
        code: 'no-canary',
      },
      {
        what: 'a reference to another server',
        make: () =>
          server.change(
            `dn: ou=elsewhere,${people}\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\nref: ldap://other.example.org/ou=elsewhere,${people}\n\n`,
          ),
        code: 'referral',
      },
    ],
    targeted: {
      proves: true,
      together: true,
      unproven: [
        {
          what: 'no canary',
          make() {
            canary = 'none';
          },
        },
      ],
    },
  });

  describePackage('ldap, of 389 Directory Server', subject);

  it('tells a person who was renamed under the same identity, and who has left the filter or the base, and reads all again if a branch was', async () => {
    await reset();
    await server.change(unit('team', people) + person('t', 'Team', `ou=team,${people}`));
    const columns = ['dn', 'uid', 'nsUniqueId'];
    const wanted = { columns, key: ['dn'], identity: 'nsUniqueId' };
    const noted = () => adapter.note?.(connection(), { table: 'people' });
    const changes = async (since: Checkpoint | undefined) => {
      if (!since) throw new Error('no place');
      return read(subject(), { mode: 'incremental', since, wanted });
    };
    const before = await noted();
    const [stored] = (await read(subject(), { wanted })).rows.filter(({ dn }) => dn === dnOf('c'));
    await server.change(`dn: ${dnOf('c')}\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1\n\n`);
    const { rows, gone, end } = await changes(before);
    expect(rows).toEqual([{ dn: dnOf('renamed'), uid: cellText(['renamed']), nsUniqueId: stored?.['nsUniqueId'] }]);
    expect(gone).toEqual([]);
    expect(end?.certificate).toEqual({ certified: true });
    // it does not say so, but what it does not name is there
    const quiet = await changes(end?.checkpoint);
    expect([quiet.rows, quiet.gone, quiet.present]).toEqual([[], [], []]);
    const found = (await read(subject(), { wanted })).rows;
    const left = ['d', 'e'].map((uid) => found.find(({ dn }) => dn === dnOf(uid))?.['nsUniqueId']);
    await server.change(
      unit('attic') +
        `dn: ${dnOf('e')}\nchangetype: modrdn\nnewrdn: uid=e\ndeleteoldrdn: 1\nnewsuperior: ou=attic,${suffix}\n\n` +
        `dn: ${dnOf('d')}\nchangetype: modify\nreplace: objectClass\nobjectClass: person\nobjectClass: uidObject\n\n`,
    );
    const later = await changes(end?.checkpoint);
    expect(later.rows).toEqual([]);
    expect(later.gone.map((row) => row['nsUniqueId'])).toEqual(expect.arrayContaining(left));
    await server.change(`dn: ou=team,${people}\nchangetype: modrdn\nnewrdn: ou=crew\ndeleteoldrdn: 1\n\n`);
    const events = [];
    const request = { table: 'people', mode: 'incremental', tables: ['people'], wanted } as const;
    const since = end?.checkpoint;
    if (!since) throw new Error('no place');
    for await (const event of adapter.read(connection(), { ...request, since })) events.push(event);
    expect(events).toMatchObject([{ kind: 'refused', code: 'branch-renamed' }]);
  });
});
