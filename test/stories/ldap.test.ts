import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { wide } from '../support/connector.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { admin, entry, person, Slapd, suffix, unit } from '../support/slapd.ts';
import { Stack } from '../support/stack.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const people = `ou=people,${suffix}`;
const groups = `ou=groups,${suffix}`;
const reader = `cn=reader,${suffix}`;
const password = 'canary-reader-8e21';

const connector = (url: string) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'directory',
  thresholds: wide,
  connections: [
    {
      name: 'ldap',
      package: 'ldap',
      settings: {
        url,
        bindDN: reader,
        baseDN: suffix,
        pageSize: 3,
        tls: { plaintext: true },
        changes: 'syncrepl',
        tables: {
          people: {
            base: people,
            filter: '(objectClass=inetOrgPerson)',
            canary: [{ dn: `uid=canary,${people}`, attributes: ['cn'] }],
          },
          groups: {
            base: groups,
            filter: '(objectClass=groupOfNames)',
            canary: [{ dn: `cn=all,${groups}`, attributes: ['member'] }],
          },
        },
      },
      secrets: { password: 'env:SYNCLINE_SECRET_LDAP' },
    },
  ],
  entityTypes: [
    {
      name: 'LDAP_Person',
      source: { connection: 'ldap', table: 'people', identity: 'id' },
      key: ['id'],
      properties: {
        id: { column: 'entryUUID', format: 'uuid' },
        dn: { column: 'dn', format: 'dn' },
        uid: { column: 'uid' },
        name: { column: 'cn', pick: 'first' },
        greeting: { expression: "'Hello ' + first(row.cn)" },
      },
    },
    {
      name: 'LDAP_Group',
      source: { connection: 'ldap', table: 'groups', identity: 'id' },
      key: ['id'],
      properties: { id: { column: 'entryUUID', format: 'uuid' }, name: { column: 'cn' } },
      navigationProperties: { members: { to: 'LDAP_Person', column: 'member', by: 'dn', multiValued: true } },
    },
  ],
});

/** The same directory, where members and owners of groups are people or other groups. */
function nested(url: string) {
  const of = connector(url);
  const [people, groups] = of.entityTypes;
  const dn = { column: 'dn', format: 'dn' };
  const to = ['Nested_Person', 'Nested_Group'];
  return {
    ...of,
    name: 'nested',
    entityTypes: [
      { ...people, name: 'Nested_Person', label: 'uid' },
      {
        ...groups,
        name: 'Nested_Group',
        label: 'name',
        properties: { ...groups?.properties, dn },
        navigationProperties: {
          members: { to, column: 'member', by: 'dn', multiValued: true },
          owner: { to, column: 'owner', by: 'dn' },
        },
      },
    ],
  };
}

interface Found {
  entityType: string;
  label: string;
}

describe.skipIf(!ready)(ready ? 'a directory that is synchronised' : needs('slapd', 'ldap-utils'), () => {
  let slapd: Slapd;
  let stack: Stack;
  let heard = '';
  const uids = ['canary', 'a', 'b', 'c', 'd', 'e'];
  beforeAll(async () => {
    slapd = await Slapd.start({ sessionLog: 100 });
    const members = uids.map((uid) => `member: uid=${uid},${people}`);
    await slapd.change(
      entry(
        reader,
        'objectClass: organizationalRole',
        'objectClass: simpleSecurityObject',
        'cn: reader',
        `userPassword: ${password}`,
      ) +
        unit('people') +
        unit('groups') +
        uids.map((uid) => person(uid)).join('') +
        entry(`cn=all,${groups}`, 'objectClass: groupOfNames', 'cn: all', ...members),
    );
    stack = await Stack.start(
      { SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1', SYNCLINE_SECRET_LDAP: password, SYNCLINE_LOG_LEVEL: 'debug' },
      { heard: (text) => (heard += text) },
    );
    await stack.put(connector(slapd.url), 'directory');
  }, 180_000);
  afterAll(async () => {
    await slapd.stop();
    await stack.stop();
  });

  const changesOf = (sync: Sync) =>
    stack.all<{ kind: string; operation: string; entityType: string }>(`/v1/syncs/${sync.id}/changes`);
  const operationsOf = async (sync: Sync, type: string) =>
    (await changesOf(sync))
      .filter(({ kind, entityType }) => kind === 'resource' && entityType === type)
      .map(({ operation }) => operation)
      .sort();

  it('gives its people and groups with the links between them', async () => {
    const sync = await stack.syncAndResume('directory');
    expect(sync).toMatchObject({ status: 'completed' });
    expect(await operationsOf(sync, 'LDAP_Person')).toEqual(uids.map(() => 'insert'));
    expect(await operationsOf(sync, 'LDAP_Group')).toEqual(['insert']);
    const links = (await changesOf(sync)).filter(({ kind }) => kind === 'link');
    expect(links).toHaveLength(uids.length);
    expect(sync.completeness).toMatchObject({ people: { certified: true }, groups: { certified: true } });
  });

  it('previews an entry with its values as the expressions of the file see them, by its key and by cells', async () => {
    const [found] = await stack.all<{ key: string[]; attributes: Record<string, string> }>(
      '/v1/entity-types/LDAP_Person/resources?filter[uid]=a',
    );
    const value = found?.attributes['greeting'];
    expect(value).toMatch(/^Hello ./);
    const preview = (of: object) =>
      stack.call('POST', '/v1/connectors/directory/preview', { entityType: 'LDAP_Person', ...of });
    expect(await preview({ key: found?.key })).toMatchObject({
      status: 200,
      body: {
        ...{ outcome: 'row', errors: [], changes: [] },
        expressions: [{ property: 'greeting', value }],
        resource: { key: found?.key, attributes: found?.attributes },
      },
    });
    expect(await preview({ row: { cn: 'Zoe' } })).toMatchObject({
      status: 200,
      body: { expressions: [{ property: 'greeting', value: 'Hello Zoe' }] },
    });
  });

  it('takes a name that was changed as an update, and an entry that is gone as a delete', async () => {
    await slapd.change(`dn: uid=a,${people}\nchangetype: modrdn\nnewrdn: uid=a2\ndeleteoldrdn: 1\n\n`);
    await slapd.change(
      `dn: cn=all,${groups}\nchangetype: modify\ndelete: member\nmember: uid=a,${people}\nmember: uid=b,${people}\n-\nadd: member\nmember: uid=a2,${people}\n\n`,
    );
    await slapd.run('ldapdelete', [`uid=b,${people}`]);
    const sync = await stack.syncAndResume('directory');
    expect(sync).toMatchObject({ status: 'completed' });
    expect(await operationsOf(sync, 'LDAP_Person')).toEqual(['delete', 'update']);
  });

  it('becomes complete where a branch was renamed, since the names below it changed without a trace', async () => {
    await slapd.change(entry(`ou=branch,${people}`, 'objectClass: organizationalUnit', 'ou: branch'));
    await slapd.change(person('f', 'Person f', `ou=branch,${people}`));
    expect(await stack.syncAndResume('directory', { mode: 'incremental' })).toMatchObject({
      mode: 'incremental',
      counters: { LDAP_Person: { inserted: 1 } },
    });
    await slapd.change(`dn: ou=branch,${people}\nchangetype: modrdn\nnewrdn: ou=twig\ndeleteoldrdn: 1\n\n`);
    const sync = await stack.syncAndResume('directory', { mode: 'incremental' });
    expect(sync).toMatchObject({
      status: 'completed',
      mode: 'complete',
      requestedMode: 'incremental',
      modeReason: { code: 'branch-renamed' },
      counters: { LDAP_Person: { inserted: 0, updated: 1, deleted: 0 } },
    });
    const { items } = await stack.get<{ items: { message: string }[] }>(`/v1/syncs/${sync.id}/log`);
    expect(items.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('So this sync becomes complete.'),
    );
    const next = await stack.syncAndResume('directory', { mode: 'incremental' });
    expect(next).toMatchObject({ mode: 'incremental', modeReason: null });
  });

  it('changes nothing if the reader loses the right to see people, and if the base is renamed', async () => {
    await slapd.end();
    await slapd.begin({
      global: `access to dn.regex="^uid=" by dn.exact="${reader}" none by * read\naccess to attrs=userPassword by anonymous auth by * none\naccess to * by * read`,
    });
    expect(await stack.sync('directory')).toMatchObject({ status: 'failed', error: { code: 'canary-missing' } });
    await slapd.end();
    await slapd.begin({ global: '' });
    await slapd.change(`dn: ${people}\nchangetype: modrdn\nnewrdn: ou=staff\ndeleteoldrdn: 1\n\n`);
    expect(await stack.sync('directory')).toMatchObject({ status: 'failed', error: { code: 'base-missing' } });
    await slapd.change(`dn: ou=staff,${suffix}\nchangetype: modrdn\nnewrdn: ou=people\ndeleteoldrdn: 1\n\n`);
    const sync = await stack.syncAndResume('directory');
    expect(sync).toMatchObject({ status: 'completed' });
    expect(await changesOf(sync)).toEqual([]);
    expect(heard).not.toContain(password);
    expect(heard).not.toContain(admin.password);
    expect(heard).not.toContain(`uid=a2,${people}`);
  });

  it('is polled no more where its reads fail, and completely read when it can be read again', async () => {
    const of = connector(slapd.url);
    const poll = { interval: '1s', failures: 2, reset: '4s' };
    await stack.put({ ...of, connections: of.connections.map((each) => ({ ...each, poll })) }, 'directory');
    interface Breaker {
      state: string;
      lastError: { code: string } | null;
    }
    const breaker = async () => {
      const { items } = await stack.get<{ items: { connections: Breaker[] }[] }>('/v1/sync-status?connector=directory');
      return items[0]?.connections[0];
    };
    const polls = () => stack.all<Sync>('/v1/syncs?connector=directory&trigger=poll');
    await stack.until(async () => (await polls()).some(({ status }) => status === 'completed'));
    const people = (await stack.all('/v1/entity-types/LDAP_Person/resources')).length;
    await slapd.end();
    await slapd.begin({
      global: `access to dn.regex="^uid=" by dn.exact="${reader}" none by * read\naccess to attrs=userPassword by anonymous auth by * none\naccess to * by * read`,
    });
    await stack.until(async () => (await breaker())?.state === 'open');
    expect(await breaker()).toMatchObject({ lastError: { code: 'canary-missing' } });
    expect(await stack.all('/v1/entity-types/LDAP_Person/resources')).toHaveLength(people);
    await slapd.end();
    await slapd.begin({ global: '' });
    await stack.until(async () => (await breaker())?.state === 'closed');
    const all = (await polls()).reverse();
    const after = all[all.findLastIndex(({ status }) => status === 'failed') + 1];
    expect(after).toMatchObject({ mode: 'complete', requestedMode: 'complete', status: 'completed' });
    expect(await changesOf(after as Sync)).toEqual([]);
    await stack.put(of, 'directory');
  });

  it('links groups to people and to groups, by names in other case and spacing, without a false dangling error', async () => {
    await slapd.change(
      entry(
        `cn=inner,${groups}`,
        'objectClass: groupOfNames',
        'cn: inner',
        `member: UID=C, OU=People,  DC=Example,DC=org`,
      ) +
        entry(
          `cn=outer,${groups}`,
          'objectClass: groupOfNames',
          'cn: outer',
          `owner: UID=D , ou=people,dc=example,dc=ORG`,
          `member: CN=Inner , OU=GROUPS, dc=example, dc=org`,
          `member: cn=ALL,ou=groups,DC=EXAMPLE,dc=org`,
          `member: uid=c,ou=people,dc=example,dc=org`,
        ),
    );
    await stack.put(nested(slapd.url), 'nested');
    const { items: types } = await stack.get<{ items: { name: string; navigationProperties: unknown[] }[] }>(
      '/v1/entity-types?connector=nested',
    );
    expect(types.find(({ name }) => name === 'Nested_Group')?.navigationProperties).toEqual([
      ...['members', 'owner'].map((name) => ({
        name,
        to: 'Nested_Person',
        targets: ['Nested_Person', 'Nested_Group'],
        multiValued: name === 'members',
        retired: false,
      })),
    ]);
    const sync = await stack.syncAndResume('nested');
    expect(sync).toMatchObject({ status: 'completed' });
    expect(await stack.all(`/v1/syncs/${sync.id}/errors`)).toEqual([]);
    expect(sync.counters['Nested_Group']?.links['owner']).toMatchObject({ inserted: 1, rejected: 0 });
    const outer = await group('outer');
    const page = await stack.get<{ items: Found[]; nextCursor: string; total: number }>(
      `${outer}/links/members?limit=2`,
    );
    const rest = await stack.get<{ items: Found[] }>(`${outer}/links/members?limit=2&cursor=${page.nextCursor}`);
    expect(page.total).toBe(3);
    expect([...page.items, ...rest.items].map(({ entityType, label }) => `${entityType} ${label}`).sort()).toEqual([
      'Nested_Group all',
      'Nested_Group inner',
      'Nested_Person c',
    ]);
    const inner = await stack.get<{ referencedBy: Record<string, { total: number }> }>(await group('inner'));
    expect(inner.referencedBy).toMatchObject({ 'Nested_Group.members': { total: 1 } });
  });

  it('takes an owner that was a person and is a group now as one update', async () => {
    await slapd.change(
      `dn: cn=outer,${groups}\nchangetype: modify\nreplace: owner\nowner: CN=inner,OU=groups,${suffix}\n\n`,
    );
    const sync = await stack.syncAndResume('nested', { mode: 'incremental' });
    expect(sync).toMatchObject({
      status: 'completed',
      mode: 'incremental',
      counters: { Nested_Group: { links: { owner: { inserted: 0, updated: 1, deleted: 0 } } } },
    });
    const moved = {
      operation: 'update',
      before: { entityType: 'Nested_Person' },
      after: { entityType: 'Nested_Group' },
    };
    expect(await changesOf(sync)).toMatchObject([{ kind: 'link', target: { entityType: 'Nested_Group' }, ...moved }]);
    const { items } = await stack.get<{ items: unknown[] }>(`${await group('outer')}/history?limit=1`);
    expect(items).toMatchObject([moved]);
    const complete = await stack.syncAndResume('nested');
    expect(await changesOf(complete)).toEqual([]);
  });

  async function group(name: string): Promise<string> {
    const { items } = await stack.get<{ items: { self: string }[] }>(
      `/v1/entity-types/Nested_Group/resources?filter[name]=${name}`,
    );
    return items[0]?.self ?? '';
  }
});
