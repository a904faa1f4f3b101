import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { connectorFile, RepositoryFixture, type Outcome, type Source } from '../../test/support/repository-fixture.ts';
import { ofSync } from '../change-parts.ts';
import { row } from '../database.ts';
import { causeConditions, findCauses, type CauseSubject } from './index.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let fixture: RepositoryFixture;
beforeEach(async () => {
  database = await createTestDatabase();
  fixture = await RepositoryFixture.create(database.url);
});
afterEach(async () => {
  await fixture.close();
  await database.drop();
});

const two: Source = {
  people: Array.from({ length: 10 }, (_, i) => ({ id: `p${String(i)}`, name: `Name ${String(i)}` })),
  groups: ['a', 'b'],
  members: Array.from({ length: 10 }, (_, i) => ({ group: i < 5 ? 'a' : 'b', person: `p${String(i)}` })),
};

/** The groups of a sync, and their members, as the detectors see them. */
function groups({ result }: Outcome, read: { whole: boolean; resources: number; links: number }): CauseSubject {
  const [own, members] = [result.types.get(fixture.group), result.links.get(fixture.members)];
  if (!own || !members) throw new Error('nothing was compared');
  const table = { connection: 'files', rejected: 0, unreadable: 0 };
  return {
    ...{ ...own, ...table, id: fixture.group, name: 'Group', table: 'groups.csv', read: read.resources },
    ...{ whole: read.whole, key: ['id'], label: null },
    properties: [{ name: 'id', column: 'id', type: 'string', multiValued: false }],
    links: [
      {
        ...{ ...members, ...table, id: fixture.members, name: 'members', target: fixture.person, multiValued: true },
        ...{ table: 'members.csv', column: null, read: read.links },
      },
    ],
  };
}

const search = (outcome: Outcome, subject: CauseSubject) =>
  fixture.db.transaction((tx) =>
    findCauses(tx, {
      ...{ sync: outcome.sync, connector: 1, subjects: [subject], changes: outcome.changes, held: true },
      ...{
        file: connectorFile('hr'),
        changedFilters: [],
        readingSettings: () => [],
        cutTable: () => Promise.resolve(undefined),
      },
    }),
  );

const codes = async (outcome: Outcome, subject: CauseSubject) =>
  (await search(outcome, subject)).causes.map(({ code, property }) => `${code} ${property ?? ''}`);

test('a file without rows is a cause if something goes because of it', async () => {
  await fixture.run(two);
  const none = { whole: true, resources: 0, links: 0 };
  const all = await fixture.diff({ ...two, groups: [], members: [] });
  expect(await codes(all, groups(all, none))).toEqual(['blank-file ', 'blank-file members']);
  const links = await fixture.diff({ ...two, members: [] });
  expect(await codes(links, groups(links, { ...none, resources: 2 }))).toEqual(['blank-file members']);
});

test('a file that was not read is the cause of nothing, whatever a delta deletes', async () => {
  await fixture.run(two);
  const outcome = await fixture.diff({ ...two, groups: [], members: [] });
  expect(await codes(outcome, groups(outcome, { whole: false, resources: 0, links: 0 }))).not.toContain('blank-file ');
});

test('a cause explains the links that go with its resources, and its condition finds the same rows again', async () => {
  await fixture.run(two);
  const outcome = await fixture.diff({ ...two, groups: [], members: [] });
  const { causes, explained } = await search(outcome, groups(outcome, { whole: true, resources: 0, links: 0 }));
  expect(causes[0]).toMatchObject({ id: 'c1', code: 'blank-file', lines: 12, share: 1, meant: 'hardly-ever' });
  expect(causes[0]?.evidence.changes).toEqual([
    expect.stringMatching(/^r\d+$/),
    expect.stringMatching(/^r\d+$/),
    expect.stringMatching(/^l\d+$/),
  ]);

  await fixture.db.raw('update syncline.sync set cause_rows = ?::jsonb where no = ?', [
    JSON.stringify(explained),
    outcome.sync,
  ]);
  const conditions = await causeConditions(fixture.db, outcome.sync, 'c1');
  const counted = async (
    table: string,
    condition: { sql: string; bindings: (string | number | string[] | number[])[] } | undefined,
  ) =>
    condition &&
    (await row<{ n: number }>(
      fixture.db,
      `select count(*) as n from syncline.${table} c where ${ofSync(outcome.sync, 'c')} and ${condition.sql}`,
      condition.bindings,
    ));
  expect(await counted('change', conditions?.resource)).toEqual({ n: 2 });
  expect(await counted('link_change', conditions?.link)).toEqual({ n: 10 });
  expect(await causeConditions(fixture.db, outcome.sync, 'c9')).toBeUndefined();
});
