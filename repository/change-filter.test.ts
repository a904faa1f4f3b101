import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import { readChangeId, type ChangedSync, type ChangeFilter } from './change-filter.ts';
import { listChanges } from './changes-list.ts';

describe('a filter of changes', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let r: RepositoryFixture;
  let sync: ChangedSync;

  beforeAll(async () => {
    database = await createTestDatabase();
    r = await RepositoryFixture.create(database.url);
    await r.run({
      people: [
        { id: 'E1', name: 'Ann', badge: '1' },
        { id: 'E2', name: 'Bob', badge: '2', manager: '1' },
        { id: 'E3', name: 'Cid', badge: '3', manager: '1' },
        { id: 'F4', name: 'Dan', badge: '4' },
      ],
      groups: ['G1'],
      members: [
        { group: 'G1', person: 'E2' },
        { group: 'G1', person: 'E3' },
      ],
    });
    const { sync: no } = await r.diff({
      people: [
        { id: 'E1', name: 'Anna', badge: '1' },
        { id: 'E2', badge: '2', manager: '4' },
        { id: 'F4', name: 'Dan', badge: '4' },
        { id: 'F5', name: 'Eve', badge: '5' },
      ],
      groups: ['G1'],
      members: [{ group: 'G1', person: 'E2' }],
    });
    sync = { no, applied: false, status: 'held' };
  });
  afterAll(async () => {
    await r.close();
    await database.drop();
  });

  const found = async (filter: ChangeFilter, of = sync) =>
    (await listChanges(r.db, of, filter, undefined, 100))
      .map(({ operation, key, property }) => `${operation} ${key.join(',')}${property ? ` ${property}` : ''}`)
      .sort();

  it('that is empty means all', async () => {
    expect(await found({})).toEqual([
      'delete E3',
      'delete E3 manager',
      'delete G1 members',
      'insert F5',
      'update E1',
      'update E2',
      'update E2 manager',
    ]);
  });

  it('by kind, type, operation and property', async () => {
    expect(await found({ kind: 'link' })).toEqual(['delete E3 manager', 'delete G1 members', 'update E2 manager']);
    expect(await found({ entityType: 'hr_Group' })).toEqual(['delete G1 members']);
    expect(await found({ entityType: 'hr_Person', operation: 'delete' })).toEqual(['delete E3', 'delete E3 manager']);
    expect(await found({ property: 'name', operation: 'update' })).toEqual(['update E1', 'update E2']);
    expect(await found({ property: 'manager' })).toEqual(['delete E3 manager', 'update E2 manager']);
    expect(await found({ entityType: 'hr_Nothing' })).toEqual([]);
  });

  it('by keys and by what a key begins with, which means links from these resources, too', async () => {
    expect(await found({ keys: ['E3', 'F5'] })).toEqual(['delete E3', 'delete E3 manager', 'insert F5']);
    expect(await found({ keyPrefix: 'F' })).toEqual(['insert F5']);
    expect(await found({ keyPrefix: '%' })).toEqual([]);
    expect(await found({ keys: [] })).toEqual([]);
  });

  it('by what a property was and becomes', async () => {
    const named = (from: unknown, to: unknown) => found({ transition: { property: 'name', from, to } });
    expect(await named('Ann', 'Anna')).toEqual(['update E1']);
    expect(await named('Bob', null)).toEqual(['update E2']);
    expect(await named('Bob', 'null')).toEqual([]);
    expect(await found({ transition: { property: 'manager', from: 'E1', to: 'F4' } })).toEqual(['update E2 manager']);
  });

  it('by ids, whose letter says which list they are of', async () => {
    const [resource] = await listChanges(r.db, sync, { keys: ['F5'] }, undefined, 1);
    const [link] = await listChanges(r.db, sync, { property: 'members' }, undefined, 1);
    const ids = [`r${String(resource?.seq)}`, `l${String(link?.seq)}`];
    expect(await found({ ids })).toEqual(['delete G1 members', 'insert F5']);
    expect(await found({ ids: ids.slice(0, 1) })).toEqual(['insert F5']);
    expect(await found({ ids: [] })).toEqual([]);
    expect(['r1', 'l20', 'x1', 'r', 'r0', 'r1 or true'].map((id) => readChangeId(id)?.seq)).toEqual([
      1,
      20,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('by state, which is that of the sync unless a change has its own', async () => {
    expect(await found({ state: 'proposed' })).toHaveLength(7);
    expect(await found({ state: 'applied' })).toEqual([]);
    const rejected = { ...sync, status: 'rejected' as const };
    expect(await found({ state: 'refused' }, rejected)).toHaveLength(7);
    expect(await found({ state: 'proposed' }, rejected)).toEqual([]);
  });
});
