import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowDecisions, type RowDecision } from '../../domain/draft.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { RepositoryFixture, type Person, type Source } from '../../test/support/repository-fixture.ts';
import type { ChangeFilter } from '../change-filter.ts';
import { listChanges, type ListedChange } from '../changes-list.ts';
import { rows } from '../database.ts';
import { computeDigest } from '../digest.ts';
import { markLeftOut } from '../draft-outcome.ts';
import { makeSummary } from '../summary/make-summary.ts';
import { readSummary } from '../summary/read-summary.ts';
import { insertDraft } from './drafts.ts';
import { makeDraft, type MadeDraft } from './make.ts';
import type { Rule } from './match.ts';
import { decisionOf, storeRows } from './rows.ts';

const ann: Person = { id: '1', name: 'Ann', badge: 'A' };
const bob: Person = { id: '2', name: 'Bob', badge: 'B', manager: 'A' };
const cyd: Person = { id: '3', name: 'Cyd', badge: 'C', manager: 'B' };
const staff = { people: [ann, bob, cyd], groups: ['all'], members: [{ group: 'all', person: '1' }] };
const empty: Source = { people: [], groups: [], members: [] };

const nameOf = ({ operation, key, property, target }: ListedChange) =>
  `${operation} ${key.join()}${property === undefined ? '' : ` ${property} ${String(target?.key.join())}`}`;

describe('a draft', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let r: RepositoryFixture;
  beforeAll(async () => {
    database = await createTestDatabase();
    r = await RepositoryFixture.create(database.url);
  });
  afterAll(async () => {
    await r.close();
    await database.drop();
  });

  /** Each change in words, as `delete 2 manager`, and what the draft decides of it. */
  async function draft(
    sync: number,
    rules: readonly Rule[],
    otherwise: RowDecision = 'apply',
    id: string = crypto.randomUUID(),
  ) {
    return r.db.transaction(async (tx) => {
      const of = { no: sync, id, digest: 'sha256:0', applied: false, status: 'held' as const };
      const made = await makeDraft(
        tx,
        of,
        { rules, otherwise },
        rules.map(() => null),
      );
      const { no } = await insertDraft(tx, sync, {
        ...made,
        id: crypto.randomUUID(),
        by: 'test',
        rules: [],
        otherwise,
        note: null,
      });
      await storeRows(tx, no, made.rows);
      const decided = await rows<{ id: string; decision: RowDecision }>(
        tx,
        `select 'r' || seq as id, ${decisionOf(no, 'resource', 'seq')} as decision from syncline.change where sync = ?
         union all select 'l' || seq, ${decisionOf(no, 'link', 'seq')} from syncline.link_change where sync = ?`,
        [sync, sync],
      );
      const byId = new Map(decided.map(({ id, decision }) => [id, decision]));
      const changes = await listChanges(tx, of, {}, undefined, 10_000);
      const words = Object.fromEntries(
        changes.map((change) => [
          nameOf(change),
          byId.get(`${change.kind === 'resource' ? 'r' : 'l'}${String(change.seq)}`),
        ]),
      );
      return { no, made, words };
    });
  }
  const counted = ({ counts }: MadeDraft) => [counts.apply, counts.refuse, counts.defer];

  it('decides every proposed row; a later rule wins', async () => {
    const { sync } = await r.diff(staff);
    const { made, words } = await draft(
      sync,
      [
        { decision: 'defer', filter: { entityType: 'hr_Person' } },
        { decision: 'apply', filter: { entityType: 'hr_Person', keys: ['1'] } },
      ],
      'apply',
    );
    expect(words).toEqual({
      'insert 1': 'apply',
      'insert 2': 'defer',
      'insert 3': 'defer',
      'insert all': 'apply',
      'insert 2 manager 1': 'defer',
      'insert 3 manager 2': 'defer',
      'insert all members 1': 'apply',
    });
    expect(counted(made)).toEqual([3, 0, 4]);
    expect(made.counts).toMatchObject({
      follows: 0,
      applied: { inserted: 2, linksInserted: 1, updated: 0, deleted: 0, linksDeleted: 0, linksUpdated: 0 },
    });
    expect(made.empty).toEqual([]);
  });

  it('has a digest of the hashes of its rows, by decision', async () => {
    const people = Array.from({ length: 60 }, (_, n): Person => ({
      id: String(n),
      name: `N${String(n)}`,
      badge: `B${String(n)}`,
    }));
    const members = people.map(({ id }) => ({ group: 'all', person: id }));
    const { sync, sums } = await r.diff({ people, groups: ['all'], members });
    const id = crypto.randomUUID();
    const half = people.slice(0, 30).map((person) => person.id);
    const refuse = (...keys: string[]): Rule => ({ decision: 'refuse', filter: { entityType: 'hr_Person', keys } });
    const digests: string[] = [];
    for (const [rules, otherwise] of [
      [[refuse('7')], 'apply'],
      [[refuse('7')], 'defer'],
      [[refuse(...half), { decision: 'apply', filter: { entityType: 'hr_Person', keys: ['50'] } }], 'defer'],
      [[], 'apply'],
      [[], 'defer'],
    ] as [Rule[], RowDecision][]) {
      await r.db.raw('update syncline.sync set digest_sums = null where no = ?', [sync]);
      const { no, made } = await draft(sync, rules, otherwise, id);
      await r.db.raw('update syncline.sync set digest_sums = ?::jsonb where no = ?', [JSON.stringify(sums), sync]);
      const again = await draft(sync, rules, otherwise, id);
      const expected = await digestByDecision(no, sync, id, rules.length);
      expect([made.digest, again.made.digest]).toEqual([expected, expected]);
      digests.push(expected);
    }
    expect(new Set(digests).size).toBe(5);
  });

  /** The digest as decision 0032 has it, of all rows one by one. */
  async function digestByDecision(draftNo: number, sync: number, id: string, rules: number): Promise<string> {
    const parts: (string | number)[] = [id, 'sha256:0'];
    for (const decision of rowDecisions)
      for (const [kind, table, columns] of [
        ['resource', 'change', 'entity_type, operation, key, before, after'],
        ['link', 'link_change', 'property, operation, source_key, target_key, before_target_key'],
      ] as const) {
        const [found] = await rows<{ n: number; a: string; b: string }>(
          r.db,
          `select count(*) as n, coalesce(sum(hash_record_extended(row(${columns}), 0)), 0)::text as a,
             coalesce(sum(hash_record_extended(row(${columns}), 7046029254386353131)), 0)::text as b
           from syncline.${table} c where sync = ? and ${decisionOf(draftNo, kind, 'c.seq')} = ?`,
          [sync, decision],
        );
        parts.push(decision, kind, found?.n ?? 0, found?.a ?? '', found?.b ?? '');
      }
    for (let n = 0; n < rules; n++) parts.push('-');
    return `sha256:${createHash('sha256').update(parts.join('/')).digest('hex')}`;
  }

  it('lets links follow the insert of their ends, and says because of what', async () => {
    const { sync } = await r.diff(staff);
    const { made, words } = await draft(sync, [
      { decision: 'apply', filter: { kind: 'link' } },
      { decision: 'refuse', filter: { entityType: 'hr_Person', kind: 'resource', keys: ['2'] } },
      { decision: 'defer', filter: { ids: ['r999999999'] } },
    ]);
    expect(words).toMatchObject({
      'insert 2': 'refuse',
      'insert 2 manager 1': 'refuse',
      'insert 3 manager 2': 'refuse',
      'insert all members 1': 'apply',
    });
    expect(made.counts).toMatchObject({ follows: 2, refuse: 3, suppressedAfter: 3 });
    expect(made.conflicts.count).toBe(2);
    const [one] = made.conflicts.first;
    expect(one).toMatchObject({ wanted: 'apply', decided: 'refuse' });
    expect(one?.because).toMatch(/^r\d+$/);
    expect(made.empty).toEqual([3]);
  });

  it('lets a resource stay where a link stays at it, and then its other links, too', async () => {
    await r.run(staff);
    const { sync } = await r.diff({ ...empty, people: [cyd], groups: ['all'] });
    // 1 and 2 go, with 2→1, 3→2 and all→1
    const { words } = await draft(sync, [{ decision: 'defer', filter: { property: 'members' } }]);
    expect(words).toEqual({
      'delete 1': 'defer',
      'delete 2': 'defer',
      'delete 2 manager 1': 'defer',
      'delete 3 manager 2': 'defer',
      'delete all members 1': 'defer',
    });
    await r.run(empty);
  });

  it('counts the updates that a rule chose by a property and that change others, too', async () => {
    await r.run({ ...empty, people: [ann, bob] });
    const { sync, digest } = await r.diff({
      ...empty,
      people: [
        { ...ann, name: 'Anna' },
        { ...bob, name: 'Bo', badge: 'BB' },
      ],
    });
    const { made } = await draft(sync, [{ decision: 'refuse', filter: { property: 'name' } }]);
    expect(made.counts).toMatchObject({ mixed: 1, refuse: 2 });
    // a group and a cause choose by the property that they are about
    await r.db.raw('update syncline.sync set digest = ? where no = ?', [digest, sync]);
    await r.db.transaction((tx) => makeSummary(tx, sync));
    const group = async (property: string | null) => {
      const { groups } = await readSummary(r.db, sync);
      return groups.find((each) => each.operation === 'update' && each.property === property && !each.transition)?.id;
    };
    const mixedBy = async (filter: ChangeFilter) =>
      (await draft(sync, [{ decision: 'refuse', filter }])).made.counts.mixed;
    expect(await mixedBy({ group: await group('name') })).toBe(1);
    expect(await mixedBy({ group: await group(null) })).toBe(0);
    const changes = (properties: string[]) => [
      { kind: 'resource', type: r.person, operation: 'u', where: { changes: properties } },
    ];
    await r.db.raw('update syncline.sync set cause_rows = ?::jsonb where no = ?', [
      JSON.stringify({
        c1: changes(['name']),
        c2: changes(['name', 'badge']),
        c3: [{ kind: 'resource', type: r.person, operation: 'u' }],
      }),
      sync,
    ]);
    expect([await mixedBy({ cause: 'c1' }), await mixedBy({ cause: 'c2' }), await mixedBy({ cause: 'c3' })]).toEqual([
      1, 0, 0,
    ]);
    await r.run(empty);
  });

  const ids = ['1', '2', '3', '4', '5'];
  const person: fc.Arbitrary<Person> = fc.record({
    id: fc.constantFrom(...ids),
    name: fc.constantFrom('x', 'y'),
    badge: fc.constantFrom('A', 'B', 'C', 'D'),
    manager: fc.constantFrom('A', 'B', 'C', 'Z'),
  });
  const source: fc.Arbitrary<Source> = fc.record({
    people: fc.uniqueArray(person, { selector: ({ id }) => id }),
    groups: fc.subarray(['all', 'some']),
    members: fc.uniqueArray(fc.record({ group: fc.constantFrom('all', 'some'), person: fc.constantFrom(...ids) }), {
      selector: ({ group, person: member }) => `${group} ${member}`,
      maxLength: 6,
    }),
  });
  const rule: fc.Arbitrary<Rule> = fc.record({
    decision: fc.constantFrom(...rowDecisions),
    filter: fc.record(
      {
        entityType: fc.constantFrom('hr_Person', 'hr_Group'),
        kind: fc.constantFrom('resource', 'link'),
        operation: fc.constantFrom('insert', 'update', 'delete'),
        property: fc.constantFrom('name', 'manager', 'members'),
        keys: fc.subarray(ids, { minLength: 1 }),
      },
      { requiredKeys: [] },
    ),
  });

  it(
    'applies exactly the rows that it says, whatever the rules and the change set, also after other syncs',
    {
      timeout: 300_000,
    },
    () =>
      fc.assert(
        fc.asyncProperty(
          source,
          source,
          fc.array(rule, { maxLength: 4 }),
          fc.constantFrom(...rowDecisions),
          fc.option(fc.tuple(source, fc.subarray(ids, { minLength: 1 })), { freq: 3 }),
          async (before, held, rules, otherwise, between) => {
            await r.run(empty);
            await r.run(before);
            const { sync, digest } = await r.diff(held);
            const { no, made, words } = await draft(sync, rules, otherwise);
            const all = Object.values(words);
            expect(counted(made)).toEqual(rowDecisions.map((each) => all.filter((one) => one === each).length));
            if (between) await r.run(between[0], { keys: between[1] });
            const asIs = await r.state();
            await r.db.transaction((tx) => markLeftOut(tx, sync, no));
            const done = await r.apply(sync, between === null);
            const states = await listChanges(
              r.db,
              { no: sync, applied: true, status: 'completed' },
              {},
              undefined,
              10_000,
            );
            const told = { apply: ['applied', 'overtaken'], refuse: ['refused'], defer: ['deferred'] };
            for (const change of states) {
              const name = nameOf(change);
              expect(told[words[name] ?? 'apply']).toContain(change.state);
            }
            if (!between) expect(done.overtaken).toBe(0);
            const { resources, links } = done;
            if (!between)
              expect({
                inserted: resources.inserted,
                updated: resources.updated,
                deleted: resources.deleted,
                linksInserted: links.inserted,
                linksUpdated: links.updated,
                linksDeleted: links.deleted,
              }).toEqual(made.counts.applied);
            if (made.counts.apply === 0) expect(await r.state()).toEqual(asIs);
            expect(await r.danglers()).toBe(0);
            // the reviewed digest is that of the rows, whatever became of them
            expect((await computeDigest(r.db, sync)).digest).toBe(digest);
          },
        ),
        { numRuns: 40 },
      ),
  );
});
