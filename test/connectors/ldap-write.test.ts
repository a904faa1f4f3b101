import { afterAll, beforeAll, describe } from 'vitest';
import { ldapSettings } from '../../connectors/ldap/settings.ts';
import { createLdapWritePackage } from '../../connectors/ldap/write/index.ts';
import { partsOf } from '../../connectors/ldap/write/names.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import type { AccountWriter, Attributes, AttributeValue } from '../../connectors/write-package.ts';
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
  const open = (kind: 'user' | 'group', more: object = {}): Promise<AccountWriter> =>
    writes.open(
      {
        name: 'directory',
        settings: ldapSettings.parse({
          url: proxy.url,
          bindDN: admin.dn,
          baseDN: suffix,
          timeout: '5s',
          tls: { plaintext: true },
          disable: 'passwordPolicy',
          anchor: 'employeeNumber',
          placeholderMember: placeholder,
          ...more,
        }),
        secrets: { password: admin.password },
      },
      { kind, attributes: kind === 'user' ? userAttributes : groupAttributes },
    );
  const listed = async (kind: 'user' | 'group') => {
    const filter = kind === 'user' ? '(objectClass=inetOrgPerson)' : '(objectClass=groupOfNames)';
    return readLdif(await slapd.list(suffix, filter, '*', '+'));
  };

  describeWriting(
    'ldap, at OpenLDAP',
    (): WriteSubject => ({
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
    }),
  );
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
