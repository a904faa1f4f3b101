import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { admin, entry, Slapd, suffix, unit } from '../support/slapd.ts';
import { Stack } from '../support/stack.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const people = `ou=people,${suffix}`;
const groups = `ou=groups,${suffix}`;
const units = ['north', 'south'].map((name) => `ou=${name},${people}`);
const many = 4_000;
const perUnit = many / units.length;
const members = 3_001;

/** Any bytes, NUL and those that are no UTF-8 among them. */
const photo = (i: number) =>
  Buffer.concat([Buffer.from([0, 255, 10, 13]), createHash('sha512').update(String(i)).digest()]);
const dnOf = (i: number) => `uid=p${String(i)},${units[Math.floor(i / perUnit)] ?? ''}`;
/** Of a name with a comma, a quote, and letters beyond ASCII, too. */
const nameOf = (i: number) => (i % 7 === 0 ? `Ærø, "Nr." ${String(i)}` : `Person ${String(i)}`);

function* entries(): Generator<string> {
  yield unit('people') + unit('groups') + unit('north', people) + unit('south', people);
  for (let i = 0; i < many; i++)
    yield entry(
      dnOf(i),
      ...['objectClass: inetOrgPerson', `uid: p${String(i)}`, 'sn: Surname'],
      `cn:: ${Buffer.from(nameOf(i)).toString('base64')}`,
      ...(i % 2 === 0 ? [`mail: p${String(i)}@example.org`, `mail: Other.${String(i)}@example.org`] : []),
      ...(i % 10 === 0 ? [`jpegPhoto:: ${photo(i).toString('base64')}`] : []),
    );
  const group = (name: string, of: number[]) =>
    entry(`cn=${name},${groups}`, 'objectClass: groupOfNames', `cn: ${name}`, ...of.map((i) => `member: ${dnOf(i)}`));
  yield group(
    'staff',
    Array.from({ length: members }, (_, i) => i),
  );
  for (let g = 0; g < 20; g++)
    yield group(
      `team${String(g)}`,
      Array.from({ length: 100 }, (_, i) => i * 20 + g),
    );
}

/** People under their identity or under their login, and groups of the former. */
function connector(name: string, url: string, key: 'id' | 'login') {
  const [person, group] = [`${name}_Person`, `${name}_Group`];
  const table = (base: string, objectClass: string, canary: string) => ({
    ...{ base, filter: `(objectClass=${objectClass})` },
    canary: [{ dn: canary, attributes: ['cn'] }],
  });
  return {
    ...{ apiVersion: 'syncline/v1', kind: 'Connector', name, thresholds: wide, windows: wideWindows },
    connections: [
      {
        ...{ name: 'ldap', package: 'ldap', secrets: { password: 'env:SYNCLINE_SECRET_LDAP' } },
        settings: {
          ...{ url, bindDN: admin.dn, baseDN: suffix, tls: { plaintext: true }, changes: 'syncrepl' },
          tables: {
            people: table(people, 'inetOrgPerson', dnOf(perUnit + 100)),
            groups: table(groups, 'groupOfNames', `cn=staff,${groups}`),
          },
        },
      },
    ],
    entityTypes: [
      {
        ...{ name: person, source: { connection: 'ldap', table: 'people', identity: 'id' }, key: [key] },
        properties: {
          id: { column: 'entryUUID', format: 'uuid' },
          dn: { column: 'dn', format: 'dn' },
          place: { column: 'dn' },
          login: { column: 'uid' },
          name: { column: 'cn' },
          mail: { column: 'mail', multiValued: true },
          photo: { column: 'jpegPhoto', type: 'binary' },
        },
      },
      {
        ...{ name: group, source: { connection: 'ldap', table: 'groups', identity: 'id' }, key: [key] },
        properties: { id: { column: 'entryUUID', format: 'uuid' }, login: { column: 'cn' } },
        navigationProperties: { members: { to: person, column: 'member', by: 'dn', multiValued: true } },
      },
    ],
  };
}

interface Resource {
  key: string[];
  self: string;
  attributes: Record<string, string | string[] | null>;
}

describe.skipIf(!ready)(ready ? 'a directory of thousands' : needs('slapd', 'ldap-utils'), () => {
  let slapd: Slapd;
  let stack: Stack;
  beforeAll(async () => {
    slapd = await Slapd.start({ sessionLog: 10_000 });
    await slapd.load(entries());
    stack = await Stack.start({
      SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1',
      SYNCLINE_SECRET_LDAP: admin.password,
    });
  }, 180_000);
  afterAll(async () => {
    await slapd.stop();
    await stack.stop();
  });

  const nothing = { inserted: 0, updated: 0, deleted: 0 };
  const expectNothing = async (name: string) => {
    const sync = await stack.syncAndResume(name);
    expect(sync).toMatchObject({ status: 'completed', mode: 'complete' });
    expect(await changesOf(sync)).toEqual([]);
  };
  const changesOf = ({ id }: Sync) =>
    stack.all<{ kind: string; operation: string; entityType: string }>(`/v1/syncs/${id}/changes`);
  const resources = (type: string) => stack.all<Resource>(`/v1/entity-types/${type}/resources`);

  /** What ldapsearch lists: each value as its bytes in base64. */
  async function listed(base: string, filter: string, ...attributes: string[]): Promise<Map<string, string[]>[]> {
    const text = await slapd.list(base, filter, ...attributes);
    return text.split(/\n\n+/).flatMap((block) => {
      const values = new Map<string, string[]>();
      for (const line of block.split('\n')) {
        const [, name, coded, value = ''] = /^([^:]+):(:?) (.*)$/.exec(line) ?? [];
        if (name === undefined) continue;
        const base64 = coded === ':' ? value : Buffer.from(value).toString('base64');
        values.set(name, [...(values.get(name) ?? []), base64]);
      }
      return values.has('dn') ? [values] : [];
    });
  }
  const base64 = (value: string | null | undefined) => (value == null ? [] : [Buffer.from(value).toString('base64')]);
  const byDn = (one: { dn: string[] }, other: { dn: string[] }) => ((one.dn[0] ?? '') < (other.dn[0] ?? '') ? -1 : 1);

  async function expectWhatIsListed(name: string): Promise<void> {
    const found = await listed(people, '(objectClass=inetOrgPerson)', 'uid', 'cn', 'mail', 'jpegPhoto', 'entryUUID');
    const of = (values: Map<string, string[]>, attribute: string) => [...(values.get(attribute) ?? [])].sort();
    const expected = found.map((values) => ({
      ...{ dn: of(values, 'dn'), id: of(values, 'entryUUID'), login: of(values, 'uid'), name: of(values, 'cn') },
      ...{ mail: of(values, 'mail'), photo: of(values, 'jpegPhoto') },
    }));
    const stored = (await resources(`${name}_Person`)).map(({ attributes }) => {
      const one = (property: string) => attributes[property] as string | null | undefined;
      return {
        ...{ dn: base64(one('place')), id: base64(one('id')), login: base64(one('login')), name: base64(one('name')) },
        mail: ((attributes['mail'] ?? []) as string[]).flatMap((value) => base64(value)).sort(),
        photo: one('photo') == null ? [] : [one('photo')],
      };
    });
    expect(stored.sort(byDn)).toEqual(expected.sort(byDn));

    const dns = new Map(
      (await resources(`${name}_Person`)).map(({ key, attributes }) => [key[0], attributes['place']]),
    );
    const memberships = (await listed(groups, '(objectClass=groupOfNames)', 'cn', 'member')).flatMap((values) =>
      (values.get('member') ?? []).map((member) => `${values.get('cn')?.[0] ?? ''} ${member}`),
    );
    const links: string[] = [];
    for (const group of await resources(`${name}_Group`))
      for (const { key } of await stack.all<{ key: string[] }>(`${group.self}/links/members`))
        links.push([...base64(group.attributes['login'] as string), ...base64(dns.get(key[0]) as string)].join(' '));
    expect(links.sort()).toEqual(memberships.sort());
  }

  it('has the entries, values and memberships that ldapsearch lists, byte for byte', async () => {
    await stack.put(connector('identities', slapd.url, 'id'), 'identities');
    const sync = await stack.syncAndResume('identities');
    expect(sync).toMatchObject({
      status: 'completed',
      completeness: { people: { certified: true }, groups: { certified: true } },
      counters: {
        identities_Person: { inserted: many },
        identities_Group: { inserted: 21, links: { members: { inserted: members + 2_000 } } },
      },
    });
    await expectWhatIsListed('identities');
  });

  it('shows exactly what was renamed, moved, deleted and changed to an incremental sync, and nothing to a complete one', async () => {
    // people of no group
    const alone = (n: number) => many - 1 - n;
    const rename = (i: number, to: string) =>
      `dn: ${dnOf(i)}\nchangetype: modrdn\nnewrdn: uid=${to}\ndeleteoldrdn: 1\n\n`;
    const move = (i: number) =>
      `dn: ${dnOf(i)}\nchangetype: modrdn\nnewrdn: uid=p${String(i)}\ndeleteoldrdn: 1\nnewsuperior: ${units[0] ?? ''}\n\n`;
    await slapd.change(
      [0, 1, 2].map((n) => rename(alone(n), `new${String(n)}`)).join('') +
        [3, 4].map((n) => move(alone(n))).join('') +
        [5, 6, 7, 8].map((n) => `dn: ${dnOf(alone(n))}\nchangetype: delete\n\n`).join('') +
        `dn: cn=staff,${groups}\nchangetype: modify\nadd: member\nmember: ${dnOf(alone(9))}\n\n`,
    );
    const sync = await stack.syncAndResume('identities', { mode: 'incremental' });
    expect(sync).toMatchObject({
      ...{ status: 'completed', mode: 'incremental', modeReason: null },
      counters: {
        identities_Person: { inserted: 0, updated: 5, deleted: 4 },
        identities_Group: { ...nothing, links: { members: { inserted: 1, deleted: 0 } } },
      },
    });
    expect(await changesOf(sync)).toHaveLength(10);
    await expectWhatIsListed('identities');
    await expectNothing('identities');
  });

  it('loses no membership if an organisational unit is renamed above 2,000 people', async () => {
    await slapd.change(`dn: ${units[0] ?? ''}\nchangetype: modrdn\nnewrdn: ou=arctic\ndeleteoldrdn: 1\n\n`);
    const sync = await stack.syncAndResume('identities', { mode: 'incremental' });
    // their names changed without a trace, and both memberships of each still have the old ones
    expect(sync).toMatchObject({
      ...{ status: 'completed-with-errors', mode: 'complete', modeReason: { code: 'branch-renamed' } },
      counters: {
        identities_Person: { inserted: 0, updated: perUnit + 2, deleted: 0 },
        identities_Group: { ...nothing, links: { members: { inserted: 0, deleted: 0, kept: 2 * perUnit } } },
      },
    });
    // then a tool follows in the groups
    const { out } = await slapd.run('ldapsearch', ['-b', groups, '(objectClass=groupOfNames)', 'member']);
    await slapd.change(
      out
        .split(/\n\n+/)
        .filter((block) => block.includes('member:'))
        .map((block) => {
          const [dn = '', ...values] = block.split('\n').filter((line) => line !== '');
          const renamed = values.map((line) => line.replace('ou=north', 'ou=arctic'));
          return `${dn}\nchangetype: modify\nreplace: member\n${renamed.join('\n')}\n\n`;
        })
        .join(''),
    );
    const after = await stack.syncAndResume('identities', { mode: 'incremental' });
    expect(after).toMatchObject({ status: 'completed', mode: 'incremental' });
    expect(await changesOf(after)).toEqual([]);
    await expectWhatIsListed('identities');
    await expectNothing('identities');
  });

  it('takes people who were deleted and made again under their login between two reads for one update each', async () => {
    await stack.put(connector('logins', slapd.url, 'login'), 'logins');
    expect(await stack.syncAndResume('logins')).toMatchObject({ status: 'completed' });
    const again = [perUnit, perUnit + 1];
    await slapd.change(
      again
        .map(
          (i) =>
            `dn: ${dnOf(i)}\nchangetype: delete\n\n` +
            entry(dnOf(i), 'objectClass: inetOrgPerson', `uid: p${String(i)}`, 'cn: Came again', 'sn: Surname'),
        )
        .join(''),
    );
    const sync = await stack.syncAndResume('logins', { mode: 'incremental' });
    expect(sync).toMatchObject({
      ...{ status: 'completed', mode: 'incremental' },
      counters: {
        logins_Person: { inserted: 0, updated: again.length, deleted: 0 },
        logins_Group: { ...nothing, links: { members: { inserted: 0, deleted: 0 } } },
      },
    });
    await expectWhatIsListed('logins');
    await expectNothing('logins');
  });
});
