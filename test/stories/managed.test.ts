import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RowError, Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Jobs } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

interface Resource {
  key: string[];
  label: string;
  managed: boolean;
  managedChoice: { managed: boolean; by: string; at: string } | null;
  attributes: Record<string, string>;
  links: Record<string, { items: { key: string[] }[] }>;
}

describe('managed and unmanaged resources', { timeout: 240_000 }, () => {
  let stack: Stack;
  let n = 0;
  let name = '';
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    name = `m${String(++n)}`;
  });

  /** Groups of which some are managed; people all are. */
  async function put(managed: unknown, more: { thresholds?: object; settings?: Record<string, unknown> } = {}) {
    const file = peopleAndGroups({
      name,
      thresholds: { ...wide, ...more.thresholds },
      ...(more.settings ? { settings: more.settings } : {}),
    });
    const [person, group] = file.entityTypes;
    await stack.put({ ...file, entityTypes: [person, { ...group, label: 'title', managed }] }, name);
  }
  const place = (groups: string[], members: string[] = [], people = ['E1,Ada,a@x,', 'E2,Ben,b@x,E1']) =>
    stack.place(name, {
      'people.csv': csv('id,name,mail,manager', ...people),
      'groups.csv': csv('id,title', ...groups),
      'members.csv': csv('group,person', ...members),
    });
  const group = (key: string) => stack.get<Resource>(`/v1/entity-types/${name}_Group/resources/${key}`);
  const groups = async (query = '') =>
    (await stack.all<Resource>(`/v1/entity-types/${name}_Group/resources${query}`)).map(({ key }) => key[0]);
  const members = async (key: string) => (await group(key)).links['members']?.items.map((each) => each.key[0]);
  const managedOnly = (more: object = {}, mode = 'complete') =>
    stack.syncAndResume(name, { mode, scope: { managedOnly: true, ...more } });
  const choose = (key: string, managed: boolean) =>
    stack.call('PUT', `/v1/entity-types/${name}_Group/resources/${key}/managed`, { managed });
  const byTitle = { rule: "resource.title.startsWith('App')" };

  it('are told apart by a rule, and all known with their label', async () => {
    await put(byTitle);
    await place(['G1,App one', 'G2,List two', 'G3,App three'], ['G1,E1', 'G2,E1']);
    const first = await stack.syncAndResume(name);
    expect(first).toMatchObject({ status: 'completed', counters: { [`${name}_Group`]: { inserted: 3 } } });
    expect(await groups('?managed=true')).toEqual(['G1', 'G3']);
    expect(await groups('?managed=false')).toEqual(['G2']);
    expect(await group('G2')).toMatchObject({ label: 'List two', managed: false, managedChoice: null });
    expect(await stack.get(`/v1/entity-types/${name}_Group`)).toMatchObject({ managedBy: 'rule', users: false });
    expect(await stack.get(`/v1/entity-types/${name}_Person/resources/E1`)).toMatchObject({ managed: true });
    expect(await choose('G2', true)).toMatchObject({ status: 409, body: { code: 'not-by-hand' } });
    expect(
      await stack.call('GET', `/v1/entity-types/${name}_Group/resources?managed=true&asOf=${first.id}`),
    ).toMatchObject({ status: 422 });
  });

  it('are synchronised only by syncs of everything: none is inserted, updated or deleted by one over managed ones', async () => {
    await put(byTitle);
    await place(['G1,App 1', 'G2,List 2', 'G3,App 3', 'G4,List 4'], ['G1,E1', 'G2,E1', 'G4,E1']);
    await stack.syncAndResume(name);
    await place(
      // updated: both kinds; gone: both kinds; new: both kinds
      ['G1,App one', 'G2,List two', 'G5,App 5', 'G6,List 6'],
      ['G1,E2', 'G2,E2', 'G5,E1', 'G6,E1'],
    );
    const sync = await managedOnly();
    expect(sync).toMatchObject({
      status: 'completed',
      scope: { managedOnly: true },
      counters: {
        [`${name}_Group`]: {
          ...{ stored: 4, inserted: 1, updated: 1, deleted: 1, unchanged: 2 },
          links: { members: { stored: 3, inserted: 2, deleted: 1, rejected: 0 } },
        },
      },
    });
    expect(await groups()).toEqual(['G1', 'G2', 'G4', 'G5']);
    expect((await group('G2')).attributes['title']).toBe('List 2');
    expect(await members('G2')).toEqual(['E1']);
    expect(await members('G1')).toEqual(['E2']);
    expect(await members('G5')).toEqual(['E1']);
    // the next sync over everything finds exactly the rest
    expect(await stack.syncAndResume(name)).toMatchObject({
      counters: {
        [`${name}_Group`]: {
          ...{ inserted: 1, updated: 1, deleted: 1 },
          links: { members: { inserted: 2, deleted: 2 } },
        },
      },
    });
    expect(await groups('?managed=false')).toEqual(['G2', 'G6']);
    expect((await stack.sync(name)).changesRemovedAt).toBeNull();
  });

  it('follow the source from one kind to the other, compared once more on the way', async () => {
    await put(byTitle);
    await place(['G1,App 1', 'G2,List 2']);
    await stack.syncAndResume(name);
    await place(['G1,List 1', 'G2,App 2']);
    expect(await managedOnly()).toMatchObject({ counters: { [`${name}_Group`]: { updated: 2 } } });
    expect(await groups('?managed=true')).toEqual(['G2']);
    await place(['G1,List one', 'G2,App two']);
    expect(await managedOnly()).toMatchObject({ counters: { [`${name}_Group`]: { updated: 1 } } });
    expect((await group('G1')).attributes['title']).toBe('List 1');
  });

  it('are told apart anew by the next sync after a rule has changed, with no line for that', async () => {
    await put(byTitle);
    await place(['G1,App 1', 'G2,List 2', 'G3,List 3']);
    await stack.syncAndResume(name);
    await put({ rule: "resource.title.startsWith('List')" });
    const sync = await stack.sync(name);
    expect(sync).toMatchObject({ status: 'completed', counters: { [`${name}_Group`]: { updated: 0, unchanged: 3 } } });
    expect(await groups('?managed=true')).toEqual(['G2', 'G3']);
    const log = await stack.all<{ message: string }>(`/v1/syncs/${sync.id}/log`);
    expect(log.map(({ message }) => message).join('\n')).toContain('2 stored resources become managed and 1 unmanaged');
    // narrowed to the lines that differ, flags of the others stay
    await place(['G1,App 1', 'G2,List 2', 'G3,App 3', 'G4,List 4']);
    const narrowed = await stack.syncAndResume(name);
    const told = await stack.all<{ message: string }>(`/v1/syncs/${narrowed.id}/log`);
    expect(told.map(({ message }) => message).join('\n')).toContain(
      'Compared line by line with the last applied export',
    );
    expect(await groups('?managed=true')).toEqual(['G2', 'G4']);
    // without the section all of them are managed, at once
    await put(undefined);
    expect(await groups('?managed=true')).toHaveLength(4);
  });

  it('are unmanaged where the rule cannot tell, with a warning and nothing rejected', async () => {
    await put(byTitle);
    await place(['G1,App 1', 'G2,', 'G3,App 3']);
    const sync = await stack.syncAndResume(name);
    expect(sync).toMatchObject({ status: 'completed', counters: { [`${name}_Group`]: { inserted: 3, rejected: 0 } } });
    expect(await stack.all<RowError>(`/v1/syncs/${sync.id}/errors`)).toMatchObject([
      { code: 'managed-rule', effect: 'warning', key: ['G2'] },
    ]);
    expect(await groups('?managed=false')).toEqual(['G2']);
  });

  it('are told beforehand by a preview, by rule and by hand', async () => {
    const preview = async (row: object) => {
      const body = { entityType: `${name}_Group`, row };
      return (await stack.call('POST', `/v1/connectors/${name}/preview`, body)).body;
    };
    await put(byTitle);
    expect(await preview({ id: 'G1', title: 'App' })).toMatchObject({ resource: { managed: true }, errors: [] });
    expect(await preview({ id: 'G1', title: 'List' })).toMatchObject({ resource: { managed: false }, errors: [] });
    expect(await preview({ id: 'G1', title: '' })).toMatchObject({
      outcome: 'row',
      resource: { key: ['G1'], managed: false },
      errors: [{ code: 'managed-rule' }],
      changes: [{ operation: 'insert' }],
    });
    await put(undefined);
    expect(await preview({ id: 'G1', title: 'List' })).toMatchObject({ resource: { managed: true } });
    await place(['G1,One']);
    await stack.syncAndResume(name);
    await put({ by: 'hand' });
    // what is stored stays as it was until somebody chooses
    expect(await preview({ id: 'G1', title: 'One' })).toMatchObject({ resource: { managed: true }, changes: [] });
    await choose('G1', false);
    expect(await preview({ id: 'G1', title: 'One' })).toMatchObject({ resource: { managed: false } });
    expect(await preview({ id: 'G2', title: 'Two' })).toMatchObject({ resource: { managed: false } });
    // a choice outlives its resource
    await place(['G2,Two']);
    await stack.syncAndResume(name);
    await choose('G2', true);
    await place(['G3,Three']);
    await stack.syncAndResume(name);
    expect(await preview({ id: 'G2', title: 'Two' })).toMatchObject({ resource: { managed: true } });
  });

  it('are what a job over managed ones takes, from its schedule to its end', async () => {
    const jobs = new Jobs(stack);
    await put(byTitle);
    await place(['G1,App 1', 'G2,List 2'], ['G1,E1', 'G2,E1']);
    await stack.syncAndResume(name);
    await place(['G1,App one', 'G2,List two', 'G3,App 3', 'G4,List 4'], ['G1,E2', 'G2,E2']);
    await jobs.put(name, { connectors: [name], managedOnly: true, cron: '* * * * *' });
    const execution = await jobs.scheduled(name);
    await stack.call('DELETE', `/v1/jobs/${name}`);
    expect(execution).toMatchObject({
      status: 'completed',
      managedOnly: true,
      results: [{ connector: name, status: 'completed', reason: null }],
    });
    expect(await stack.get<Sync>(`/v1/syncs/${execution.results[0]?.syncId ?? ''}`)).toMatchObject({
      ...{ trigger: 'scheduled', syncedBy: 'system', priority: 'low', scope: { managedOnly: true } },
      counters: { [`${name}_Group`]: { inserted: 1, updated: 1, deleted: 0, unchanged: 1 } },
    });
    expect(await groups()).toEqual(['G1', 'G2', 'G3']);
    expect((await group('G2')).attributes['title']).toBe('List 2');
    expect(await members('G1')).toEqual(['E2']);
    expect(await members('G2')).toEqual(['E1']);
  });

  it('refuse a rule that cannot be used, saying where', async () => {
    const refused = async (managed: unknown) => {
      const file = peopleAndGroups({ name });
      const [person, groupType] = file.entityTypes;
      const body = { ...file, entityTypes: [person, { ...groupType, managed }] };
      const answer = await stack.call('PUT', `/v1/connectors/${name}`, body);
      return [answer.status, (answer.body as { errors?: { pointer: string }[] }).errors?.[0]?.pointer];
    };
    const rule = '/entityTypes/1/managed/rule';
    expect(await refused({ rule: 'resource.titel == "x"' })).toEqual([422, rule]);
    expect(await refused({ rule: 'row.title == "x"' })).toEqual([422, rule]);
    expect(await refused({ rule: '"text"' })).toEqual([422, rule]);
    expect(await refused({ rule: 'resource.title ==' })).toEqual([422, rule]);
    expect(await refused({ by: 'dice' })).toEqual([422, '/entityTypes/1/managed']);
    const elsewhere = await stack.call('PUT', `/v1/connectors/${name}`, { ...peopleAndGroups({ name }), managed: {} });
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'not-supported' } });
  });

  it('are chosen by hand: who and when is kept, and it holds for the next sync, also when one comes back', async () => {
    await put({ by: 'hand' });
    await place(['G1,One', 'G2,Two'], ['G1,E1']);
    await stack.syncAndResume(name);
    expect(await groups('?managed=true')).toEqual([]);
    const chosen = await choose('G1', true);
    expect(chosen).toMatchObject({
      status: 200,
      body: { key: ['G1'], managed: true, managedChoice: { managed: true, by: 'user:local' } },
    });
    expect(await group('G1')).toMatchObject({ managed: true, managedChoice: { by: 'user:local' } });
    expect((await choose('G9', true)).status).toBe(404);
    expect((await stack.call('PUT', `/v1/entity-types/${name}_Group/resources/G1/managed`, {})).status).toBe(422);
    await place(['G1,Changed', 'G2,Changed'], ['G1,E2', 'G2,E2']);
    await managedOnly();
    expect((await group('G1')).attributes['title']).toBe('Changed');
    expect(await members('G1')).toEqual(['E2']);
    expect((await group('G2')).attributes['title']).toBe('Two');
    await place(['G2,Two']);
    await managedOnly();
    expect(await groups()).toEqual(['G2']);
    await place(['G1,Back', 'G2,Two', 'G3,New']);
    await managedOnly();
    expect(await groups()).toEqual(['G1', 'G2']);
    expect(await groups('?managed=true')).toEqual(['G1']);
    await choose('G1', false);
    await place(['G1,Again', 'G2,Two']);
    expect(await managedOnly()).toMatchObject({ counters: { [`${name}_Group`]: { updated: 0 } } });
  });

  it('are chosen many at once, all or none, and a choice that is made already changes nothing', async () => {
    await put({ by: 'hand' });
    await place(['G1,One', 'G2,Two', 'G3,Three']);
    await stack.syncAndResume(name);
    const many = (body: object) => stack.call('PUT', `/v1/entity-types/${name}_Group/managed`, body);
    expect(await many({ managed: true, keys: [['G1'], ['G3'], ['G3']] })).toMatchObject({
      status: 200,
      body: { entityType: `${name}_Group`, managed: true, chosen: 2, changed: 2 },
    });
    expect(await groups('?managed=true')).toEqual(['G1', 'G3']);
    expect((await group('G3')).managedChoice).toMatchObject({ managed: true, by: 'user:local' });
    const pointers = ({ body }: { body: unknown }) =>
      (body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    const stale = await many({ managed: true, keys: [['G2'], ['G8'], ['G9']] });
    expect([stale.status, pointers(stale)]).toEqual([422, ['/keys/1', '/keys/2']]);
    expect(pointers(await many({ managed: true, keys: [['G2', 'G3']] }))).toEqual(['/keys/0']);
    expect((await many({ managed: true, keys: [] })).status).toBe(422);
    expect((await many({ managed: true, keys: Array.from({ length: 501 }, () => ['G2']) })).status).toBe(422);
    expect(await groups('?managed=true')).toEqual(['G1', 'G3']);
    expect(await many({ managed: false, keys: [['G2'], ['G3']] })).toMatchObject({ body: { chosen: 2, changed: 1 } });
    expect(await groups('?managed=true')).toEqual(['G1']);
    const people = await stack.call('PUT', `/v1/entity-types/${name}_Person/managed`, {
      managed: true,
      keys: [['E1']],
    });
    expect(people).toMatchObject({ status: 409, body: { code: 'not-by-hand' } });
    expect((await stack.call('PUT', '/v1/entity-types/Nobody/managed', { managed: true, keys: [['E1']] })).status).toBe(
      404,
    );
    await place(['G1,Changed', 'G2,Changed', 'G3,Changed']);
    expect(await managedOnly()).toMatchObject({ counters: { [`${name}_Group`]: { updated: 1 } } });
  });

  it('combine with keys, entity types and operations; limits are of everything stored', async () => {
    await put(byTitle, { thresholds: { maxPercentageDeletedLines: 20 } });
    const all = Array.from({ length: 10 }, (_, i) => `G${String(i)},${i < 5 ? 'App' : 'List'} ${String(i)}`);
    await place(all);
    await stack.syncAndResume(name);
    const type = `${name}_Group`;
    await place(all.map((line) => `${line}!`));
    expect(await managedOnly({ keys: { [type]: [['G1'], ['G7']] } })).toMatchObject({
      counters: { [type]: { updated: 1 } },
    });
    expect(await managedOnly({ operations: ['insert', 'delete'] })).toMatchObject({
      counters: { [type]: { updated: 0 } },
    });
    const only = await managedOnly({ entityTypes: [type] });
    expect(only.counters).toMatchObject({ [type]: { updated: 4 } });
    expect(Object.keys(only.counters)).toEqual([type]);
    // 12 are stored: 20 percent are two lines, though only five are managed
    await place(['G2', 'G3', 'G4', 'G7', 'G8', 'G9'].map((key) => `${key},App`));
    const two = await stack.sync(name, { scope: { managedOnly: true, operations: ['delete'] } });
    expect(two).toMatchObject({ status: 'completed', counters: { [type]: { deleted: 2 } } });
    await place(['G4', 'G7'].map((key) => `${key},App`));
    const held = await stack.sync(name, { scope: { managedOnly: true, operations: ['delete'] } });
    expect(held.status).toBe('completed');
    await place(['G7,App']);
    await stack.sync(name, { scope: { managedOnly: true, operations: ['delete'] } });
    expect(await groups('?managed=true')).toEqual([]);
    expect(await groups()).toEqual(['G5', 'G6', 'G7', 'G8', 'G9']);
  });

  it('hold a sync over managed ones as any other', async () => {
    await put(byTitle, { thresholds: { maximumDeletedLines: 1 } });
    await place(['G1,App 1', 'G2,App 2', 'G3,List 3']);
    await stack.syncAndResume(name);
    await place(['G4,App 4']);
    const held = await stack.sync(name, { scope: { managedOnly: true } });
    expect(held).toMatchObject({ status: 'held', counters: { [`${name}_Group`]: { deleted: 2 } } });
    await stack.decide(held, 'resume');
    expect(await groups()).toEqual(['G3', 'G4']);
  });

  it('are left out of delta files too, and what a limited sync took of them is no error for the next', async () => {
    await put(byTitle, { settings: { delta: { directory: `${name}-delta`, commandColumn: 'command' } } });
    await stack.place(`${name}-delta`, {});
    await place(['G1,App 1', 'G2,List 2', 'G3,List 3']);
    await stack.syncAndResume(name);
    await stack.place(`${name}-delta`, {
      'groups-1.csv': csv(
        'command,id,title',
        ...[
          'insert,G4,App 4',
          'insert,G5,List 5',
          'update,G2,List two',
          'update,G3,App 3',
          'delete,G1,',
          'update,G4,App four',
        ],
      ),
      'members-1.csv': csv('command,group,person', 'insert,G4,E1', 'insert,G2,E1', 'insert,G5,E1'),
    });
    const first = await managedOnly({}, 'incremental');
    expect(first).toMatchObject({
      status: 'completed',
      mode: 'incremental',
      counters: {
        [`${name}_Group`]: { inserted: 1, updated: 1, deleted: 1, rejected: 0, links: { members: { inserted: 1 } } },
      },
    });
    expect(await groups('?managed=true')).toEqual(['G3', 'G4']);
    expect((await group('G4')).attributes['title']).toBe('App four');
    expect(await managedOnly({}, 'incremental')).toMatchObject({
      status: 'completed',
      counters: { [`${name}_Group`]: { inserted: 0, updated: 0, rejected: 0 } },
    });
    expect(await stack.syncAndResume(name, { mode: 'incremental' })).toMatchObject({
      status: 'completed',
      counters: {
        [`${name}_Group`]: { inserted: 1, updated: 1, deleted: 0, rejected: 0, links: { members: { inserted: 2 } } },
      },
    });
    expect(await groups('?managed=false')).toEqual(['G2', 'G5']);
  });

  it('keep the target of a link that would lead to a resource which is left out', async () => {
    await put(undefined);
    const file = peopleAndGroups({ name, thresholds: wide });
    const [person, groupType] = file.entityTypes;
    await stack.put(
      {
        ...file,
        entityTypes: [{ ...person, managed: { rule: "resource.mail != ''  && resource.mail != null" } }, groupType],
      },
      name,
    );
    await place(['G1,All'], [], ['E1,Ada,a@x,', 'E2,Ben,b@x,E1']);
    await stack.syncAndResume(name);
    await place(['G1,All'], ['G1,E9'], ['E1,Ada,a@x,', 'E2,Ben,b@x,E9', 'E9,New,,']);
    const sync: Sync = await managedOnly();
    expect(sync).toMatchObject({ status: 'completed', counters: { [`${name}_Person`]: { inserted: 0 } } });
    expect(await stack.all(`/v1/syncs/${sync.id}/errors`)).toEqual([]);
    expect(
      (await stack.get<Resource>(`/v1/entity-types/${name}_Person/resources/E2`)).links['manager']?.items[0]?.key,
    ).toEqual(['E1']);
    await stack.syncAndResume(name);
    expect(
      (await stack.get<Resource>(`/v1/entity-types/${name}_Person/resources/E2`)).links['manager']?.items[0]?.key,
    ).toEqual(['E9']);
    expect(await members('G1')).toEqual(['E9']);
  });
});
