import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ldapSettings } from '../../connectors/ldap/settings.ts';
import { createLdapWritePackage } from '../../connectors/ldap/write/index.ts';
import { partsOf } from '../../connectors/ldap/write/names.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import {
  WriteError,
  type AccountWriter,
  type Attributes,
  type AttributeValue,
} from '../../connectors/write-package.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { LdapWriteProxy } from '../support/ldap-write-proxy.ts';
import { admin, entry, readLdif, Slapd, suffix, unit } from '../support/slapd.ts';
import { describeWriting, type WriteSubject } from './write-suite.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const allow = parseOutboundAllow('127.0.0.1');
if (typeof allow === 'string') throw new Error(allow);
const writes = createLdapWritePackage({ allow, secretFolders: [] });

const people = `ou=people,${suffix}`;
const staff = `ou=staff,${suffix}`;
const groups = `ou=groups,${suffix}`;
const placeholder = `cn=nobody,${suffix}`;
const userAttributes = ['dn', 'objectClass', 'uid', 'cn', 'sn', 'mail', 'title', 'telephoneNumber'];
const groupAttributes = ['dn', 'objectClass', 'cn'];

const user = (n: number): Attributes => ({
  dn: { rdn: { uid: `user${String(n)}` }, parent: people },
  objectClass: 'inetOrgPerson',
  uid: `user${String(n)}`,
  cn: `Given ${String(n)}, "Family" + <Co>`,
  sn: 'Family',
  mail: `user${String(n)}@example.org`,
  title: 'Engineer',
  telephoneNumber: ['+33 1 23 45', '+33 6 78 90'],
});
const group = (n: number): Attributes => ({
  dn: { rdn: { cn: `Group ${String(n)}` }, parent: groups },
  objectClass: 'groupOfNames',
  cn: `Group ${String(n)}`,
});

/** An overlay of the server's makes an address unique; a policy makes locks count. */
const database = `index mail eq
overlay unique
unique_uri ldap:///?mail?sub
overlay ppolicy
ppolicy_default cn=policy,${suffix}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,${suffix}" read by anonymous auth by * none
`;
const policy = entry(
  `cn=policy,${suffix}`,
  'objectClass: device',
  'objectClass: pwdPolicy',
  'cn: policy',
  'pwdAttribute: userPassword',
  'pwdLockout: TRUE',
);

const settingsOf = (more: object) =>
  ldapSettings.parse({
    bindDN: admin.dn,
    baseDN: suffix,
    timeout: '5s',
    tls: { plaintext: true },
    disable: 'passwordPolicy',
    anchor: 'employeeNumber',
    placeholderMember: placeholder,
    ...more,
  });

describe.skipIf(!ready)(ready ? 'a directory that is written to' : needs('slapd', 'ldap-utils'), () => {
  let slapd: Slapd;
  let proxy: LdapWriteProxy;
  beforeAll(async () => {
    slapd = await Slapd.start({ database, global: 'moduleload unique\nmoduleload ppolicy' });
    proxy = await LdapWriteProxy.start(() => ({ host: '127.0.0.1', port: slapd.port }));
  });
  afterAll(async () => {
    await proxy.stop();
    await slapd.stop();
  });

  const reset = async () => {
    await slapd.clear();
    await slapd.change(policy + unit('people') + unit('staff') + unit('groups'));
  };
  const connection = (more: object = {}, password = admin.password) => ({
    name: 'directory',
    settings: settingsOf({ url: proxy.url, ...more }),
    secrets: { password },
  });
  const open = (kind: 'user' | 'group', more: object = {}): Promise<AccountWriter> =>
    writes.open(connection(more), { kind, attributes: kind === 'user' ? userAttributes : groupAttributes });
  const listed = async (kind: 'user' | 'group') => {
    const filter = kind === 'user' ? '(objectClass=inetOrgPerson)' : '(objectClass=groupOfNames)';
    return readLdif(await slapd.list(suffix, filter, '*', '+'));
  };

  describeWriting('ldap, at OpenLDAP', (): WriteSubject => ({
    open,
    reset,
    user,
    group,
    login: 'uid',
    odd: ['*', ')(uid=*', 'user1)(|(uid=*', '\\2a', 'us*'],
    plain: { attribute: 'mail', value: 'other@example.org' },
    cleared: 'title',
    async seen(kind) {
      const attributes = kind === 'user' ? userAttributes : groupAttributes;
      return new Map(
        (await listed(kind)).map(({ dn, values }) => [
          values.get('entryuuid')?.[0] ?? '',
          { attributes: shown(dn, values, attributes) },
        ]),
      );
    },
    async membersSeen(id) {
      const all = [...(await listed('group')), ...(await listed('user'))];
      const idOf = (dn: string) => all.find((each) => each.dn === dn)?.values.get('entryuuid')?.[0];
      const members = all.find(({ values }) => values.get('entryuuid')?.[0] === id)?.values.get('member') ?? [];
      return members.filter((dn) => dn !== placeholder).map((dn) => idOf(dn) ?? dn);
    },
    writes: () => proxy.writes.length,
    loseAnswer: () => {
      proxy.spoil({ kind: 'lost' });
    },
    busy: [
      {
        what: 'busy',
        make: () => {
          proxy.spoil({ kind: 'answered', result: 51 });
        },
      },
    ],
    refuseCredentials: () => {
      proxy.spoil({ kind: 'answered', result: 50, said: 'no write access to parent' });
    },
    groups: true,
    keepsAnchor: true,
  }));

  describe('by what only directories do', () => {
    let users: AccountWriter;
    beforeEach(async () => {
      await reset();
      users = await open('user');
    });
    afterEach(() => users.close());
    const make = async (n: number, more: Attributes = {}, enabled = true) =>
      (await users.create({ ...user(n), ...more }, { anchor: null, enabled })).id;
    const failed = async (what: Promise<unknown>) => {
      const error: unknown = await what.catch((thrown: unknown) => thrown);
      if (!(error instanceof WriteError)) throw error;
      return error;
    };
    const valuesOf = async (id: string) =>
      (await listed('user')).find(({ values }) => values.get('entryuuid')?.[0] === id);

    it.each([
      'comma, and "quotes"',
      'plus+equals=semicolon;',
      '#hash',
      ' space ',
      'back\\',
      'ends, with back\\',
      'less < more >',
      'Zoë 山田',
    ])('names an entry %j, and finds it by its name', async (uid) => {
      const dn = { rdn: { uid }, parent: people };
      const id = await make(1, { dn, uid });
      expect((await users.find([{ dn }])).map((each) => each.id)).toEqual([id]);
      expect((await valuesOf(id))?.values.get('uid')).toEqual([uid]);
      const moved = { rdn: { uid: `${uid},x` }, parent: staff };
      await users.update(id, { dn: moved, uid: `${uid},x` });
      expect((await users.readById(id))?.attributes).toMatchObject({ dn: moved, uid: `${uid},x` });
      expect((await valuesOf(id))?.values.get('uid')).toEqual([`${uid},x`]);
    });

    it('renames and moves in one request, and changes the other values in another', async () => {
      const id = await make(1);
      const dn = { rdn: { uid: 'renamed' }, parent: staff };
      proxy.writes.length = 0;
      await users.update(id, { dn, uid: 'renamed', title: 'Chief' });
      expect(proxy.writes).toEqual(['rename', 'modify']);
      const changed = { ...user(1), dn, uid: 'renamed', title: 'Chief' };
      expect((await users.readById(id))?.attributes).toEqual(changed);
      // what is so already is not sent again
      await users.update(id, { dn, uid: 'renamed', title: 'Chief' });
      expect(proxy.writes).toEqual(['rename', 'modify']);
    });

    it('changes the letters of a name', async () => {
      const id = await make(1);
      await users.update(id, { uid: 'USER1' });
      expect((await valuesOf(id))?.dn).toBe(`uid=USER1,${people}`);
      expect((await valuesOf(id))?.values.get('uid')).toEqual(['USER1']);
    });

    it('moves nobody where nothing is, and makes nobody there', async () => {
      const id = await make(1);
      const dn = { rdn: { uid: 'user1' }, parent: `ou=nowhere,${suffix}` };
      expect(await failed(users.update(id, { dn, title: 'Chief' }))).toMatchObject({ kind: 'terminal', field: 'dn' });
      expect((await users.readById(id))?.attributes).toEqual(user(1));
      expect(await failed(make(2, { dn }))).toMatchObject({ kind: 'terminal', field: 'dn' });
    });

    it('tells of a value that only one entry may have, and names its attribute', async () => {
      await make(1);
      const second = await make(2);
      const mail = 'user1@example.org';
      const taken = await failed(users.update(second, { mail }));
      expect(taken).toMatchObject({ kind: 'exists', code: 'not-unique' });
      expect(taken.message).not.toContain(mail);
      expect(await failed(make(3, { mail }))).toMatchObject({ kind: 'exists', code: 'account-exists' });
    });

    it('tells of a value that is missing, and of one that does not fit', async () => {
      expect(await failed(make(1, { sn: null }))).toMatchObject({ code: 'required-missing', field: 'sn' });
      const wrong = await failed(make(1, { mail: 'Zoë 山田' }));
      expect(wrong).toMatchObject({ kind: 'terminal', code: 'target-rejected', field: 'mail' });
      expect(wrong.message).not.toContain('山田');
      expect(await listed('user')).toEqual([]);
    });

    it('lets nobody in who is disabled', async () => {
      const secret = { userPassword: 'canary-user-5b2e' };
      const entersAs = async (n: number) =>
        (
          await slapd.run('ldapsearch', [
            ...['-D', `uid=user${String(n)},${people}`, '-w', secret.userPassword],
            ...['-s', 'base', '-b', '', '1.1'],
          ])
        ).code === 0;
      const id = await make(1, secret);
      await make(2, secret, false);
      expect(await entersAs(1)).toBe(true);
      expect(await entersAs(2)).toBe(false);
      await users.disable(id);
      expect(await entersAs(1)).toBe(false);
      await users.enable(id);
      expect(await entersAs(1)).toBe(true);
      expect((await users.readById(id))?.attributes).not.toHaveProperty('userPassword');
    });

    it('disables by a value of an attribute, or not at all', async () => {
      const id = await make(1);
      const by = await open('user', { disable: { attribute: 'employeeType', value: 'gone' } });
      for (const enabled of [false, false, true, true]) {
        await (enabled ? by.enable(id) : by.disable(id));
        expect((await by.readById(id))?.enabled).toBe(enabled);
        expect((await valuesOf(id))?.values.get('employeetype')).toEqual(enabled ? undefined : ['gone']);
      }
      await by.close();
      const never = await open('user', { disable: undefined });
      expect(never.capabilities).toMatchObject({ disable: false, enable: false });
      expect((await never.readById(id))?.enabled).toBeNull();
      expect(await failed(never.disable(id))).toMatchObject({ kind: 'terminal', code: 'capability-missing' });
      await never.close();
    });

    it('deletes nobody who has the name by now', async () => {
      const id = await make(1);
      proxy.before = async () => {
        const renamed = `dn: uid=user1,${people}\nchangetype: modrdn\nnewrdn: uid=other\ndeleteoldrdn: 1\n\n`;
        await slapd.change(
          renamed +
            entry(`uid=user1,${people}`, 'objectClass: inetOrgPerson', 'uid: user1', 'cn: Another', 'sn: Another'),
        );
      };
      expect(await failed(users.delete(id))).toMatchObject({ kind: 'transient' });
      expect((await listed('user')).map(({ dn }) => dn).sort()).toEqual([`uid=other,${people}`, `uid=user1,${people}`]);
      await users.delete(id);
      expect((await listed('user')).map(({ dn }) => dn)).toEqual([`uid=user1,${people}`]);
    });

    it('keeps classes that others have added, and writes bytes', async () => {
      const photo = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x10]).toString('base64');
      const id = await make(1, { jpegPhoto: photo, objectClass: ['inetOrgPerson', 'uidObject'] });
      await users.update(id, { objectClass: ['inetOrgPerson', 'simpleSecurityObject'], userPassword: 'x' });
      expect((await valuesOf(id))?.values.get('objectclass')?.sort()).toEqual([
        'inetOrgPerson',
        'simpleSecurityObject',
        'uidObject',
      ]);
      const shows = await writes.open(connection(), { kind: 'user', attributes: ['jpegPhoto'] });
      expect((await shows.readById(id))?.attributes).toEqual({ jpegPhoto: photo });
      await shows.close();
    });

    it('logs in again where the directory has ended the connection', async () => {
      const id = await make(1);
      proxy.cut();
      await expect.poll(() => users.readById(id).catch(() => null)).toMatchObject({ id });
    });

    it('writes several at once, each by a login of its own', async () => {
      const before = proxy.logins;
      const ids = await Promise.all([1, 2, 3, 4].map((n) => make(n)));
      expect(new Set(ids).size).toBe(4);
      // that of the beginning is used, too
      expect(proxy.logins - before).toBe(3);
      await Promise.all(ids.map((id) => users.delete(id)));
      expect(proxy.logins - before).toBe(3);
    });

    it('tells that it may not log in', async () => {
      const refused = writes.open(connection({}, 'wrong'), { kind: 'user', attributes: [] });
      expect(await failed(refused)).toMatchObject({ kind: 'credentials', code: 'target-credentials' });
    });

    it('makes no member of who is gone, and lets who is gone leave', async () => {
      const [one, two] = [await make(1), await make(2)];
      const of = await open('group');
      const { id } = await of.create(group(1), { anchor: null });
      await of.addMembers(id, [one]);
      await users.delete(two);
      expect(await failed(of.addMembers(id, [two]))).toMatchObject({ kind: 'missing' });
      await of.removeMembers(id, [one, two]);
      expect((await listed('group'))[0]?.values.get('member')).toEqual([placeholder]);
      await of.close();
    });
  });
});

describe('a profile for a directory', () => {
  const problems = (attributes: string[], match: string[] = ['uid'], directoryNames = ['dn']) =>
    writes
      .checkProfile(settingsOf({ url: 'ldaps://a' }), { kind: 'user', attributes, match, directoryNames })
      .map(({ code, attribute }) => `${code} ${attribute ?? ''}`);

  it('needs a name and classes, and leaves alone what others write', () => {
    expect(problems(userAttributes)).toEqual([]);
    expect(problems([...userAttributes, 'employeeNumber', 'userPassword', 'cn;lang-fr'])).toEqual([]);
    expect(problems(['uid'])).toEqual(['required-missing dn', 'required-missing objectClass']);
    expect(problems(userAttributes, ['uid'], [])).toEqual(['wrong-form dn']);
    const others = ['entryUUID', 'Member', 'pwdAccountLockedTime', 'no name', 'memberOf'];
    expect(problems([...userAttributes, ...others], ['userPassword'])).toEqual([
      'reserved-attribute entryUUID',
      'reserved-attribute Member',
      'reserved-attribute pwdAccountLockedTime',
      'unknown-attribute no name',
      'reserved-attribute memberOf',
      'capability-missing userPassword',
    ]);
    // an entry may be looked for by what the directory writes
    expect(problems(userAttributes, ['entryUUID'])).toEqual([]);
  });
});

function shown(dn: string, values: ReadonlyMap<string, string[]>, attributes: readonly string[]): Attributes {
  const of = (name: string): AttributeValue => {
    if (name === 'dn') return partsOf(dn);
    const found = [...(values.get(name.toLowerCase()) ?? [])].sort();
    return found.length > 1 ? found : (found[0] ?? null);
  };
  const all = attributes.map((each): [string, AttributeValue] => [each, of(each)]);
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}
