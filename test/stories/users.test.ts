import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Started {
  items: {
    connector: string;
    syncId: string | null;
    status: string;
    sync: Sync | null;
    reason: string | null;
    detail: string | null;
    met: string | null;
  }[];
}

describe('syncs of an item, of the inventory, and of users', { timeout: 240_000 }, () => {
  let stack: Stack;
  let n = 0;
  let name = '';
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    name = `u${String(++n)}`;
  });

  async function put(connector = name, { users = true, thresholds = {} } = {}): Promise<void> {
    const file = peopleAndGroups({ name: connector, thresholds: { ...wide, ...thresholds } });
    const [person, group] = file.entityTypes;
    await stack.put({ ...file, entityTypes: [users ? { ...person, users: true } : person, group] }, connector);
  }
  const place = (people: string[], groups: string[], members: string[], connector = name) =>
    stack.place(connector, {
      'people.csv': csv('id,name,mail,manager', ...people),
      'groups.csv': csv('id,title', ...groups),
      'members.csv': csv('group,person', ...members),
    });
  /** Names of the people, titles of the groups, and links. */
  async function stored(connector = name) {
    const read = async (type: string) =>
      stack.all<{ key: string[]; attributes: Record<string, string> }>(
        `/v1/entity-types/${connector}_${type}/resources`,
      );
    const linksOf = async (type: string, key: string, property: string) =>
      (
        await stack.all<{ key: string[] }>(`/v1/entity-types/${connector}_${type}/resources/${key}/links/${property}`)
      ).map((each) => `${key}>${each.key[0] ?? ''}`);
    const [people, groups] = [await read('Person'), await read('Group')];
    const links = [];
    for (const { key } of people) links.push(...(await linksOf('Person', key[0] ?? '', 'manager')));
    for (const { key } of groups) links.push(...(await linksOf('Group', key[0] ?? '', 'members')));
    return {
      people: people.map(({ key, attributes }) => `${key[0] ?? ''} ${attributes['name'] ?? ''}`),
      groups: groups.map(({ key, attributes }) => `${key[0] ?? ''} ${attributes['title'] ?? ''}`),
      links,
    };
  }
  const started = async (path: string, body: object) => {
    const { status, body: answer } = await stack.call('POST', path, body);
    return { status, ...(answer as Started) };
  };
  const settledOf = async ({ items }: Started, connector = name) => {
    const id = items.find((each) => each.connector === connector)?.syncId;
    const sync = await stack.settled(id ?? '');
    return sync.status === 'held' ? stack.decide(sync, 'resume') : sync;
  };
  const item = async (type: string, key: string, connector = name) => {
    const answer = await stack.call('POST', `/v1/entity-types/${connector}_${type}/resources/${key}/sync`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    return stack.settled((answer.body as Sync).id);
  };

  const before: [string[], string[], string[]] = [
    ['E1,Ada,a,', 'E2,Ben,b,E1', 'E3,Cyd,c,'],
    ['G1,One', 'G2,Two'],
    ['G1,E1', 'G1,E3'],
  ];
  // everything differs: a person changes, goes, comes; a group changes; memberships move
  const after: [string[], string[], string[]] = [
    ['E1,Adele,a,', 'E2,Benno,b,', 'E4,Dan,d,E1'],
    ['G1,Uno', 'G2,Two'],
    ['G1,E4', 'G2,E2'],
  ];

  it('the inventory brings memberships, creates and removes users, and leaves the attributes of the others alone', async () => {
    await put();
    await place(...before);
    await stack.syncAndResume(name);
    await place(...after);
    const answer = await started('/v1/syncs', { connectors: [name] });
    expect(answer).toMatchObject({ status: 202, items: [{ connector: name, reason: null, met: null }] });
    expect(await settledOf(answer)).toMatchObject({
      status: 'completed',
      scope: { users: 'leave' },
      trigger: 'manual',
      priority: 'normal',
      counters: {
        [`${name}_Person`]: { inserted: 1, updated: 0, deleted: 1 },
        [`${name}_Group`]: { updated: 1, links: { members: { inserted: 2, deleted: 2 } } },
      },
    });
    expect(await stored()).toEqual({
      people: ['E1 Ada', 'E2 Ben', 'E4 Dan'],
      groups: ['G1 Uno', 'G2 Two'],
      links: ['E4>E1', 'G1>E4', 'G2>E2'],
    });
  });

  it('a sync of users updates their attributes, creates and removes none, and changes no link', async () => {
    await put();
    await place(...before);
    await stack.syncAndResume(name);
    await place(...after);
    const answer = await started('/v1/sync-users', { connectors: [name] });
    expect(answer.status).toBe(202);
    const sync = await settledOf(answer);
    expect(sync).toMatchObject({
      status: 'completed',
      scope: { users: 'only', entityTypes: [`${name}_Person`], operations: ['update'] },
      counters: { [`${name}_Person`]: { inserted: 0, updated: 2, deleted: 0 } },
    });
    expect(Object.keys(sync.counters)).toEqual([`${name}_Person`]);
    // it reads the tables of users only
    expect(Object.keys(sync.completeness)).toEqual(['people.csv']);
    expect(await stored()).toEqual({
      people: ['E1 Adele', 'E2 Benno', 'E3 Cyd'],
      groups: ['G1 One', 'G2 Two'],
      links: ['E2>E1', 'G1>E1', 'G1>E3'],
    });
    // both together are what one over everything does: nothing is left
    await settledOf(await started('/v1/syncs', { connectors: [name] }));
    const rest = await stack.sync(name);
    expect(rest.counters[`${name}_Person`]).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
    expect(rest.counters[`${name}_Group`]).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
  });

  it('an item is one resource, at high priority; users are created and removed, others are updated as well', async () => {
    await put();
    await place(...before);
    await stack.syncAndResume(name);
    await place(...after);
    expect(await item('Person', 'E1')).toMatchObject({
      status: 'completed',
      trigger: 'high-priority',
      priority: 'high',
      mode: 'complete',
      scope: { keys: { [`${name}_Person`]: [['E1']] }, users: 'leave' },
      counters: { [`${name}_Person`]: { updated: 0 } },
    });
    expect(await item('Person', 'E4')).toMatchObject({ counters: { [`${name}_Person`]: { inserted: 1 } } });
    expect(await item('Person', 'E3')).toMatchObject({ counters: { [`${name}_Person`]: { deleted: 1 } } });
    expect(await item('Person', 'E2')).toMatchObject({
      counters: { [`${name}_Person`]: { updated: 0, links: { manager: { deleted: 1 } } } },
    });
    expect(await item('Group', 'G1')).toMatchObject({ counters: { [`${name}_Group`]: { updated: 1 } } });
    expect(await stored()).toEqual({
      people: ['E1 Ada', 'E2 Ben', 'E4 Dan'],
      groups: ['G1 Uno', 'G2 Two'],
      links: ['E4>E1', 'G1>E4'],
    });
    const resource = await stack.get<{ lastSync: object }>(`/v1/entity-types/${name}_Group/resources/G1`);
    expect(resource.lastSync).toMatchObject({ trigger: 'high-priority', syncedBy: 'user:local' });
  });

  it('an item is refused where there is nothing to synchronise', async () => {
    await put();
    expect((await stack.call('POST', `/v1/entity-types/nobody/resources/E1/sync`)).status).toBe(404);
    expect((await stack.call('POST', `/v1/entity-types/${name}_Person/resources/E1,E2/sync`)).status).toBe(422);
    const file = peopleAndGroups({ name });
    await stack.put({ ...file, entityTypes: [{ ...file.entityTypes[0], users: true }] }, name);
    expect(await stack.call('POST', `/v1/entity-types/${name}_Group/resources/G1/sync`)).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  it(
    'the inventory of several connectors starts each by itself: one that is held stops no other',
    { timeout: 300_000 },
    async () => {
      const [held, off, plain] = [`${name}held`, `${name}off`, `${name}plain`];
      for (const connector of [name, held, off]) {
        await put(connector, { thresholds: connector === held ? { maximumInsertedLines: 0 } : {} });
        await place(...before, connector);
      }
      await put(plain, { users: false });
      await place(...before, plain);
      await stack.call('POST', `/v1/connectors/${off}/deactivate`);
      const first = await stack.sync(held);
      expect(first.status).toBe('held');
      const answer = await started('/v1/syncs', { connectors: [name, held, off, plain] });
      expect(answer.status).toBe(202);
      expect(answer.items).toMatchObject([
        { connector: name, reason: null },
        { connector: held, syncId: null, status: 'skipped', reason: 'sync-held', met: first.id, sync: null },
        // out of jobs, but named by a person
        { connector: off, reason: null },
        { connector: plain, reason: null, sync: { scope: null } },
      ]);
      expect(answer.items[1]?.detail).toContain(first.id);
      for (const connector of [name, off, plain]) await settledOf(answer, connector);
      // every active connector where none is named; the one that is held says so again
      const all = await started('/v1/syncs', {});
      const names = all.items.map(({ connector }) => connector);
      expect(names).toContain(name);
      expect(names).toContain(held);
      expect(names).not.toContain(off);
      for (const { syncId } of all.items) if (syncId !== null) await stack.settled(syncId);
      expect(await started('/v1/syncs', { connectors: [held] })).toMatchObject({
        status: 200,
        items: [{ reason: 'sync-held' }],
      });
      // users: connectors without any are left out, and say so where they are named
      const users = await started('/v1/sync-users', {});
      expect(users.items.map(({ connector }) => connector)).not.toContain(plain);
      for (const { syncId } of users.items) if (syncId !== null) await stack.settled(syncId);
      expect(await started('/v1/sync-users', { connectors: [plain] })).toMatchObject({
        status: 200,
        items: [{ connector: plain, reason: 'no-users' }],
      });
      expect(await stack.call('POST', '/v1/syncs', { connectors: ['nobody'] })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/connectors/0' }] },
      });
      expect((await stack.sync(held, {}).catch((error: unknown) => String(error))) as string).toContain('sync-held');
      await stack.decide(first, 'reject');
    },
  );

  it('the scope of any sync can say the same, and users only goes with types of users', async () => {
    await put();
    await place(...before);
    const first = await stack.syncAndResume(name, { scope: { users: 'leave' } });
    expect(first).toMatchObject({ status: 'completed', counters: { [`${name}_Person`]: { inserted: 3 } } });
    const refused = async (scope: object) => {
      const { status, body } = await stack.call('POST', `/v1/connectors/${name}/syncs`, { scope });
      return [status, (body as { errors?: { pointer: string }[] }).errors?.[0]?.pointer];
    };
    expect(await refused({ users: 'only', entityTypes: [`${name}_Group`] })).toEqual([422, '/scope/entityTypes/0']);
    expect(await refused({ users: 'only', keys: { [`${name}_Group`]: [['G1']] } })).toEqual([
      422,
      `/scope/keys/${name}_Group`,
    ]);
    expect(await refused({ users: 'only', operations: ['delete'] })).toEqual([422, '/scope/operations']);
    await place(...after);
    const one = await stack.sync(name, { scope: { users: 'only', keys: { [`${name}_Person`]: [['E2']] } } });
    expect(one.counters[`${name}_Person`]).toMatchObject({ updated: 1 });
    // a sync that was limited is no base for narrowing or for "nothing changed"
    const whole = await stack.sync(name);
    expect(whole.counters).toMatchObject({
      [`${name}_Person`]: { inserted: 1, updated: 1, deleted: 1 },
      [`${name}_Group`]: { updated: 1, links: { members: { inserted: 2 } } },
    });
  });
});
