import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { openDatabase, row, type Database } from '../database.ts';
import { formSql, type FormName } from './forms.ts';

let db: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  db = openDatabase(database.url, { applicationName: 'test', poolSize: 1, statementTimeoutMs: 60_000 });
  drop = database.drop;
});
afterAll(async () => {
  await db.destroy();
  await drop();
});

const isSame = async (form: FormName, before: string, after: string) => {
  const found = await row<{ same: boolean }>(
    db,
    `select ${formSql(form, 'b', 'a')} is true as same from (select ?::text as b, ?::text as a) pair`,
    [before, after],
  );
  return found?.same;
};

test.each([
  ['2015-03-17', '2015-03-17 00:00:00'],
  ['2015-03-17', '2015-03-17T00:00:00Z'],
  ['2015-03-17 00:00:00', '17.03.2015'],
  ['2015-03-17', '3/17/2015 12:00:00 AM'],
  ['2015-03-17', '3/17/15'],
  ['2015-03-17', '20150317'],
  ['20150317', '17.03.2015'],
  ['17.03.2015', '17032015'],
  ['2019-08-20', '08/20/2019'],
  ['2015-03-17', '17-Mar-2015'],
])('%s and %s are the same date', async (before, after) => {
  expect(await isSame('date', before, after)).toBe(true);
});

test.each([
  ['2015-03-17', '2015-03-18'],
  ['2015-03-17 00:00:00', '2015-03-18 00:00:00'],
  ['2015-03-17', 'in March'],
])('%s and %s are not the same date', async (before, after) => {
  expect(await isSame('date', before, after)).toBe(false);
});

test.each([
  ['1234.50', '1234,50'],
  ['1234.50', '1.234,50'],
  ['1234.50', '1 234.5'],
  ['17', '00017'],
])('%s and %s are the same number', async (before, after) => {
  expect(await isSame('number', before, after)).toBe(true);
});

test('white space around a number is no other format of a number', async () => {
  expect(await isSame('number', '51126571', '51126571 ')).toBe(false);
  expect(await isSame('white-space', '51126571', '51126571 ')).toBe(true);
});
