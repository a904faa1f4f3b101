import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowCodes } from '../domain/codes.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { compileMapping } from '../domain/mapping.ts';
import { checkShape } from '../domain/parse-connector-file.ts';
import { longestKey } from '../domain/storable.ts';
import { applyChanges } from '../repository/apply.ts';
import { activateRevision, entityTypesOf, linkPropertiesOf } from '../repository/catalog.ts';
import { ensureSharedParts } from '../repository/change-parts.ts';
import { lockConnector, saveRevision } from '../repository/connectors.ts';
import { connectForCopy, finishCopies } from '../repository/copy.ts';
import { openDatabase, row, rows, type Database } from '../repository/database.ts';
import { computeDiff } from '../repository/diff.ts';
import { computeDigest } from '../repository/digest.ts';
import { resolveRows } from '../repository/resolve-rows.ts';
import { beginStaging, dropStaging, tellErrors } from '../repository/staging.ts';
import type { Preparation, SyncRow } from '../repository/syncs.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { catalogType, planDiff, warnsCaseVariants, type Catalog } from './plan-diff.ts';
import { allSinks, openSinks, stagingPlan } from './sinks.ts';
import { noCounts, TableStager } from './stage-table.ts';

const columns = ['id', 'a', 'b', 'n', 'd', 'mgr', 'dn'];

const file: ConnectorFile = (() => {
  const parsed = checkShape({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'any',
    connections: [{ name: 'files', package: 'csv' }],
    entityTypes: [
      {
        name: 'Any',
        source: { connection: 'files', table: 't.csv', where: "row.n != '7' && (row.b != 'x' || int(row.n) > 0)" },
        key: ['id'],
        label: 'cut',
        properties: {
          id: { column: 'id' },
          a: { column: 'a' },
          ['__proto__']: { column: 'b' },
          constructor: { column: 'b' },
          cut: { expression: "row.a.size() > 0 ? row.a.substring(0, 1) : ''" },
          nul: { expression: "row.b == 'z' ? 'a\\u0000b' : row.b" },
          letters: { expression: "row.a.split('')", multiValued: true },
          grown: { expression: "row.a.replace('', row.b)" },
          looped: { expression: "row.a.split('').exists(x, row.a.split('').exists(y, x + y == row.b)) ? 'y' : 'n'" },
          number: { column: 'n', type: 'decimal' },
          whole: { expression: "row.n == '' ? 0u : uint(row.n)", type: 'integer' },
          large: { expression: "row.n == '' ? 0.0 : double(row.n) * 1e30", type: 'decimal' },
          day: { column: 'd', type: 'date' },
          name: { column: 'dn', format: 'rdn' },
          found: { expression: "row.b.startsWith('c') ? row[row.b] : ''" },
        },
        navigationProperties: { manager: { to: 'Any', column: 'mgr', by: 'cut' } },
      },
      {
        name: 'Both',
        source: { connection: 'files', table: 't.csv' },
        key: ['id', 'b'],
        properties: {
          id: { column: 'id', caseInsensitive: true },
          b: { expression: "row.b == '' ? row.a : row.b" },
          n: { column: 'n' },
        },
        navigationProperties: { any: { to: 'Any', column: 'mgr', multiValued: true, separator: ';' } },
      },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.file;
})();

/** Cells as packages give them: whole characters without NUL. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      'a',
      'z',
      '\\',
      '\t',
      '\n',
      '\r',
      '"',
      ';',
      ',',
      '%',
      '\u0001',
      '\u007f',
      '\u2028',
      '\ufeff',
      'İ',
      'ß',
      '𠮷',
      '👩‍👩‍👧',
      '\u0301',
      '\uffff',
      '=',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => text.isWellFormed() && text !== '\0'),
  ),
  maxLength: 12,
});
const text = fc.oneof(
  nasty,
  fc.constantFrom(
    '',
    'x',
    'z',
    'id',
    '__proto__',
    'constructor',
    'CN=a\\00b',
    'CN=x,DC=y',
    'a'.repeat(400),
    '𠮷'.repeat(300),
    'b'.repeat(2000),
  ),
);
const id = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 30 }).map((n) => `k${String(n)}`) },
  { weight: 1, arbitrary: nasty },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('k', '田', ',', 'İ'), fc.integer({ min: 0, max: longestKey + 200 }))
      .map(([of, n]) => of.repeat(n)),
  },
);
const number = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '7',
    '-0.0',
    '1e400',
    '9'.repeat(41),
    '9'.repeat(60),
    '18446744073709551616',
    'NaN',
    ' 1',
    '0x10',
    '٣',
  ),
  fc.double().map(String),
  fc.bigInt().map(String),
);
const day = fc.oneof(
  fc.constantFrom('', '0000-01-01', '2024-02-30', '9999-12-31', 'x'),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
);
const usual = <T>(values: fc.Arbitrary<T>, ...often: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...often) }, { weight: 1, arbitrary: values });
const name = fc.constantFrom('', 'CN=a\\00b', 'CN=x,DC=y', 'x');
const anyRow = fc.tuple(
  id,
  usual(text, 'Ann', 'Bob'),
  usual(text, 'x', 'Lee', 'z'),
  usual(number, '0', '7', '12'),
  usual(day, '', '2024-05-17'),
  usual(text, '', 'A', 'k1;k2'),
  usual(name, ''),
);

describe('whatever a row holds', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  let connector: number;
  let catalog: Catalog;
  const [table] = compileMapping(file, { today: new Date(0), elsewhere: () => undefined }).tables;

  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 4, statementTimeoutMs: 60_000 });
    connector = await db.transaction(async (tx) => {
      const locked = await lockConnector(tx, 'any', 'any');
      await activateRevision(tx, locked.id, await saveRevision(tx, locked, file, 'test'), file);
      return locked.id;
    });
    catalog = { types: await entityTypesOf(db, connector), links: await linkPropertiesOf(db, connector) };
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  async function newSync(): Promise<SyncRow> {
    const created = await row<{ no: number }>(
      db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id)
       values (gen_random_uuid(), ?, 'complete', 'complete', '{export,prepare,synchronize}', 'running', 'manual', 'normal', 'test', 1, 'test')
       returning no`,
      [connector],
    );
    return { no: created?.no ?? 0, connector, scope: null, mode: 'complete' } as SyncRow;
  }

  /** The whole way of the rows of one table, as a sync goes it. */
  async function synchronize(cells: readonly string[][]) {
    if (!table) throw new Error('no table');
    const sync = await newSync();
    const plan = stagingPlan(file, sync, catalog, { narrowed: false, deltas: false });
    const staging = await beginStaging(db, sync.no, plan);
    const client = await connectForCopy(database.url);
    const sinks = openSinks(client, file, sync, catalog, staging, { narrowed: false, deltas: false });
    try {
      const stager = new TableStager(table, sinks, 0);
      stager.enter({ source: 't.csv', columns, commandColumn: undefined });
      stager.take(cells.map((each, i) => ({ line: i + 2, cells: each })));
      for (const sink of allSinks(sinks)) await sink.flush();
      await finishCopies(client);
    } finally {
      await client.end();
    }
    const counts = new Map<string, ReturnType<typeof noCounts>>();
    await db.transaction(async (tx) => {
      await tellErrors(tx, staging);
      for (const type of file.entityTypes) {
        const found = catalogType(catalog, type.name);
        const read = sinks.counts.get(type.name) ?? noCounts();
        const resolved = await resolveRows(tx, staging, {
          id: found.id,
          name: type.name,
          keyCount: type.key.length,
          warnCaseVariants: warnsCaseVariants(found),
          references:
            plan.entityTypes.find(({ id: of }) => of === found.id)?.references.map(({ property }) => property) ?? [],
        });
        counts.set(type.name, {
          ...read,
          accepted: resolved.accepted,
          rejected: read.rejected + resolved.rejected,
          duplicates: resolved.duplicates,
        });
      }
    });
    const preparation: Preparation = {
      ...staging,
      exportRef: { syncId: '', attempts: [] },
      consumed: false,
      mode: 'complete',
      scope: null,
      types: Object.fromEntries(counts),
      links: {},
      tables: [{ connection: 'files', table: 't.csv', columns, certified: true, files: [] }],
    };
    await ensureSharedParts(db, sync.no);
    await db.transaction(
      async (tx) => {
        await computeDiff(tx, await planDiff(tx, sync, file, preparation, catalog));
        await computeDigest(tx, sync.no);
      },
      { isolationLevel: 'repeatable read' },
    );
    await dropStaging(db, sync.no);
    await db.transaction((tx) => applyChanges(tx, sync.no, true));
    await db.raw('update syncline.sync set applied = true where no = ?', [sync.no]);
    return { sync: sync.no, counts };
  }

  it('it is accepted, filtered, a duplicate, or rejected with a code, and the sync ends', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 60 }), async (given) => {
        const { sync, counts } = await synchronize(given);
        for (const [name, { read, accepted, rejected, duplicates, filtered }] of counts) {
          expect(read, name).toBe(given.length);
          expect(accepted + rejected + duplicates + filtered, name).toBe(read);
          const told = await row<{ n: number }>(
            db,
            `select count(*)::int as n from syncline.sync_error where sync = ? and entity_type = ? and effect = 'row-rejected'`,
            [sync, name],
          );
          expect(told?.n, name).toBe(rejected);
        }
        const codes = await rows<{ code: string }>(db, 'select distinct code from syncline.sync_error where sync = ?', [
          sync,
        ]);
        for (const { code } of codes) {
          expect(rowCodes).toContain(code);
          seen.add(code);
        }
      }),
      { numRuns: 40 },
    );
    // else it would show little
    for (const code of [
      'invalid-character',
      'field-too-long',
      'expression',
      'format',
      'duplicate-key',
      'key-unclean',
      'dangling-link',
    ])
      expect([...seen]).toContain(code);
  });
});
