import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { fates, refusals, refuse } from '../../test/support/refuse.ts';
import { RepositoryFixture, type Source } from '../../test/support/repository-fixture.ts';
import { row } from '../database.ts';
import { endFindings, expireRefusals, liftRefusal } from './end.ts';
import { removeEndedRefusals } from './retention.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let connectors = 0;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

const ann = { id: '1', name: 'Ann', badge: 'A' };
const bob = { id: '2', name: 'Bob', badge: 'B' };
const staff: Source = {
  people: [ann, bob],
  groups: ['all', 'few'],
  members: [
    { group: 'all', person: '1' },
    { group: 'few', person: '2' },
  ],
};
const nothing: Source = { people: [], groups: [], members: [] };
const withoutBob: Source = { people: [ann], groups: staff.groups, members: staff.members.slice(0, 1) };
const withoutFew: Source = { ...staff, groups: ['all'], members: staff.members.slice(0, 1) };

/** The staff is stored, and the delete of Bob and of his membership is refused. */
async function refused(use: (r: RepositoryFixture) => Promise<void>): Promise<void> {
  const r = await RepositoryFixture.create(database.url, `end${String(++connectors)}`);
  try {
    await r.run(staff);
    await refuse(r, withoutBob, ['d 2', 'd few>2'], { because: { 'd few>2': 'd 2' } });
    await use(r);
  } finally {
    await r.close();
  }
}

const endings = async (r: RepositoryFixture) =>
  (await refusals(r)).map(({ text, endedBy }) => `${text} ${endedBy ?? '-'}`);
const idOf = async (r: RepositoryFixture, text: string) =>
  (await refusals(r)).find((each) => each.text === text)?.id ?? '';
const needsComplete = async (r: RepositoryFixture) =>
  (
    await row<{ code: string | null }>(
      r.db,
      `select needs_complete ->> 'code' as code from syncline.connector where id = ?`,
      [r.connector],
    )
  )?.code;

describe('a refusal ends as gone', () => {
  test('when an applied complete sync finds no such change any more: the same change later is new', () =>
    refused(async (r) => {
      expect(await endings(r)).toEqual(['d 2 -', 'd few>2 -']);
      const found = await r.diff(staff);
      expect(await endings(r)).toEqual(['d 2 -', 'd few>2 -']);
      await r.apply(found.sync);
      expect(await endings(r)).toEqual(['d 2 gone', 'd few>2 gone']);
      expect(await fates(r, (await r.diff(withoutBob)).sync)).toEqual(['- d 2', '- d few>2']);
    }));

  test('not when the sync has not read the key, or cannot tell', () =>
    refused(async (r) => {
      await r.run({ ...staff, groups: [], members: [] }, { keys: ['1'] });
      await r.run(staff, { certified: false });
      await r.run(nothing, { mode: 'incremental' });
      await r.run(staff, { operations: ['insert', 'update'] });
      await r.run({ ...withoutBob, frozen: ['2'] });
      await r.run(staff, { laterSyncs: [0] });
      expect(await endings(r)).toEqual(['d 2 -', 'd few>2 -']);
      await r.run({ ...nothing, people: [bob] }, { keys: ['2'] });
      expect(await endings(r)).toEqual(['d 2 gone', 'd few>2 gone']);
    }));

  test('not when the sync began to read before the one in which it was refused', () =>
    refused(async (r) => {
      await r.db.raw(`update syncline.refusal set read_at = now() + interval '1 hour' where connector = ?`, [
        r.connector,
      ]);
      await r.run(staff);
      expect(await endings(r)).toEqual(['d 2 -', 'd few>2 -']);
    }));

  test('not for a link that could not be resolved', () =>
    refused(async (r) => {
      await r.run(staff);
      const joined = { ...staff, members: [...staff.members, { group: 'all', person: '2' }] };
      await refuse(r, joined, ['i all>2']);
      await r.run({ ...joined, people: [ann, { ...bob }], frozen: ['2'] });
      expect(await endings(r)).toContain('i all>2 -');
      await r.run(staff);
      expect(await endings(r)).toContain('i all>2 gone');
    }));
});

describe('a refusal ends as changed', () => {
  test('when its change is proposed in another form, and counts again if that sync comes to nothing', () =>
    refused(async (r) => {
      const renamed = { ...staff, people: [{ ...ann, name: 'Anne' }, bob] };
      await r.run(staff);
      await refuse(r, renamed, ['u 1']);
      const bad = await r.diff({ ...staff, people: [{ ...ann, name: '???' }, bob] });
      expect(await endings(r)).toContain('u 1 changed');
      await r.db.transaction((tx) => endFindings(tx, { no: bad.sync, connector: r.connector, applied: false }));
      expect(await endings(r)).toContain('u 1 -');
      expect(await fates(r, (await r.run(renamed)).sync)).toEqual(['s u 1']);
    }));

  test('in an incremental sync, which then needs a complete one: delta files do not say the rest again', () =>
    refused(async (r) => {
      await r.run(staff);
      await refuse(r, { ...staff, people: [{ ...ann, name: 'Anne' }, bob] }, ['u 1']);
      expect(await needsComplete(r)).toBeNull();
      await r.run(
        { ...nothing, people: [{ id: '1', badge: 'Z', given: ['badge'], command: 'update' }] },
        { mode: 'incremental' },
      );
      expect(await endings(r)).toContain('u 1 changed');
      expect(await needsComplete(r)).toBe('refusal-ended');
      const { sync } = await r.run({ ...staff, people: [{ ...ann, name: 'Anne', badge: 'Z' }, bob] });
      expect(await fates(r, sync)).toEqual(['- u 1']);
    }));
});

describe('a refusal ends', () => {
  test('as lifted, with those that followed it; the connector then needs a complete sync', () =>
    refused(async (r) => {
      const id = await idOf(r, 'd 2');
      expect(await r.db.transaction((tx) => liftRefusal(tx, id))).toBe(true);
      expect(await endings(r)).toEqual(['d 2 lifted', 'd few>2 lifted']);
      expect(await needsComplete(r)).toBe('refusal-ended');
      expect(await r.db.transaction((tx) => liftRefusal(tx, id))).toBe(true);
      expect(await r.db.transaction((tx) => liftRefusal(tx, 'nobody'))).toBe(false);
      expect(await fates(r, (await r.diff(withoutBob)).sync)).toEqual(['- d 2', '- d few>2']);
    }));

  test('alone, where it followed another: its resource is still suppressed', () =>
    refused(async (r) => {
      const id = await idOf(r, 'd few>2');
      await r.db.transaction((tx) => liftRefusal(tx, id));
      expect(await endings(r)).toEqual(['d 2 -', 'd few>2 lifted']);
      expect(await fates(r, (await r.diff(withoutBob)).sync)).toEqual(['s d 2', 's d few>2']);
    }));

  test('as expired when its time is over', () =>
    refused(async (r) => {
      await r.db.transaction((tx) => expireRefusals(tx, r.connector));
      expect(await needsComplete(r)).toBeNull();
      await r.db.raw('update syncline.refusal set expires_at = now() where connector = ?', [r.connector]);
      await r.db.transaction((tx) => expireRefusals(tx, r.connector));
      expect(await endings(r)).toEqual(['d 2 expired', 'd few>2 expired']);
      expect(await needsComplete(r)).toBe('refusal-ended');
    }));
});

test('the same change refused in two syncs is one refusal, and another form of it replaces it', () =>
  refused(async (r) => {
    const few = await r.diff(withoutFew);
    expect(await fates(r, few.sync)).toEqual(['- d few', '- d few>2']);
    expect(await endings(r)).toEqual(['d 2 -', 'd few>2 changed']);
    await r.db.transaction((tx) => endFindings(tx, { no: few.sync, connector: r.connector, applied: false }));
    // as by two syncs that were compared before either was decided
    await r.db.raw("update syncline.refusal set expires_at = expires_at - interval '1 year' where connector = ?", [
      r.connector,
    ]);
    const [one, two] = [await r.diff(withoutBob), await r.diff(withoutBob)];
    for (const { sync } of [one, two]) await refuse(r, sync, ['d 2', 'd few>2']);
    expect(await endings(r)).toEqual(['d 2 expired', 'd 2 -', 'd few>2 expired', 'd few>2 -']);

    const before = await r.diff({ ...staff, people: [{ ...ann, name: 'X' }, bob] });
    await refuse(r, { ...staff, people: [{ ...ann, name: 'Y' }, bob] }, ['u 1']);
    await refuse(r, before.sync, ['u 1']);
    expect((await endings(r)).filter((each) => each.startsWith('u'))).toEqual(['u 1 changed', 'u 1 -']);
  }));

test('ended refusals are kept for some time, and only so many', () =>
  refused(async (r) => {
    const kept = async () => (await refusals(r)).length;
    await r.run(staff);
    expect(await removeEndedRefusals(r.db, 30)).toBe(0);
    expect(await kept()).toBe(2);
    await removeEndedRefusals(r.db, 30, 1);
    expect(await kept()).toBe(1);
    await r.db.raw(`update syncline.refusal set ended_at = now() - interval '31 days' where connector = ?`, [
      r.connector,
    ]);
    await removeEndedRefusals(r.db, 30);
    expect(await kept()).toBe(0);
  }));
