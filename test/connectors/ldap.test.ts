import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection, ConnectorPackage } from '../../connectors/package.ts';
import { cellText } from '../../domain/cell.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { admin, person, readLdif, Slapd, suffix, unit } from '../support/slapd.ts';
import { describePackage, type ShownRow, type Subject } from './suite.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const people = `ou=people,${suffix}`;
const dnOf = (uid: string) => `uid=${uid},${people}`;
const allow = parseOutboundAllow('127.0.0.1,localhost');
if (typeof allow === 'string') throw new Error(allow);
const adapter: ConnectorPackage = createLdapPackage({ allow, secretFolders: [] });

/** Attributes of inetOrgPerson and what is above it, as the schema files of OpenLDAP define them. */
const single = new Set(['createTimestamp', 'displayName', 'employeeNumber', 'entryUUID', 'modifyTimestamp']);
single.add('preferredDeliveryMethod').add('preferredLanguage');
const binary = new Set(['audio', 'jpegPhoto', 'photo', 'userCertificate', 'userPKCS12', 'userSMIMECertificate']);
binary.add('x500UniqueIdentifier');
const times = new Set(['createTimestamp', 'modifyTimestamp']);
const required = new Set(['cn', 'entryUUID', 'objectClass', 'sn']);
const attributes =
  `audio businessCategory carLicense cn createTimestamp departmentNumber description destinationIndicator
  displayName employeeNumber employeeType entryUUID facsimileTelephoneNumber givenName homePhone homePostalAddress initials
  internationaliSDNNumber jpegPhoto l labeledURI mail manager mobile modifyTimestamp o objectClass ou pager photo
  physicalDeliveryOfficeName postalAddress postalCode postOfficeBox preferredDeliveryMethod preferredLanguage
  registeredAddress roomNumber secretary seeAlso sn st street telephoneNumber teletexTerminalIdentifier telexNumber title
  uid userCertificate userPKCS12 userSMIMECertificate x121Address x500UniqueIdentifier`
    .split(/\s+/)
    .map((name) => ({
      name,
      type: binary.has(name) ? ('binary' as const) : times.has(name) ? ('dateTime' as const) : ('string' as const),
      multiValued: !single.has(name),
      nullable: !required.has(name),
    }));
const own = ['dn', 'parentDn', 'rdn'].map((name) => ({
  name,
  type: 'string' as const,
  multiValued: false,
  nullable: false,
}));

/** The suite's subject on a server that remembers so many changes. */
function describeServer(what: string, sessionLog: number): void {
  let slapd: Slapd;
  let canary: unknown;
  let counted = 0;
  beforeAll(async () => {
    slapd = await Slapd.start({ sessionLog });
  });
  afterAll(() => slapd.stop());

  const connection = (password = admin.password, url = slapd.url): Connection => ({
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
  const has = async (dn: string) => (await slapd.run('ldapsearch', ['-s', 'base', '-b', dn, '1.1'])).code === 0;

  describePackage(what, (): Subject => ({
    adapter,
    connection,
    badSettings: [
      { settings: { baseDN: suffix }, path: 'url' },
      { settings: { url: 'ldap://directory.example.org', baseDN: suffix }, path: 'url' },
      { settings: { url: 'ldaps://directory.example.org', baseDN: 'people' }, path: 'baseDN' },
      {
        settings: { url: 'ldaps://d.example.org', baseDN: suffix, tables: { people: { filter: '(uid=' } } },
        path: 'tables.people.filter',
      },
      { settings: { url: 'ldaps://d.example.org', baseDN: suffix, sasl: 'external' }, path: 'sasl' },
      { settings: { url: 'ldaps://d.example.org', baseDN: suffix, timeout: '1h' }, path: 'timeout' },
    ],
    unreachable: [
      { what: 'nothing listens', connection: () => connection(undefined, 'ldap://127.0.0.1:1'), code: 'connection' },
      { what: 'another password', connection: () => connection('canary-wrong-51d2'), code: 'credentials' },
    ],
    table: 'people',
    tables: ['people'],
    key: ['dn'],
    identity: 'entryUUID',
    columns: [...own, ...attributes],
    async reset() {
      canary = [{ dn: dnOf('b'), attributes: ['cn'] }];
      await slapd.clear();
      await slapd.change(unit('people') + ['a', 'b', 'c', 'd', 'e'].map((uid) => person(uid)).join(''));
    },
    async list() {
      const found = readLdif(await slapd.list(people, '(objectClass=inetOrgPerson)', '*', '+'));
      return found.map(
        ({ dn, values }): ShownRow =>
          Object.fromEntries([
            ...[dn, people, dn.slice(0, dn.indexOf(','))].map((value, i) => [own[i]?.name ?? '', value]),
            ...attributes.map(({ name }) => [name, cellText(values.get(name.toLowerCase()) ?? [])]),
          ]) as ShownRow,
      );
    },
    async put(key, value) {
      const changes = `dn: ${key}\nchangetype: modify\nreplace: cn\ncn: ${value}\n\n`;
      await slapd.change((await has(key)) ? changes : person(key.slice('uid='.length, key.indexOf(',')), value));
    },
    async remove(key) {
      await slapd.run('ldapdelete', [key]);
    },
    storedKey: dnOf('c'),
    freshKey: dnOf('x'),
    shows: (row, value) => row['cn'] === cellText([value]),
    async requests() {
      // without the question itself
      return (await slapd.count('cn=Search,cn=Operations')) - ++counted;
    },
    sessions: {
      async connected() {
        // a connection that was closed is counted for a moment
        for (let before = NaN; ;) {
          const now = await slapd.count('cn=Current,cn=Connections');
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
          slapd.change(
            `dn: ou=elsewhere,${people}\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\nref: ldap://other.example.org/ou=elsewhere,${people}\n\n`,
            '-M',
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
        {
          what: 'a canary that is not seen',
          make() {
            canary = [{ dn: dnOf('nobody'), attributes: [] }];
          },
        },
      ],
    },
  }));
}

describe.skipIf(!ready)(ready ? 'on slapd' : needs('slapd', 'ldap-utils'), () => {
  describeServer('ldap, of a server that tells what is gone', 100);
  describeServer('ldap, of a server that tells what is still there', 0);

  it('keeps the servers apart', () => {
    expect(ready).toBe(true);
  });
});
