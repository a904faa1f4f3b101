import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import { operations } from '../domain/sync.ts';
import { ensureSharedParts } from './change-parts.ts';
import { rows, type Queryable } from './database.ts';
import type { DiffInput } from './diff-input.ts';
import { computeDiff } from './diff.ts';
import { resolveDeltas } from './resolve-deltas.ts';
import { beginStaging, namedIdentities, stagedRows } from './staging.ts';

interface Stored {
  key: string;
  identity: string | null;
}
interface Entry {
  key: string;
  identity: string | null;
  /** Whether the condition accepts it. */
  accepted: boolean;
  /** Whether a value of it cannot be read. */
  faulty: boolean;
}
interface Read {
  stored: Stored[];
  records: Entry[];
  goneKeys: string[];
  goneIdentities: string[];
  /** Identities of records whose key cannot be read. */
  unkeyed: string[];
  present: string[] | null;
  certified: boolean;
}
interface Found {
  inserted: string[];
  deleted: string[];
  withheld: string[];
  warned: string[];
}

/** What should happen, found one resource at a time. */
function model(read: Read): Found {
  const { stored, records, goneKeys, goneIdentities, present, certified } = read;
  const identitiesOf = (key: string) =>
    new Set(records.filter((r) => r.key === key && r.accepted && r.identity !== null).map((r) => r.identity));
  const frozen = new Set(
    records.filter((r) => r.accepted && (r.faulty || identitiesOf(r.key).size > 1)).map(({ key }) => key),
  );
  const puts = records.filter((r) => r.accepted && !frozen.has(r.key));
  const outs = records.filter((r) => !r.accepted && !frozen.has(r.key));
  const putKeys = new Set(puts.map(({ key }) => key));
  const keysOf = (identity: string | null) =>
    new Set(puts.filter((r) => r.identity === identity).map(({ key }) => key));
  const isBlocked = (identity: string) =>
    read.unkeyed.includes(identity) ||
    records.some((r) => r.identity === identity && r.accepted && frozen.has(r.key)) ||
    keysOf(identity).size > 1;
  const deleted: string[] = [];
  const withheld: string[] = [];
  const warned = new Set(
    [...putKeys].filter((key) => puts.some((r) => r.key === key && r.identity !== null && keysOf(r.identity).size > 1)),
  );
  for (const { key, identity } of stored) {
    const several = identity !== null && stored.filter((each) => each.identity === identity).length > 1;
    const named =
      puts.some((r) => r.identity === identity) ||
      outs.some((r) => r.identity === identity && !putKeys.has(r.key)) ||
      goneIdentities.includes(identity ?? '');
    const absent =
      identity !== null && present !== null && !present.includes(identity) && !named && !isBlocked(identity);
    if (several && (named || absent)) warned.add(key);
    if (putKeys.has(key) || frozen.has(key)) continue;
    const blocked = identity !== null && isBlocked(identity);
    const byKey = !blocked && (goneKeys.includes(key) || outs.some((r) => r.key === key));
    const byIdentity = identity !== null && !blocked && !several && named;
    if (byKey || byIdentity) deleted.push(key);
    else if (absent && !several) (certified ? deleted : withheld).push(key);
  }
  const has = new Set(stored.map(({ key }) => key));
  return {
    inserted: [...putKeys].filter((key) => !has.has(key)).sort(),
    deleted: deleted.sort(),
    withheld: withheld.sort(),
    warned: [...warned].sort(),
  };
}

describe('what an incremental read of whole records says is gone', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let fixture: RepositoryFixture;
  let sync = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
    fixture = await RepositoryFixture.create(database.url);
    sync = (await fixture.diff({ people: [], groups: [], members: [] }, { mode: 'incremental' })).sync;
    await ensureSharedParts(fixture.db, sync);
  });
  afterAll(async () => {
    await fixture.close();
    await database.drop();
  });

  async function find(tx: Queryable, read: Read): Promise<Found> {
    const { person } = fixture;
    for (const { key, identity } of read.stored)
      await tx.raw(
        `insert into syncline.resource (id, entity_type, key, attributes) values (nextval('syncline.resource_id'), ?, ?, ?::jsonb)`,
        [person, key, JSON.stringify({ id: key, ...(identity === null ? {} : { badge: identity }) })],
      );
    const staging = await beginStaging(tx, sync, {
      narrowed: false,
      deltas: true,
      entityTypes: [{ id: person, references: [], identity: true }],
      linkTables: [],
    });
    let seq = 0;
    const stage = (command: string, key: string, identity: string | null, faulty = false) =>
      tx.raw(
        `insert into ${stagedRows(staging, person)} (seq, source, line, position, command, key, attributes, fault, identity)
         values (?, 'people', ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)`,
        [
          ++seq,
          seq,
          `row ${String(seq)}`,
          command,
          key,
          JSON.stringify(command === 'delete' ? {} : { id: key, badge: identity, name: null }),
          faulty ? JSON.stringify({ code: 'format', message: 'x', unread: '' }) : null,
          identity,
        ],
      );
    for (const each of read.records)
      await stage(each.accepted ? 'merge' : 'delete', each.key, each.identity, each.accepted && each.faulty);
    for (const key of read.goneKeys) await stage('delete', key, null);
    const name = (identity: string, what: string) =>
      tx.raw(`insert into ${namedIdentities(staging, person)} (identity, what, source) values (?, ?, 'people')`, [
        identity,
        what,
      ]);
    for (const identity of read.goneIdentities) await name(identity, 'gone');
    for (const identity of read.unkeyed) await name(identity, 'frozen');
    for (const identity of read.present ?? []) await name(identity, 'present');
    await resolveDeltas(tx, staging, { id: person, name: 'Person', keyCount: 1, identity: true });
    const input: DiffInput = {
      sync,
      staging,
      mode: 'incremental',
      narrowed: false,
      operations,
      types: [
        {
          id: person,
          name: 'Person',
          connection: 'c',
          table: 'people',
          keyCount: 1,
          warnCaseVariants: false,
          retiredProperties: [],
          certified: read.certified,
          scopeKeys: null,
          references: [],
          structured: true,
          identity: { property: 'badge', isKey: false, folds: false },
          present: read.present !== null,
        },
      ],
      links: [],
      cascades: [],
      laterSyncs: [],
    };
    await computeDiff(tx, input);
    const changes = await rows<{ operation: string; key: string; fate: string | null }>(
      tx,
      'select operation, key, fate from syncline.change where sync = ? order by key collate "C"',
      [sync],
    );
    const warned = await rows<{ key: string }>(
      tx,
      `select distinct key[1] as key from syncline.sync_error where sync = ? and code = 'identity-ambiguous'`,
      [sync],
    );
    const keys = (operation: string, fate: string | null) =>
      changes.filter((each) => each.operation === operation && each.fate === fate).map(({ key }) => key);
    return {
      inserted: keys('i', null),
      deleted: keys('d', null),
      withheld: keys('d', 'w'),
      warned: warned.map(({ key }) => key).sort(),
    };
  }

  async function found(read: Partial<Read>): Promise<Found> {
    const whole: Read = {
      stored: [],
      records: [],
      goneKeys: [],
      goneIdentities: [],
      unkeyed: [],
      present: null,
      certified: true,
      ...read,
    };
    const rollback = new Error('rolled back');
    let outcome: Found | undefined;
    await fixture.db
      .transaction(async (tx) => {
        outcome = await find(tx, whole);
        throw rollback;
      })
      .catch((error: unknown) => {
        if (error !== rollback) throw error;
      });
    if (!outcome) throw new Error('nothing was found');
    return outcome;
  }

  it('is what the model says, whatever is stored and read', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const identity = fc.constantFrom('1', '2', '3', '4');
    const maybe = fc.oneof({ weight: 6, arbitrary: identity }, { weight: 1, arbitrary: fc.constant(null) });
    const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.record<Read>({
          stored: fc.uniqueArray(fc.record({ key, identity: maybe }), { selector: (s) => s.key, maxLength: 5 }),
          records: fc.array(
            fc.record({
              key,
              identity: maybe,
              accepted: fc.oneof(
                { weight: 3, arbitrary: fc.constant(true) },
                { weight: 1, arbitrary: fc.constant(false) },
              ),
              faulty: fc.oneof(
                { weight: 1, arbitrary: fc.constant(true) },
                { weight: 6, arbitrary: fc.constant(false) },
              ),
            }),
            { maxLength: 4 },
          ),
          goneKeys: few(key),
          goneIdentities: few(identity),
          unkeyed: fc.array(identity, { maxLength: 1 }),
          present: fc.option(fc.array(identity, { maxLength: 4 }), { nil: null }),
          certified: fc.boolean(),
        }),
        async (read) => {
          expect(await found(read)).toEqual(model(read));
        },
      ),
      { numRuns: 150 },
    );
  }, 240_000);
});
