import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { Authority } from '../support/authority.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { CuttingProxy } from '../support/cutting-proxy.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { entry, person, Slapd, suffix, unit, type SlapdOptions } from '../support/slapd.ts';
import { Stack } from '../support/stack.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const people = `ou=people,${suffix}`;
const reader = `cn=reader,${suffix}`;
const password = 'canary-reader-51c7';
const many = 60;

const connector = (port: number, ca: string) => ({
  ...{ apiVersion: 'syncline/v1', kind: 'Connector', name: 'lost', thresholds: wide, windows: wideWindows },
  connections: [
    {
      ...{ name: 'ldap', package: 'ldap', secrets: { password: 'env:SYNCLINE_SECRET_LDAP' } },
      settings: {
        ...{ url: `ldaps://localhost:${String(port)}`, bindDN: reader, baseDN: suffix, pageSize: 5, tls: { ca } },
        changes: 'syncrepl',
        tables: {
          people: {
            ...{ base: people, filter: '(objectClass=inetOrgPerson)' },
            canary: [{ dn: `uid=p1,${people}`, attributes: ['cn'] }],
          },
        },
      },
    },
  ],
  entityTypes: [
    {
      ...{ name: 'LOST_Person', source: { connection: 'ldap', table: 'people', identity: 'id' }, key: ['id'] },
      properties: { id: { column: 'entryUUID', format: 'uuid' }, dn: { column: 'dn' }, name: { column: 'cn' } },
    },
  ],
});

describe.skipIf(!ready)(ready ? 'a directory that fails' : needs('slapd', 'ldap-utils'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-lost-'));
  const authority = new Authority(folder);
  const good = authority.sign('good', ['localhost']);
  let slapd: Slapd;
  let proxy: CuttingProxy;
  let stack: Stack;
  let before: unknown[];
  /** Bytes of a complete read, most of which are entries. */
  let whole: number;
  beforeAll(async () => {
    slapd = await Slapd.start({ tls: good, sessionLog: 100 });
    await slapd.change(
      entry(
        reader,
        ...['objectClass: organizationalRole', 'objectClass: simpleSecurityObject', 'cn: reader'],
        `userPassword: ${password}`,
      ) +
        unit('people') +
        Array.from({ length: many }, (_, i) => person(`p${String(i)}`)).join(''),
    );
    proxy = await CuttingProxy.start(() => slapd.tlsPort);
    stack = await Stack.start({
      SYNCLINE_OUTBOUND_ALLOW: 'localhost',
      SYNCLINE_SECRET_LDAP: password,
      SYNCLINE_SECRET_DIRS: folder,
    });
    await stack.put(connector(proxy.port, authority.ca), 'lost');
    proxy.told = 0;
    expect(await stack.syncAndResume('lost')).toMatchObject({ status: 'completed' });
    whole = proxy.told;
    before = await stored();
    expect(before).toHaveLength(many);
  }, 180_000);
  afterAll(async () => {
    await stack.stop();
    await proxy.stop();
    await slapd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const stored = () => stack.all('/v1/entity-types/LOST_Person/resources');
  const restarted = async (changes: SlapdOptions = {}) => {
    await slapd.end();
    await slapd.begin({ database: '', tls: good, ...changes });
  };

  const other = new Authority(folder, 'other');
  const setPassword = (to: string) =>
    slapd.change(`dn: ${reader}\nchangetype: modify\nreplace: userPassword\nuserPassword: ${to}\n\n`);
  it.each<[string, () => Promise<void>, string]>([
    [
      'it ends the search at its size limit',
      () => restarted({ database: `limits dn.exact="${reader}" size.soft=20 size.hard=20` }),
      'size-limit',
    ],
    [
      'it refuses the size of the pages',
      () => restarted({ database: `limits dn.exact="${reader}" size.pr=3` }),
      'admin-limit',
    ],
    ['its certificate has expired', () => restarted({ tls: authority.sign('old', ['localhost'], -1) }), 'tls'],
    ['its certificate is of another authority', () => restarted({ tls: other.sign('x', ['localhost']) }), 'tls'],
    ['its certificate is for another name', () => restarted({ tls: authority.sign('y', ['elsewhere']) }), 'tls'],
    [
      'the password is another',
      async () => {
        await restarted();
        await setPassword('other');
      },
      'credentials',
    ],
  ])('deletes nothing, and says what happened, if %s', async (_, make, code) => {
    await make();
    const sync = await stack.sync('lost');
    expect(sync, JSON.stringify(sync)).toMatchObject({ status: 'failed', applied: false, error: { code } });
    expect(await stored()).toEqual(before);
  });

  /** Starts a complete sync, and kills the server when it has told about half of what it has. */
  async function killedInMidRead(): Promise<Sync> {
    await restarted();
    await setPassword(password);
    const killed = proxy.cutAfter(whole / 2, () => slapd.end('SIGKILL'));
    const sync = await stack.startSync('lost');
    await killed;
    await stack.until(async () => (await look(sync)).retry !== null);
    return sync;
  }
  const look = ({ id }: Sync) => stack.get<Sync>(`/v1/syncs/${id}`);

  it('is waited for where it is killed in the middle of a read, and the read goes on with what it has then', async () => {
    const sync = await killedInMidRead();
    expect(await look(sync)).toMatchObject({
      status: 'running',
      retry: { code: 'connection', maximumAttempts: 15 },
    });
    expect(await stored()).toEqual(before);
    await slapd.begin();
    await proxy.listen();
    expect(await stack.settled(sync.id)).toMatchObject({
      ...{ status: 'completed', error: null },
      counters: { LOST_Person: { read: many, inserted: 0, updated: 0, deleted: 0 } },
    });
  });

  // it is waited for 5 minutes
  it.runIf(process.env['FAULTS'] === 'all')(
    'fails with connection where it is killed in the middle of a read for good, and nothing is deleted',
    { timeout: 600_000 },
    async () => {
      const sync = await killedInMidRead();
      expect(await stack.settled(sync.id, ['queued', 'running'], 500)).toMatchObject({
        ...{ status: 'failed', applied: false, error: { code: 'connection' } },
      });
      expect(await stored()).toEqual(before);
    },
  );
});
