import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Shape {
  directory?: string;
  where?: string;
  membersWhere?: string;
  settings?: Record<string, unknown>;
  more?: Record<string, unknown>[];
}

/** People that are active, and groups whose members are of a kind. */
function file(name: string, { directory = name, where, membersWhere, settings, more = [] }: Shape = {}) {
  const members = { to: `${name}_Person`, table: 'members.csv', sourceColumn: 'group', targetColumn: 'person' };
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    thresholds: wide,
    connections: [{ name: 'files', package: 'csv', settings: { directory, ...settings } }],
    entityTypes: [
      {
        name: `${name}_Person`,
        source: { connection: 'files', table: 'people.csv', ...(where === undefined ? {} : { where }) },
        key: ['id'],
        managed: { rule: `resource.id != 'P39'` },
        properties: { id: { column: 'id' }, name: { column: 'name' } },
      },
      {
        name: `${name}_Group`,
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: { id: { column: 'id' } },
        navigationProperties: {
          members: { ...members, ...(membersWhere === undefined ? {} : { where: membersWhere }) },
        },
      },
      ...more,
    ],
  };
}

const active = `row.status == 'active'`;
const withoutLyon = `${active} && row.site != 'lyon'`;
/** P0 … P39, of whom the first five are in Lyon. */
const people = (...but: number[]) =>
  csv(
    'id,name,status,site',
    ...Array.from({ length: 40 }, (_, n) => n)
      .filter((n) => !but.includes(n))
      .map((n) => `P${String(n)},Name,active,${n < 5 ? 'lyon' : 'rome'}`),
  );
const files = {
  'people.csv': people(),
  'groups.csv': csv('id', 'G1'),
  'members.csv': csv(
    'group,person,kind',
    ...Array.from({ length: 40 }, (_, n) => `G1,P${String(n)},k${String(n % 20)}`),
  ),
};

describe('a filter that changed', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  async function given(name: string, shape: Shape = { where: active }): Promise<void> {
    await stack.put(file(name, shape), name);
    await stack.place(name, files);
    expect(await stack.syncAndResume(name)).toMatchObject({ applied: true });
  }
  const codes = ({ holds }: Sync) => holds.map(({ code, scope }) => `${scope} ${code}`);

  it('is told by reload, and holds the first sync that would delete by it, whatever the limits', async () => {
    await given('one');
    await stack.put(file('one', { where: withoutLyon }), 'one');
    expect((await stack.call('POST', '/v1/connectors/one/reload')).body).toMatchObject({
      revision: 2,
      filters: [{ scope: 'one_Person', parts: ['where'], since: 1 }],
    });
    const held = await stack.sync('one');
    expect(held).toMatchObject({ status: 'held', applied: false, counters: { one_Person: { deleted: 5 } } });
    expect(codes(held)).toEqual(['one_Person filter-changed']);
    expect(held.holds[0]?.message).toBe(
      'where of one_Person differs from revision 1, which the last full comparison of one_Person used: 5 lines would be deleted.',
    );
    expect(held.causes[0]).toMatchObject({ code: 'configuration-changed', entityType: 'one_Person', lines: 10 });
    // refused, nothing is accepted: the next one is held again
    await stack.decide(held, 'reject');
    const again = await stack.sync('one');
    expect(codes(again)).toEqual(['one_Person filter-changed']);
    expect(await stack.decide(again, 'resume')).toMatchObject({ applied: true });
    expect((await stack.call('POST', '/v1/connectors/one/reload')).body).toMatchObject({ filters: [] });
    // now it is the one that all was compared by: whoever leaves goes within the limits
    await stack.place('one', { 'people.csv': people(7, 8) });
    expect(await stack.sync('one')).toMatchObject({
      applied: true,
      holds: [],
      counters: { one_Person: { deleted: 2 } },
    });
  });

  it('of a table of links holds as well, and another folder, and a table that it is read from', async () => {
    await given('two', { membersWhere: `row.kind != 'none'` });
    await stack.put(file('two', { membersWhere: `row.kind != 'k3'` }), 'two');
    const held = await stack.sync('two');
    expect(codes(held)).toEqual(['two_Group.members filter-changed']);
    expect(held.counters['two_Group']?.links['members']).toMatchObject({ deleted: 2 });
    await stack.decide(held, 'resume');
    await stack.put(file('two', { membersWhere: `row.kind != 'k3'`, directory: 'elsewhere' }), 'two');
    await stack.place('elsewhere', { ...files, 'people.csv': people(11) });
    expect(codes(await stack.sync('two'))).toEqual(['two_Person filter-changed', 'two_Group.members filter-changed']);
  });

  it('is accepted by no sync that leaves out a part, and by none before it was resumed', async () => {
    const settings = { delta: { directory: 'three-delta', commandColumn: 'command' } };
    await stack.place('three-delta', {});
    await given('three', { where: active, settings });
    await stack.put(file('three', { where: withoutLyon, settings }), 'three');
    await stack.place('three-delta', {
      'people-1.csv': csv('command,id,name,status,site', 'update,P9,Other,active,rome'),
    });
    const applied = async (body: Record<string, unknown>) => {
      expect(await stack.sync('three', body)).toMatchObject({ applied: true });
    };
    await applied({ mode: 'incremental' });
    await applied({ scope: { operations: ['insert', 'update'] } });
    await applied({ scope: { keys: { three_Person: [['P20']] } } });
    // without its final line break the file does not prove that it was read to its end
    await stack.place('three', { 'people.csv': people().trimEnd() });
    expect(await stack.sync('three')).toMatchObject({ status: 'completed-with-errors', deletesWithheld: 5 });
    await stack.place('three', { 'people.csv': people() });
    const item = await stack.sync('three', { scope: { keys: { three_Person: [['P1']] } } });
    expect(codes(item)).toEqual(['three_Person filter-changed']);
    await stack.decide(item, 'resume');
    const managed = await stack.sync('three', { scope: { managedOnly: true } });
    expect(codes(managed)).toEqual(['three_Person filter-changed']);
    await stack.decide(managed, 'reject');
    const dry = await stack.sync('three', { dryRun: true });
    expect(dry).toMatchObject({ status: 'completed', applied: false });
    expect(codes(dry)).toEqual(['three_Person filter-changed']);
    const held = await stack.sync('three');
    expect(held).toMatchObject({ status: 'held', counters: { three_Person: { deleted: 4 } } });
    expect(codes(held)).toEqual(['three_Person filter-changed']);
  });

  it('of an entity type that is new, or of what is only read otherwise, holds nothing', async () => {
    await given('four');
    const visitor = {
      name: 'four_Visitor',
      source: { connection: 'files', table: 'groups.csv', where: `row.id != 'G1'` },
      key: ['id'],
      properties: { id: { column: 'id' } },
    };
    const settings = { finalNewline: 'optional', delta: { directory: 'four-delta', commandColumn: 'command' } };
    await stack.put(file('four', { where: active, settings, more: [visitor] }), 'four');
    await stack.place('four', { 'people.csv': people(11) });
    const sync = await stack.sync('four');
    expect(sync).toMatchObject({ applied: true, holds: [], counters: { four_Person: { deleted: 1 } } });
  });

  it('is known of installations that had applied syncs before filters were compared', async () => {
    const migration = await readFile(
      join(import.meta.dirname, '..', '..', 'repository', 'migrations', '0024-filters.sql'),
      'utf8',
    );
    const client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
    const accepted = async () =>
      (
        await client.query(
          // of the others a part of a sync says more than the whole of it, which is all that earlier versions kept
          `select name, filter_revision from syncline.entity_type where name not like 'three%'
           union all
           select t.name || '.' || p.name, p.filter_revision
           from syncline.link_property p join syncline.entity_type t on t.id = p.entity_type
           where t.name not like 'three%' order by 1`,
        )
      ).rows as unknown[];
    try {
      const before = await accepted();
      await client.query(
        'update syncline.entity_type set filter_revision = null; update syncline.link_property set filter_revision = null',
      );
      await client.query(migration.slice(migration.indexOf('update syncline.entity_type')));
      expect(await accepted()).toEqual(before);
    } finally {
      await client.end();
    }
  });
});
