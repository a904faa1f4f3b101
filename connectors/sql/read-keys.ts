import type { KeyAnswer, KeyAnswers, KeysRequest } from '../package.ts';
import type { Column, Database } from './database.ts';
import { inTable } from './faults.ts';
import type { SqlSettings } from './settings.ts';
import { columnOf, columnSql, findTable, selectOf, wantedOf, type Table } from './table.ts';

/** What the snapshot has under keys. A key with no row in it is gone. */
export async function readKeys(
  database: Database,
  settings: SqlSettings,
  { table: name, wanted, by, keys, signal }: KeysRequest,
): Promise<KeyAnswers> {
  try {
    const table = await findTable(database, settings, name);
    const columns = wantedOf(table, wanted);
    const of = by.map((column) => columnOf(table, column, 'the key'));
    const answers: KeyAnswer[] = [];
    for (const key of keys) {
      signal?.throwIfAborted();
      answers.push(await readKey(database, table, columns, of, key));
    }
    return { columns: columns.map(({ name: column }) => column), answers };
  } catch (error) {
    throw inTable(error, name);
  }
}

async function readKey(
  database: Database,
  table: Table,
  columns: readonly Column[],
  by: readonly Column[],
  key: readonly string[],
): Promise<KeyAnswer> {
  const odd = by.find(({ type, multiValued }) => multiValued || !comparable.has(type));
  if (odd) return { state: 'unknown', reason: `The column ${odd.name} has values that are not compared as texts.` };
  const ask = async (compare: (column: string, value: string) => string) => {
    const bound = database.bind();
    const where = by.map(({ name }, i) => compare(columnSql(database, name), bound.put(key[i] ?? ''))).join(' and ');
    return database.rows(selectOf(database, table, columns, where), bound.values, columns);
  };
  let rows = await ask((column, value) => `${column} = ${value}`);
  if (rows.length === 0 && database.sameText) rows = await ask(database.sameText);
  if (rows === 'unreadable') return { state: 'unknown', reason: 'The key is no value of its column.' };
  return rows.length > 0 ? { state: 'found', records: rows.map((cells) => ({ cells })) } : { state: 'gone' };
}

/** Types whose values are written in one way only. */
const comparable: ReadonlySet<Column['type']> = new Set(['string', 'number']);
