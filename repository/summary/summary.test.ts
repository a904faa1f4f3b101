import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Counters } from '../../domain/sync.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { RepositoryFixture, type Source } from '../../test/support/repository-fixture.ts';
import { draftDecisions } from '../changes/draft-decisions.ts';
import { labelsOf } from '../changes/labels.ts';
import { writeChanges } from '../change-parts.ts';
import { pageOfChanges } from '../changes/pages.ts';
import { row } from '../database.ts';
import { insertDraft } from '../drafts/drafts.ts';
import { makeDraft } from '../drafts/make.ts';
import { storeRows } from '../drafts/rows.ts';
import { draftGroups } from './draft-counts.ts';
import { newerRevision, previousSync, usualCounters } from './earlier.ts';
import { readSummary } from './read-summary.ts';

const staff: Source = {
  people: [
    { id: 'E1', name: 'Ann', badge: 'a' },
    { id: 'E2', name: 'Bob', badge: 'b', manager: 'a' },
    { id: 'E3', name: 'Cyd', badge: 'c', manager: 'a' },
    { id: 'E4', name: 'Dan', badge: 'd' },
  ],
  groups: ['G1', 'G2'],
  members: [
    { group: 'G1', person: 'E2' },
    { group: 'G1', person: 'E3' },
  ],
};

describe('the summary of a change set', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let r: RepositoryFixture;
  beforeAll(async () => {
    database = await createTestDatabase();
    r = await RepositoryFixture.create(database.url);
    await r.db.raw(`update syncline.entity_type set label_property = 'name' where id = ?`, [r.person]);
    await r.run(staff);
  });
  afterAll(async () => {
    await r.close();
    await database.drop();
  });

  const recorded = async (source: Source) => {
    const found = await r.diff(source);
    await r.db.raw('update syncline.sync set digest = ?, change_count = ? where no = ?', [
      found.digest,
      found.changes,
      found.sync,
    ]);
    return found;
  };

  it('counts by type, property and value, and names who has a new key', async () => {
    const { sync } = await recorded({
      ...staff,
      people: [
        { id: 'E1', name: 'Anna', badge: 'a' },
        { id: 'E2', name: 'Bob', badge: 'b', manager: 'd' },
        { id: 'X3', name: 'Cyd', badge: 'c', manager: 'd' },
        { id: 'E4', name: 'Dan', badge: 'd', manager: 'a' },
      ],
      members: [{ group: 'G1', person: 'E2' }],
    });
    const { groups, ...rest } = await readSummary(r.db, sync);
    expect(rest).toMatchObject({
      total: 8,
      counts: { deleted: 1, updated: 1, inserted: 1, linksDeleted: 2, linksUpdated: 1, linksInserted: 2 },
      groupsOmitted: 0,
      rekeyed: { pairs: 1, entityType: 'hr_Person', by: 'name' },
    });
    const told = groups.map(
      ({ entityType, operation, kind, property, transition, lines }) =>
        `${entityType} ${kind} ${operation} ${property ?? '*'} ${transition ? JSON.stringify([transition.from, transition.to]) : ''} ${String(lines)}`,
    );
    expect(told.toSorted()).toEqual(
      [
        'hr_Person resource delete *  1',
        'hr_Person resource update *  1',
        'hr_Person resource insert *  1',
        'hr_Person link delete *  1',
        'hr_Person link update *  1',
        'hr_Person link insert *  2',
        'hr_Group link delete *  1',
        'hr_Person resource update name  1',
        'hr_Person resource update name ["Ann","Anna"] 1',
        'hr_Person link delete manager  1',
        'hr_Person link update manager  1',
        'hr_Person link update manager ["E1","E4"] 1',
        'hr_Person link insert manager  2',
        'hr_Group link delete members  1',
        ...['id', 'name', 'badge'].flatMap((property) => [
          `hr_Person resource delete ${property}  1`,
          `hr_Person resource insert ${property}  1`,
        ]),
      ].toSorted(),
    );
    // what people choose by comes first
    expect(told.slice(-6).every((each) => /resource (delete|insert) [a-z]/.test(each))).toBe(true);
    expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
    const again = await recorded({ ...staff, people: staff.people.map((each) => ({ ...each, name: 'Same' })) });
    const renamed = await readSummary(r.db, again.sync);
    expect(renamed.groups.find(({ property, transition }) => property === 'name' && !transition)).toMatchObject({
      lines: 4,
      share: 1,
    });
  });

  it('counts who loses a value, and has no transitions where values are too many or too long', async () => {
    const people = Array.from({ length: 60 }, (_, n) => ({
      id: `P${String(n)}`,
      name: `N${String(n)}`,
      badge: 'x'.repeat(300),
    }));
    await r.run({ ...staff, people: [...staff.people, ...people] });
    const { sync } = await recorded({
      ...staff,
      people: [...staff.people, ...people.map(({ id, name }) => ({ id, name: `${name}!` }))],
    });
    const { groups } = await readSummary(r.db, sync);
    const of = (property: string) => groups.filter((group) => group.property === property);
    expect(of('badge')).toMatchObject([{ lines: 60, becameNull: 60 }]);
    expect(of('name')).toMatchObject([{ lines: 60, becameNull: 0 }]);
    await r.run(staff);
  });

  it('counts which properties the resources have that come or go, and lists and drafts know these groups', async () => {
    const { sync: no, digest } = await recorded({
      ...staff,
      people: [
        ...staff.people.slice(0, 3),
        { id: 'N1', name: 'New', badge: 'n' },
        { id: 'N2', name: 'Newer', badge: 'm' },
        { id: 'N3', name: 'Newest' },
      ],
    });
    const { groups } = await readSummary(r.db, no);
    const of = (operation: string, property: string | null) =>
      groups.find((group) => group.operation === operation && group.property === property);
    expect(of('insert', 'name')).toMatchObject({ lines: 3, share: 0.75, becameNull: 0, transition: null });
    expect(of('insert', 'badge')).toMatchObject({ lines: 2, share: 0.5 });
    expect(of('delete', 'badge')).toMatchObject({ lines: 1, share: 0.25 });
    const sync = { no, applied: false, status: 'held', id: randomUUID(), digest } as const;
    const group = of('insert', 'badge')?.id;
    const { found, total } = await pageOfChanges(r.db, sync, { group }, {}, 50);
    expect(total).toBe(2);
    expect(found.map(({ change }) => change.key[0]).toSorted()).toEqual(['N1', 'N2']);
    const draft = await r.db.transaction(async (tx) => {
      const made = await makeDraft(
        tx,
        sync,
        { rules: [{ decision: 'defer', filter: { group } }], otherwise: 'apply' },
        [null, null],
      );
      const { counts, conflicts } = made;
      const stored = await insertDraft(tx, no, {
        ...{ id: randomUUID(), digest: made.digest, by: 'test', rules: [], otherwise: 'apply', note: null },
        ...{ counts, conflicts },
      });
      await storeRows(tx, stored.no, made.rows);
      return stored;
    });
    const drafted = await draftGroups(r.db, no, draft.no, groups);
    const decisionOf = (id: string | undefined) => drafted.find((each) => each.id === id)?.decision;
    expect(decisionOf(of('insert', null)?.id)).toEqual({ apply: 1, refuse: 0, defer: 2 });
    expect(decisionOf(of('insert', 'name')?.id)).toEqual({ apply: 1, refuse: 0, defer: 2 });
    expect(decisionOf(of('insert', 'badge')?.id)).toEqual({ apply: 0, refuse: 0, defer: 2 });
    expect(decisionOf(of('delete', 'badge')?.id)).toEqual({ apply: 1, refuse: 0, defer: 0 });
  });

  it('finds any page of the resources that come with a property in a large change set', async () => {
    const { sync: no } = await recorded({ ...staff, people: [...staff.people, { id: 'N1', name: 'New' }] });
    const count = 10_400;
    await r.db.transaction((tx) =>
      writeChanges(tx, {
        ...{ kind: 'change', sync: no, expected: count, columns: 'entity_type, operation, resource, key, after' },
        select: `select ${String(r.person)}, 'i', nextval('syncline.resource_id'), 'M' || n, jsonb_build_object('id', 'M' || n)
          || case when n % 4 = 0 then jsonb_build_object('badge', n::text) else '{}' end
          from generate_series(1, ${String(count)}) n`,
      }),
    );
    await r.db.raw('update syncline.sync set change_count = change_count + ? where no = ?', [count, no]);
    const { groups } = await readSummary(r.db, no);
    const group = groups.find(({ operation, property }) => operation === 'insert' && property === 'badge');
    expect(group?.lines).toBe(2_600);
    const sync = { no, applied: false, status: 'held' } as const;
    const page = await pageOfChanges(r.db, sync, { group: group?.id }, { at: 0.5 }, 20);
    expect(page).toMatchObject({ total: 2_600, from: 1_300 });
    expect(page.found.map(({ change }) => change.after)).toEqual(
      Array.from({ length: 20 }, (): unknown => expect.objectContaining({ badge: expect.any(String) as string })),
    );
  });

  it('names what is usual: earlier applied syncs of its mode, not the first', async () => {
    const counters = (deleted: number): Counters => ({
      hr_Person: {
        stored: 9,
        inserted: 0,
        updated: 1,
        deleted,
        unchanged: 8,
        read: 9,
        rejected: 0,
        duplicates: 0,
        filtered: 0,
        links: {},
      },
    });
    for (const deleted of [1000, 2, 4, 9]) {
      const { sync } = await r.run(staff);
      await r.db.raw('update syncline.sync set counters = ?::jsonb where no = ?', [
        JSON.stringify(counters(deleted)),
        sync,
      ]);
      if (deleted === 1000)
        await r.db.raw(
          'update syncline.connector set first_complete_sync = ? where id = (select connector from syncline.sync where no = ?)',
          [sync, sync],
        );
    }
    const { sync } = await recorded({ ...staff, groups: ['G1'] });
    await r.db.raw('update syncline.sync set counters = ?::jsonb where no = ?', [JSON.stringify(counters(1)), sync]);
    const about = await row<Parameters<typeof usualCounters>[1]>(
      r.db,
      'select no, connector, mode, digest from syncline.sync where no = ?',
      [sync],
    );
    if (!about) throw new Error('no sync');
    const figures = (await usualCounters(r.db, about)).map((each) => each['hr_Person']?.deleted);
    expect(figures.filter((deleted) => deleted !== undefined)).toEqual([9, 4, 2]);
    expect((await readSummary(r.db, sync)).usual.counters['hr_Person']).toMatchObject({
      deleted: { median: 4, max: 9 },
      updated: { median: 1, max: 1 },
    });
    expect(await usualCounters(r.db, { ...about, mode: 'incremental' })).toEqual([]);
  });

  it('finds the earlier sync with the same changes, and a newer revision', async () => {
    const source = { ...staff, people: staff.people.slice(1) };
    const first = await recorded(source);
    const decision = {
      action: 'reject',
      by: 'user:local',
      at: '2026-01-01T00:00:00Z',
      reason: 'wrong export',
      digest: first.digest,
    };
    await r.db.raw(`update syncline.sync set status = 'rejected', decision = ?::jsonb where no = ?`, [
      JSON.stringify(decision),
      first.sync,
    ]);
    await recorded(staff);
    const second = await recorded(source);
    expect(second.digest).toBe(first.digest);
    const about = await row<Parameters<typeof previousSync>[1] & { id: string }>(
      r.db,
      'select no, connector, mode, digest from syncline.sync where no = ?',
      [second.sync],
    );
    const before = await row<{ id: string }>(r.db, 'select id from syncline.sync where no = ?', [first.sync]);
    if (!about) throw new Error('no sync');
    expect(await previousSync(r.db, about)).toMatchObject({
      syncId: before?.id,
      status: 'rejected',
      decision,
      times: 1,
      tell: true,
    });
    // the third of a day tells nobody again; the next day one does
    const third = await recorded(source);
    const again = { ...about, no: third.sync };
    expect(await previousSync(r.db, again)).toMatchObject({ times: 2, tell: false });
    await r.db.raw(`update syncline.sync set created_at = created_at - interval '1 day' where no in (?, ?)`, [
      first.sync,
      second.sync,
    ]);
    expect(await previousSync(r.db, again)).toMatchObject({ times: 2, tell: true });
    const fourth = await recorded(source);
    expect(await previousSync(r.db, { ...about, no: fourth.sync })).toMatchObject({ times: 3, tell: false });
    await r.db.raw(`update syncline.sync set created_at = now() - interval '92 days' where no = ?`, [first.sync]);
    expect(await previousSync(r.db, about)).toBeNull();
    expect(await newerRevision(r.db, { connector: about.connector, configRevision: 1 })).toBeNull();
    expect(await newerRevision(r.db, { connector: about.connector, configRevision: 0 })).toMatchObject({
      revision: 1,
      by: 'test',
    });
  });

  it('of a draft counts what the draft applies, refuses and defers of each group', async () => {
    const { sync: no, digest } = await recorded({
      ...staff,
      people: [
        { id: 'E1', name: 'Anna', badge: 'a' },
        { id: 'E2', name: 'Bobby', badge: 'x', manager: 'a' },
        ...staff.people.slice(2),
      ],
      members: [{ group: 'G1', person: 'E2' }],
    });
    const { groups, total } = await readSummary(r.db, no);
    const sync = { no, applied: false, status: 'held', id: randomUUID(), digest } as const;
    const { draft, found } = await r.db.transaction(async (tx) => {
      const wanted = {
        rules: [
          { decision: 'refuse', filter: { keys: ['E1'] } },
          { decision: 'defer', filter: { kind: 'link' } },
        ],
        otherwise: 'apply',
      } as const;
      const made = await makeDraft(tx, sync, wanted, [null, null]);
      const stored = await insertDraft(tx, no, {
        id: randomUUID(),
        digest: made.digest,
        by: 'test',
        rules: [],
        otherwise: 'apply',
        note: null,
        counts: made.counts,
        conflicts: made.conflicts,
      });
      await storeRows(tx, stored.no, made.rows);
      return { draft: stored, found: (await pageOfChanges(r.db, sync, {}, {}, 50)).found };
    });
    const drafted = (await draftGroups(r.db, no, draft.no, groups)).map(
      ({ kind, operation, property, transition, decision: { apply, refuse, defer } }) =>
        `${kind} ${operation} ${property ?? '*'} ${transition ? String(transition.to) : ''} ${[apply, refuse, defer].join('/')}`,
    );
    expect(drafted.toSorted()).toEqual(
      [
        'resource update *  1/1/0',
        'resource update name  1/1/0',
        'resource update name Anna 0/1/0',
        'resource update name Bobby 1/0/0',
        'resource update badge  1/0/0',
        'resource update badge x 1/0/0',
        'link delete *  0/0/1',
        'link delete members  0/0/1',
      ].toSorted(),
    );
    const decisions = await draftDecisions(r.db, draft.no, found);
    expect([...decisions.values()].toSorted()).toEqual(['apply', 'defer', 'refuse']);
    expect(decisions.size).toBe(total);
  });

  it('is computed once, however many ask for it at the same moment', async () => {
    const { sync } = await recorded({ ...staff, groups: [] });
    const all = await Promise.all(Array.from({ length: 4 }, () => readSummary(r.db, sync)));
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  it('lists changes with the labels that people knew at that time', async () => {
    const held = await r.diff({
      ...staff,
      people: [{ id: 'E1', name: 'Anna', badge: 'a' }, ...staff.people.slice(2)],
      groups: ['G1'],
    });
    const labels = async (status: 'held' | 'completed') => {
      const sync = { no: held.sync, applied: status === 'completed', status };
      const { found } = await pageOfChanges(r.db, sync, {}, {}, 50);
      const of = await labelsOf(
        r.db,
        sync,
        found.flatMap(({ own, target }) => (target ? [own, target] : [own])),
      );
      return found
        .map(({ change, own, target }) =>
          [
            change.operation,
            change.property ?? '',
            of.get(own.resource) ?? null,
            target && (of.get(target.resource) ?? null),
          ].join(' '),
        )
        .sort();
    };
    const wanted = [
      'delete  Bob ',
      'delete manager Bob Ann',
      'delete members  Bob',
      'delete   ',
      'update  Ann ',
    ].sort();
    expect(await labels('held')).toEqual(wanted);
    await r.apply(held.sync);
    await r.db.raw('update syncline.sync set applied_at = clock_timestamp() where no = ?', [held.sync]);
    // later ones change the label again, and bring the resource back
    const later = await r.run({ ...staff, people: [{ id: 'E1', name: 'Anne', badge: 'a' }, ...staff.people.slice(1)] });
    await r.db.raw('update syncline.sync set applied_at = clock_timestamp() where no = ?', [later.sync]);
    expect(await labels('completed')).toEqual(wanted);
  });
});
