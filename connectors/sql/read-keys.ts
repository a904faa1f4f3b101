import { cellText, type Cell } from '../../domain/cell.ts';
import type { Certificate, KeyAnswer, KeyAnswers, KeysRequest, Pacer } from '../package.ts';
import type { Column, Database } from './database.ts';
import { inTable } from './faults.ts';
import type { SqlSettings } from './settings.ts';
import { columnSql, findTable, selectOf, wantedOf, type Table } from './table.ts';

/** What the snapshot has under keys. A key with no row in it is gone, unless the table has no row at all. */
export async function readKeys(
  database: Database,
  settings: SqlSettings,
  { table: name, wanted, by, keys, pacer, signal }: KeysRequest,
): Promise<KeyAnswers> {
  try {
    const table = await findTable(database, settings, name);
    const columns = wantedOf(table, wanted);
    const certificate = await database.certificateOf(table.source);
    const told = (answers: KeyAnswer[]) => ({ columns: columns.map((each) => each.name), answers, certificate });
    const odd = by.flatMap((column) => whyOdd(table, column) ?? []);
    const [reason] = odd;
    if (reason !== undefined) return told(keys.map(() => ({ state: 'unknown', reason, unasked: true })));
    const answers: KeyAnswer[] = [];
    for (let at = 0; at < keys.length; at += together) {
      signal?.throwIfAborted();
      if (at > 0) await pacer?.request();
      const some = keys.slice(at, at + together);
      answers.push(...(await readTogether({ database, table, columns, by, pacer }, some)));
    }
    return told(
      answers.some(({ state }) => state === 'gone') ? await doubted(database, table, answers, certificate) : answers,
    );
  } catch (error) {
    throw inTable(error, name);
  }
}

/** Why a column cannot be asked for values; undefined if it can. */
function whyOdd({ name: table, columns }: Table, column: string): string | undefined {
  const found = columns.find(({ name }) => name === column);
  if (!found) return `${table} has no column ${column} that it could be asked by.`;
  if (found.multiValued || !comparable.has(found.type) || inexact.test(found.sqlType))
    return `The column ${column} has values that are not compared as texts.`;
  return undefined;
}

/** How many keys one statement asks for: PostgreSQL takes at most 100 parts of a `concat`. */
const together = 50;

interface Asked {
  database: Database;
  table: Table;
  columns: readonly Column[];
  by: readonly string[];
  pacer: Pacer | undefined;
}
type Keys = readonly (readonly string[])[];
type Compare = (column: string, value: string) => string;

/** What each key has. If one of them is no value of its column, each is asked for by itself. */
async function readTogether(asked: Asked, keys: Keys): Promise<KeyAnswer[]> {
  const { database, pacer } = asked;
  const found = await rowsOf(asked, keys, (column, value) => `${column} = ${value}`);
  if (found === 'unreadable') {
    if (keys.length === 1) return [{ state: 'unknown', reason: 'The key is no value of its column.' }];
    const answers: KeyAnswer[] = [];
    for (const key of keys) {
      await pacer?.request();
      answers.push(...(await readTogether(asked, [key])));
    }
    return answers;
  }
  const { sameText } = database;
  const without = sameText ? keys.flatMap((_, i) => (found[i]?.length === 0 ? [i] : [])) : [];
  if (sameText && without.length > 0) {
    const more = await rowsOf(
      asked,
      without.map((i) => keys[i] ?? []),
      sameText,
    );
    if (more !== 'unreadable') for (const [n, i] of without.entries()) found[i] = more[n] ?? [];
  }
  return found.map((rows) =>
    rows.length > 0 ? { state: 'found', records: rows.map((cells) => ({ cells })) } : { state: 'gone' },
  );
}

/**
 * The rows of each key. The database says of each row which keys it has, since only the database knows what is equal there:
 * of a collation without case, both `a` and `A`.
 */
async function rowsOf(
  { database, table, columns, by }: Asked,
  keys: Keys,
  compare: Compare,
): Promise<Cell[][][] | 'unreadable'> {
  const bound = database.bind();
  // places have no names everywhere, so each value is bound once more, in the order of the text
  const conditions = () =>
    keys.map((key) => by.map((name, i) => compare(columnSql(database, name), bound.put(key[i] ?? ''))).join(' and '));
  const which = conditions().map((has, i) => `case when ${has} then '${String(i)},' else '' end`);
  const where = conditions().map((has) => `(${has})`);
  // a list of one is no list for `concat` of every server
  const select = selectOf(database, table, columns, where.join(' or '), `concat('', ${which.join(', ')})`);
  const rows = await database.rows(select, bound.values, [...columns, ofKeys]);
  if (rows === 'unreadable') return rows;
  const found: Cell[][][] = keys.map(() => []);
  for (const row of rows) {
    const cells = row.slice(0, -1);
    for (const i of cellText(row.at(-1) ?? '').split(',')) if (i !== '') found[Number(i)]?.push(cells);
  }
  return found;
}

/** The column that says which keys a row has. */
const ofKeys: Column = { name: 'of_keys', type: 'string', multiValued: false, sqlType: 'text' };

/** A table that was emptied says nothing of single rows: that none is left is held where the table is read whole. */
async function doubted(
  database: Database,
  { from }: Table,
  answers: readonly KeyAnswer[],
  certificate: Certificate,
): Promise<KeyAnswer[]> {
  const some = { name: 'some', type: 'string', multiValued: false, sqlType: '' } as const;
  const found = await database.rows(
    `select case when exists (select 1 from ${from}) then 'yes' else 'no' end as ${database.quote(some.name)}`,
    [],
    [some],
  );
  const reason =
    found !== 'unreadable' && found[0]?.[0] === 'yes'
      ? certificate.certified
        ? undefined
        : certificate.reason
      : 'The table has no row at all, so it does not tell whether single rows are gone.';
  return answers.map((answer) =>
    answer.state === 'gone' && reason !== undefined ? { state: 'unknown', reason } : answer,
  );
}

/** Types whose values are written in one way only. */
const comparable: ReadonlySet<Column['type']> = new Set(['string', 'number']);
/** Numbers whose text is not always equal to them, and types without an equality. */
const inexact = /^(float|real|double|json$|xml$)/i;
