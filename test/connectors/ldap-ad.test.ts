import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Checkpoint, Connection, ReadEvent, ReadRequest } from '../../connectors/package.ts';
import { DirectoryOfUsers } from './ldap-ad-subject.ts';
import { describeWritingToSamba } from './ldap-ad-write.ts';
import { convert } from './ldap-convert.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { administrator, domain, Samba } from '../support/samba.ts';
import { describePackage } from './suite.ts';

const packages = ['samba-ad-dc', 'samba-ad-provision', 'samba-dsdb-modules', 'ldap-utils'] as const;
const ready = (await hasDebian(...packages)) && process.getuid?.() === 0;
const staff = `OU=Staff,${domain}`;
const allow = parseOutboundAllow('127.0.0.0/8');
if (typeof allow === 'string') throw new Error(allow);
const adapter = createLdapPackage({ allow, secretFolders: [] });
const wanted = {
  columns: ['sAMAccountName', 'displayName', 'dn', 'objectGUID', 'primaryGroupSid', 'objectSid'],
  key: ['sAMAccountName'],
  identity: 'objectGUID',
};

const user = (name: string, parent = staff) =>
  `dn: CN=${name},${parent}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${name}\ndisplayName: User ${name}\n\n`;
const unit = (name: string, parent = domain) =>
  `dn: OU=${name},${parent}\nchangetype: add\nobjectClass: organizationalUnit\n\n`;
const move = (dn: string, rdn: string, to?: string) =>
  `dn: ${dn}\nchangetype: modrdn\nnewrdn: ${rdn}\ndeleteoldrdn: 1\n${to === undefined ? '' : `newsuperior: ${to}\n`}\n`;

describe.skipIf(!ready)(ready ? 'Active Directory, on Samba' : `${needs(...packages)}, and root`, () => {
  let samba: Samba;
  const users = new DirectoryOfUsers(() => samba, adapter);
  beforeAll(async () => {
    samba = await Samba.start();
    await samba.change(unit('Staff') + unit('Left') + unit('Team', staff));
    for (const name of ['canary', 'a', 'b', 'c', 'd', 'e']) await samba.change(user(name));
    await samba.change(user('t1', `OU=Team,${staff}`));
    await users.begin();
  }, 180_000);
  afterAll(() => samba.stop());

  const connection = (changes: string): Connection => ({
    name: 'ad',
    settings: adapter.settings.parse({
      url: samba.url,
      bindDN: administrator.name,
      baseDN: domain,
      pageSize: 3,
      tls: { plaintext: true },
      changes,
      tables: {
        users: {
          base: staff,
          filter: '(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=65536)))',
          canary: [{ dn: `CN=canary,${staff}`, attributes: ['displayName'] }],
        },
        everything: { filter: '(objectClass=user)', canary: 'none' },
      },
    }),
    secrets: { password: administrator.password },
  });
  async function readAll(changes: string, request: Partial<ReadRequest> = {}): Promise<ReadEvent[]> {
    const events: ReadEvent[] = [];
    const whole: ReadRequest = { table: 'users', mode: 'complete', tables: ['users'], wanted, ...request };
    for await (const event of adapter.read(connection(changes), whole)) events.push(event);
    return events;
  }
  const noted = async (changes: string): Promise<Checkpoint> => {
    const note = await adapter.note?.(connection(changes), { table: 'users' });
    if (!note) throw new Error('no checkpoint');
    return note;
  };
  const since = (changes: string, at: Checkpoint) => readAll(changes, { mode: 'incremental', since: at });
  /** What a connector makes of the cells. */
  const rows = (events: readonly ReadEvent[], kind: 'structured' | 'tombstones' = 'structured') =>
    events.flatMap((event) => (event.kind === kind ? event.records.map(({ cells }) => convert(cells)) : []));
  const names = (events: readonly ReadEvent[]) => rows(events).map(({ name }) => name);
  const endOf = (events: readonly ReadEvent[]) => {
    const end = events.find((event) => event.kind === 'end');
    if (!end) throw new Error(`no end: ${JSON.stringify(events.at(-1))}`);
    return end;
  };

  describePackage('ldap, of Active Directory on Samba', () => users.subject('dirsync'));

  it('is read whole, with identities and the group that no list of members has', async () => {
    const events = await readAll('none');
    expect(names(events).sort()).toEqual(['a', 'b', 'c', 'canary', 'd', 'e', 't1']);
    expect(endOf(events).certificate).toEqual({ certified: true });
    for (const row of rows(events)) {
      expect(row.guid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(row.primaryGroup).toBe(row.sid.replace(/\d+$/, '513'));
    }
  });

  it('is read from the root of the domain without being referred to its other parts', async () => {
    const events = await readAll('none', { table: 'everything' });
    expect(names(events)).toContain('Administrator');
    expect(endOf(events).certificate).toEqual({ certified: true });
  });

  it('says whether the way to changes can be used', async () => {
    for (const changes of ['dirsync', 'usn', 'modifyTimestamp'])
      expect(await adapter.test(connection(changes))).toMatchObject({ ok: true });
    expect(await adapter.test(connection('syncrepl'))).toMatchObject({ ok: false, code: 'configuration' });
  });

  describe.each(['dirsync', 'usn'])('tells changes by %s', (changes) => {
    it('of values, names, places, and what is gone', async () => {
      await samba.change(['x1', 'x2', 'x3', 'x4'].map((name) => user(`${name}${changes}`)).join(''));
      const before = rows(await readAll(changes));
      const guid = (name: string) => before.find((row) => row.name === `${name}${changes}`)?.guid;
      const at = await noted(changes);
      const dn = (name: string) => `CN=${name}${changes},${staff}`;
      await samba.change(`dn: ${dn('x1')}\nchangetype: modify\nreplace: displayName\ndisplayName: another\n\n`);
      await samba.change(move(dn('x2'), `CN=renamed${changes}`));
      await samba.change(`dn: ${dn('x3')}\nchangetype: delete\n\n`);
      await samba.change(move(dn('x4'), `CN=x4${changes}`, `OU=Left,${domain}`));
      await samba.change(user(`new${changes}`));
      const events = await since(changes, at);
      expect(names(events).sort()).toEqual([`new${changes}`, `x1${changes}`, `x2${changes}`]);
      expect(rows(events).find(({ name }) => name === `x2${changes}`)?.guid).toBe(guid('x2'));
      const gone = rows(events, 'tombstones').map((row) => row.guid);
      expect(gone).toEqual(expect.arrayContaining([guid('x3'), guid('x4')]));
      for (const name of ['x1', 'x2']) expect(gone).not.toContain(guid(name));
      expect(endOf(events).certificate).toEqual({ certified: true });
      const { checkpoint } = endOf(events);
      const again = await since(changes, checkpoint ?? at);
      expect(rows(again)).toEqual([]);
    });

    it('and is read whole where a branch was renamed', async () => {
      const at = await noted(changes);
      await samba.change(move(`OU=Team,${staff}`, 'OU=Squad'));
      expect(await since(changes, at)).toEqual([expect.objectContaining({ kind: 'refused', code: 'branch-renamed' })]);
      await samba.change(move(`OU=Squad,${staff}`, 'OU=Team'));
    });

    it('and of who came with a branch that was moved into the base', async () => {
      const branch = `OU=Branch${changes}`;
      await samba.change(unit(`Branch${changes}`, `OU=Left,${domain}`));
      await samba.change(user(`moved${changes}`, `${branch},OU=Left,${domain}`));
      const at = await noted(changes);
      await samba.change(move(`${branch},OU=Left,${domain}`, branch, staff));
      expect(names(await since(changes, at))).toEqual([`moved${changes}`]);
    });
  });

  it('tells a change of an attribute that only the filter names', async () => {
    const at = await noted('dirsync');
    await samba.change(
      `dn: CN=e,${staff}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 66082\n\n`,
    );
    const events = await since('dirsync', at);
    expect(rows(events)).toEqual([]);
    expect(rows(events, 'tombstones')).toHaveLength(1);
  });

  it('tells changes by their time, without what is gone', async () => {
    const at = await noted('modifyTimestamp');
    await samba.change(`dn: CN=d,${staff}\nchangetype: modify\nreplace: displayName\ndisplayName: timed\n\n`);
    const events = await since('modifyTimestamp', at);
    expect(names(events)).toContain('d');
    expect(endOf(events).certificate).toMatchObject({ code: 'no-tombstones' });
  });

  it('does not go on from a number of another database', async () => {
    const at = await noted('usn');
    const place = { ...(JSON.parse(at.value) as object), database: '00112233445566778899aabbccddeeff' };
    const events = await since('usn', { value: JSON.stringify(place), name: 'x' });
    expect(events).toEqual([expect.objectContaining({ kind: 'refused', code: 'checkpoint-refused' })]);
  });

  it('is read by names, and by identities as the connector shows them', async () => {
    const [first] = rows(await readAll('none'));
    const ask = (by: string, key: string) =>
      adapter.readKeys?.(connection('none'), { table: 'users', wanted, by: [by], keys: [[key]] });
    for (const [by, key] of [
      ['sAMAccountName', first?.name],
      ['objectGUID', first?.guid],
      ['objectSid', first?.sid],
    ] as const) {
      const answers = await ask(by, key ?? '');
      expect(answers?.answers, by).toMatchObject([{ state: 'found', records: [{}] }]);
    }
    expect((await ask('sAMAccountName', 'nobody'))?.answers).toEqual([{ state: 'gone' }]);
    expect((await ask('primaryGroupSid', 'S-1-5-21-1'))?.answers).toMatchObject([{ state: 'unknown' }]);
  });

  it('discovers users, with their key and identity', async () => {
    const tables = await adapter.discover(connection('none'));
    const users = tables.find(({ table }) => table === 'users');
    expect(users).toMatchObject({ key: ['sAMAccountName'], identity: 'objectGUID' });
    const types = new Map(users?.columns.map(({ name, type, multiValued }) => [name, [type, multiValued]]));
    expect(types.get('objectGUID')).toEqual(['binary', false]);
    expect(types.get('memberOf')).toEqual(['string', true]);
    expect(types.get('userAccountControl')).toEqual(['number', false]);
    expect(types.has('unicodePwd')).toBe(false);
  });

  // last: what it makes, the others would read
  describe('that is written to', () => {
    describeWritingToSamba(() => samba, allow);
  });
});
