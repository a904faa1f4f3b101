import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectorFileSchema } from '../domain/connector-file.ts';
import { isStoredForm } from '../domain/format/index.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { activateRevision, findEntityType } from './catalog.ts';
import { lockConnector, saveRevision } from './connectors.ts';
import { openDatabase, rows, type Database } from './database.ts';
import { migrate } from './migrate.ts';
import { refreshViews } from './views.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const functions = {
  integer: 'numeric_or_null',
  decimal: 'numeric_or_null',
  date: 'date_or_null',
  dateTime: 'time_or_null',
  boolean: 'boolean_or_null',
  binary: 'bytes_or_null',
} as const;

const day = fc
  .tuple(fc.integer({ min: 0, max: 2100 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
  .map(([y, m, d]) => [String(y).padStart(4, '0'), String(m).padStart(2, '0'), String(d).padStart(2, '0')].join('-'));
const clock = fc
  .tuple(
    fc.integer({ min: 0, max: 25 }),
    fc.integer({ min: 0, max: 61 }),
    fc.constantFrom('00', '59', '60', '07.5', '07.500', '07.123456', '07.1234567'),
  )
  .map(([h, m, s]) => `T${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}:${s}Z`);
const texts = fc.oneof(
  day,
  fc.tuple(day, clock).map(([date, time]) => date + time),
  fc.constantFrom('2024-02-29', '2023-02-29', '1900-02-29', '2000-02-29', '0000-02-29', '0004-02-29', '2024-04-31'),
  fc.constantFrom(
    'NaN',
    'Infinity',
    'today',
    'now',
    'epoch',
    '1e5',
    '0x10',
    '1_000',
    ' 1',
    '1 ',
    '-0',
    '+1',
    '',
    '9'.repeat(140_000),
  ),
  fc.constantFrom('t', 'yes', 'on', '1', 'true', 'false', 'TRUE', 'QQ==', 'QUI=', 'QQ', '====', 'Q Q=', '\\\\x41'),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789-+.:TZe ')), maxLength: 24 }),
  fc.bigInt().map(String),
  fc.base64String({ maxLength: 24 }),
);

describe('stored values by their type', () => {
  test('are cast where they have the type, null elsewhere, and never an error', async () => {
    const sample = fc.sample(texts, 4000);
    for (const [type, name] of Object.entries(functions) as [keyof typeof functions, string][]) {
      const found = await rows<{ text: string; known: boolean }>(
        db,
        `select v as text, syncline.${name}(v) is not null as known from unnest(?::text[]) v`,
        [sample],
      );
      expect(found).toHaveLength(sample.length);
      for (const { text, known } of found) {
        const stored = isStoredForm({ type }, text);
        // numbers of up to 1,000 digits that we would write otherwise are numbers all the same
        if (type === 'integer' || type === 'decimal') expect(known || !stored, `${type} ${text}`).toBe(true);
        // a time is stored with three digits of a fraction or six, bytes with the one base64 of several that decode alike
        else if (type === 'dateTime' || type === 'binary') expect(known || !stored, text).toBe(true);
        else expect(known, `${type} ${text}`).toBe(stored);
      }
    }
  });

  test('are null in the views of an earlier version as well, once it is migrated, and the catalog has their formats', async () => {
    const file = connectorFileSchema.parse({
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name: 'old',
      connections: [{ name: 'files', package: 'csv', settings: { directory: 'old' } }],
      entityTypes: [
        {
          name: 'Old_One',
          source: { connection: 'files', table: 't.csv' },
          key: ['theKey'],
          properties: {
            startDay: { column: 'a', type: 'date', format: 'dd/MM/yyyy' },
            "it's": { column: 'b', type: 'dateTime', zone: 'Europe/Paris' },
            days: { column: 'c', type: 'date', multiValued: true, separator: ';' },
            theKey: { column: 'k', type: 'integer' },
            plain: { column: 'p' },
          },
        },
      ],
    });
    await db.transaction(async (tx) => {
      const connector = await lockConnector(tx, 'old', 'old');
      await activateRevision(tx, connector.id, await saveRevision(tx, connector, file, 'test'), file);
      await refreshViews(tx, connector.id);
    });
    const type = await findEntityType(db, 'Old_One');
    const id = type?.id ?? 0;
    const [named] = await rows<{ view: string }>(
      db,
      `select c.oid::regclass::text as view from pg_class c join syncline.entity_type t on t.view_name = c.relname and t.id = ?`,
      [id],
    );
    const view = named?.view ?? '';
    // as the version before made it: a pattern, then the cast
    const cast = (text: string, to: string, pattern: string) =>
      `case when ${text} ~ '${pattern}' then (${text})::${to} end`;
    const date = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';
    await db.raw(
      `drop function syncline.numeric_or_null, syncline.date_or_null, syncline.time_or_null, syncline.boolean_or_null, syncline.bytes_or_null cascade;
       create view ${view} as select ${cast("(attributes ->> 'theKey')", 'numeric', '^[0-9]+$')} as the_key,
         ${cast("(attributes ->> 'startDay')", 'date', date)} as start_day,
         ${cast("(attributes ->> 'it''s')", 'timestamptz', '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$')} as "it's",
         (select array_agg(${cast('v', 'date', date)}) from jsonb_array_elements_text(attributes -> 'days') v) as days,
         (attributes ->> 'plain') as plain
       from syncline.resource where entity_type = ${String(id)}`.replaceAll('?', '\\?'),
    );
    await db.raw(
      `update syncline.entity_type set properties = (select jsonb_agg(p - 'format' - 'zone') from jsonb_array_elements(properties) p) where id = ?`,
      [id],
    );
    await db.raw(`insert into syncline.resource (entity_type, key, attributes) values (?, '1', ?::jsonb)`, [
      id,
      JSON.stringify({
        theKey: '1',
        startDay: '2024-02-30',
        "it's": '0000-12-31T23:00:00Z',
        days: ['0000-01-01', '2024-02-29'],
        plain: 'x',
      }),
    ]);
    await expect(db.raw(`select * from ${view}`)).rejects.toThrow();
    await db.raw(`delete from syncline.migration where name = '0013-typed-values'`);
    await migrate(database.url);
    expect(await rows(db, `select the_key::int, start_day, "it's", days::text, plain from ${view}`)).toEqual([
      { the_key: 1, start_day: null, "it's": null, days: '{NULL,2024-02-29}', plain: 'x' },
    ]);
    expect((await findEntityType(db, 'Old_One'))?.properties).toEqual(type?.properties);
  });
});
