import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ldapSettings } from '../../connectors/ldap/settings.ts';
import { createLdapWritePackage } from '../../connectors/ldap/write/index.ts';
import { partsOf } from '../../connectors/ldap/write/names.ts';
import type { OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Attributes, AttributeValue } from '../../connectors/write-package.ts';
import { LdapWriteProxy } from '../support/ldap-write-proxy.ts';
import { administrator, domain, type Samba } from '../support/samba.ts';
import { describeWriting, type WriteSubject } from './write-suite.ts';

/** Writing to a domain controller that other tests read, in a branch of its own. */

const written = `OU=Written,${domain}`;
const userAttributes = ['dn', 'objectClass', 'sAMAccountName', 'userPrincipalName', 'cn', 'title', 'mail'];
const groupAttributes = ['dn', 'objectClass', 'sAMAccountName'];

const user = (n: number): Attributes => ({
  dn: { rdn: { CN: `User, ${String(n)}` }, parent: written },
  objectClass: ['organizationalPerson', 'person', 'top', 'user'],
  sAMAccountName: `wuser${String(n)}`,
  userPrincipalName: `wuser${String(n)}@example.org`,
  cn: `User, ${String(n)}`,
  title: 'Engineer',
  mail: `wuser${String(n)}@example.org`,
});
const group = (n: number): Attributes => ({
  dn: { rdn: { CN: `Group ${String(n)}` }, parent: written },
  objectClass: ['group', 'top'],
  sAMAccountName: `wgroup${String(n)}`,
});

export function describeWritingToSamba(samba: () => Samba, allow: OutboundAllow): void {
  let proxy: LdapWriteProxy;
  const writes = createLdapWritePackage({ allow, secretFolders: [] });
  beforeAll(async () => {
    proxy = await LdapWriteProxy.start(() => ({ host: samba().address, port: 389 }));
    await samba().change(`dn: ${written}\nchangetype: add\nobjectClass: organizationalUnit\n\n`);
  });
  afterAll(() => proxy.stop());

  const listed = (kind: 'user' | 'group') => samba().list(written, `(objectClass=${kind})`, '*');
  const idOf = (values: ReadonlyMap<string, Buffer[]>) => values.get('objectguid')?.[0]?.toString('hex') ?? '';

  const open = (kind: 'user' | 'group') =>
    writes.open(
      {
        name: 'ad',
        settings: ldapSettings.parse({
          url: proxy.url,
          bindDN: administrator.name,
          baseDN: domain,
          timeout: '20s',
          tls: { plaintext: true },
          disable: 'activeDirectory',
          anchor: 'extensionName',
        }),
        secrets: { password: administrator.password },
      },
      { kind, attributes: kind === 'user' ? userAttributes : groupAttributes },
    );
  const reset = async () => {
    const all = [...(await listed('group')), ...(await listed('user'))];
    await samba().change(all.map(({ dn }) => `dn: ${dn}\nchangetype: delete\n\n`).join(''));
  };

  it('is renamed, moved, and disabled with its other flags, and tells of names that are taken', async () => {
    await reset();
    const users = await open('user');
    try {
      const { id } = await users.create(user(1), { anchor: null });
      const at = async () => (await listed('user')).find(({ values }) => idOf(values) === id);
      await users.update(id, { cn: 'Other\\, name', title: 'Chief' });
      expect((await users.readById(id))?.attributes).toMatchObject({
        dn: { rdn: { CN: 'Other\\, name' }, parent: written },
        title: 'Chief',
      });
      const parent = `CN=Users,${domain}`;
      await users.update(id, { dn: { rdn: { CN: 'Moved' }, parent }, cn: 'Moved' });
      expect((await users.readById(id))?.attributes['dn']).toEqual({ rdn: { CN: 'Moved' }, parent });
      await users.update(id, { dn: user(1)['dn'] ?? null, cn: 'User, 1' });
      const neverExpires = 0x10000;
      const flags = `changetype: modify\nreplace: userAccountControl\nuserAccountControl: ${String(512 + neverExpires)}\n\n`;
      await samba().change(`dn: ${(await at())?.dn ?? ''}\n${flags}`);
      for (const enabled of [false, true]) {
        await (enabled ? users.enable(id) : users.disable(id));
        const now = Number((await at())?.values.get('useraccountcontrol')?.[0]);
        expect(now).toBe((enabled ? 512 : 514) + neverExpires);
      }
      const { id: second } = await users.create(user(2), { anchor: null });
      const taken = users.update(second, { userPrincipalName: 'wuser1@example.org' });
      await expect(taken).rejects.toMatchObject({ kind: 'exists', code: 'not-unique' });
    } finally {
      await users.close();
    }
  });

  it('sets the password of a new account', async () => {
    await reset();
    const users = await open('user');
    const password = 'Canary-5b2e-Écran';
    const entersBy = (given: string) =>
      promisify(execFile)('ldapsearch', [
        ...['-x', '-H', samba().url, '-D', 'wuser1@example.org', '-w', given],
        ...['-s', 'base', '-b', '', '1.1'],
      ]).then(
        () => true,
        () => false,
      );
    try {
      await users.create({ ...user(1), unicodePwd: password }, { anchor: null });
      expect(await entersBy(password)).toBe(true);
      expect(await entersBy('another')).toBe(false);
    } finally {
      await users.close();
    }
  });

  describeWriting('ldap, at Samba', (): WriteSubject => ({
    open,
    reset,
    user,
    group,
    login: 'sAMAccountName',
    odd: ['*', ')(sAMAccountName=*', 'wuser1)(|(cn=*'],
    plain: { attribute: 'mail', value: 'other@example.org' },
    cleared: 'title',
    async seen(kind) {
      const attributes = kind === 'user' ? userAttributes : groupAttributes;
      return new Map(
        (await listed(kind)).map(({ dn, values }) => [idOf(values), { attributes: shown(dn, values, attributes) }]),
      );
    },
    async membersSeen(id) {
      const users = new Map((await listed('user')).map(({ dn, values }) => [dn, idOf(values)]));
      const found = (await listed('group')).find(({ values }) => idOf(values) === id);
      return (found?.values.get('member') ?? []).map((dn) => users.get(dn.toString()) ?? dn.toString());
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
      proxy.spoil({ kind: 'answered', result: 50, said: '00000005: insufficient access rights' });
    },
    groups: true,
    keepsAnchor: true,
  }));
}

function shown(dn: string, values: ReadonlyMap<string, Buffer[]>, attributes: readonly string[]): Attributes {
  const of = (name: string): AttributeValue => {
    if (name === 'dn') return partsOf(dn);
    const found = (values.get(name.toLowerCase()) ?? []).map(String).sort();
    return found.length > 1 ? found : (found[0] ?? null);
  };
  const all = attributes.map((each): [string, AttributeValue] => [each, of(each)]);
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}
