import { readFile } from 'node:fs/promises';
import type { Connection, ConnectorPackage } from '../../connectors/package.ts';
import { cellText, type Cell } from '../../domain/cell.ts';
import { sid } from '../../domain/format/identifiers.ts';
import { administrator, domain, type Samba } from '../support/samba.ts';
import type { ShownRow, Subject } from './suite.ts';

const people = `OU=Suite,${domain}`;
const dnOf = (name: string) => `CN=${name},${people}`;
const user = (name: string, shown = `User ${name}`) =>
  `dn: ${dnOf(name)}\nchangetype: add\nobjectClass: user\nsAMAccountName: suite-${name}\ndisplayName: ${shown}\n\n`;
const own = ['dn', 'parentDn', 'rdn', 'primaryGroupSid'];

/** People of Active Directory, for the contract suite. A reference to another server cannot be made in a domain. */
export class DirectoryOfUsers {
  readonly #server: () => Samba;
  readonly #adapter: ConnectorPackage;
  #canary: unknown;
  /** What its schema has for people, found once. */
  #columns: Subject['columns'] = [];

  /** @param server once it runs */
  constructor(server: () => Samba, adapter: ConnectorPackage) {
    this.#server = server;
    this.#adapter = adapter;
  }

  async begin(): Promise<void> {
    await this.#samba.change(`dn: ${people}\nchangetype: add\nobjectClass: organizationalUnit\n\n`);
    await this.#reset();
    const tables = await this.#adapter.discover(this.#connection('none'));
    this.#columns = tables.find(({ table }) => table === 'people')?.columns ?? [];
  }

  get #samba(): Samba {
    return this.#server();
  }

  subject(changes: string): Subject {
    return {
      adapter: this.#adapter,
      connection: () => this.#connection(changes),
      badSettings: [{ settings: { baseDN: domain }, path: 'url' }],
      unreachable: [
        {
          what: 'another password',
          connection: () => this.#connection(changes, 'canary-wrong-51d2'),
          code: 'credentials',
        },
      ],
      ...{ table: 'people', tables: ['people'], key: ['dn'], columns: this.#columns, identity: 'objectGUID' },
      reset: () => this.#reset(),
      list: () => this.#list(),
      put: async (key, value) => {
        const there = (await this.#samba.list(people, `(distinguishedName=${key})`, '1.1')).length > 0;
        const changed = `dn: ${key}\nchangetype: modify\nreplace: displayName\ndisplayName: ${value}\n\n`;
        await this.#samba.change(there ? changed : user(key.slice('CN='.length, key.indexOf(',')), value));
      },
      remove: (key) => this.#samba.change(`dn: ${key}\nchangetype: delete\n\n`),
      storedKey: dnOf('c'),
      freshKey: dnOf('x'),
      shows: (row, value) => row['displayName'] === cellText([value]),
      sessions: { connected: () => connectionsTo(this.#samba.address), snapshot: false },
      incomplete: [
        {
          what: 'no canary',
          make: () => {
            this.#canary = undefined;
          },
          code: 'no-canary',
        },
      ],
      targeted: {
        ...{ proves: true, together: true },
        unproven: [
          {
            what: 'no canary',
            make: () => {
              this.#canary = 'none';
            },
          },
        ],
      },
    };
  }

  #connection(changes: string, password = administrator.password): Connection {
    const of = { base: people, filter: '(objectClass=user)' };
    const canary = this.#canary;
    return {
      name: 'ad',
      settings: this.#adapter.settings.parse({
        ...{ url: this.#samba.url, bindDN: administrator.name, baseDN: domain, pageSize: 2, tls: { plaintext: true } },
        ...{ changes, tables: { people: { ...of, ...(canary === undefined ? {} : { canary }) } } },
      }),
      secrets: { password },
    };
  }

  async #reset(): Promise<void> {
    this.#canary = [{ dn: dnOf('b'), attributes: ['displayName'] }];
    const there = await this.#samba.list(people, '(objectClass=user)', '1.1');
    await this.#samba.change(there.map(({ dn }) => `dn: ${dn}\nchangetype: delete\n\n`).join(''));
    await this.#samba.change(['a', 'b', 'c', 'd', 'e'].map((name) => user(name)).join(''));
  }

  async #list(): Promise<ShownRow[]> {
    const names = this.#columns.map(({ name }) => name);
    const binary = new Set(this.#columns.flatMap(({ name, type }) => (type === 'binary' ? [name] : [])));
    const found = await this.#samba.list(people, '(objectClass=user)', '*', ...names);
    // the server has no order; the suite leaves the second one, the canary, in its place
    const listed = found.sort((one, other) => (one.dn < other.dn ? -1 : 1));
    return listed.map(({ dn, values }): ShownRow => {
      const cells = (name: string): Cell =>
        (values.get(name.toLowerCase()) ?? []).map((value) =>
          binary.has(name) ? new Uint8Array(value) : value.toString('utf8'),
        );
      // the group stands as a number, in the domain of the user
      const group = sid(values.get('objectsid')?.[0]?.toString('base64') ?? '').replace(
        /\d+$/,
        values.get('primarygroupid')?.[0]?.toString() ?? '',
      );
      const computed = [dn, people, dn.slice(0, dn.indexOf(',')), group];
      return Object.fromEntries([
        ...own.map((name, i) => [name, computed[i] ?? '']),
        ...names.flatMap((name) => (own.includes(name) ? [] : [[name, cellText(cells(name))]])),
      ]) as ShownRow;
    });
  }
}

/** Connections of this machine to the LDAP port of an address that are open, as the kernel lists them. */
async function connectionsTo(address: string): Promise<number> {
  const parts = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const remote = `${parts.reverse().join('').toUpperCase()}:0185`;
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
  return lines.filter(([, , to, state]) => to === remote && state === '01').length;
}
