import type { Certificate, KeyAnswer, KeyAnswers, KeysRequest } from '../package.ts';
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
    for (const key of keys) {
      signal?.throwIfAborted();
      if (answers.length > 0) await pacer?.request();
      answers.push(await readKey(database, table, columns, by, key));
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

async function readKey(
  database: Database,
  table: Table,
  columns: readonly Column[],
  by: readonly string[],
  key: readonly string[],
): Promise<KeyAnswer> {
  const ask = async (compare: (column: string, value: string) => string) => {
    const bound = database.bind();
    const where = by.map((name, i) => compare(columnSql(database, name), bound.put(key[i] ?? ''))).join(' and ');
    return database.rows(selectOf(database, table, columns, where), bound.values, columns);
  };
  let rows = await ask((column, value) => `${column} = ${value}`);
  if (rows.length === 0 && database.sameText) rows = await ask(database.sameText);
  if (rows === 'unreadable') return { state: 'unknown', reason: 'The key is no value of its column.' };
  return rows.length > 0 ? { state: 'found', records: rows.map((cells) => ({ cells })) } : { state: 'gone' };
}

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
