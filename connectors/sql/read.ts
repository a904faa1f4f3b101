import { cellText, type Cell } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import { encodedBatch } from '../encoded-batch.ts';
import type { Certificate, Checkpoint, ReadEvent, ReadRequest } from '../package.ts';
import type { Bound, Column, Database } from './database.ts';
import { inTable } from './faults.ts';
import type { SqlSettings } from './settings.ts';
import { columnOf, columnSql, findTable, selectOf, wantedOf, type Table } from './table.ts';
import { atMost, beforeAll, parseMark, shiftBack, type Mark } from './watermark.ts';

/** Reads a table from the snapshot. */
export async function* readTable(
  database: Database,
  settings: SqlSettings,
  request: ReadRequest,
): AsyncGenerator<ReadEvent> {
  try {
    const table = await findTable(database, settings, request.table);
    const { since, mode } = request;
    if (mode === 'incremental' && since && table.settings.watermark)
      yield* readChanges(database, table, request, since);
    else yield* readAll(database, table, request, mode === 'incremental' ? await noteOf(database, table) : undefined);
  } catch (error) {
    throw inTable(error, request.table);
  }
}

async function* readAll(
  database: Database,
  table: Table,
  { mode, wanted }: ReadRequest,
  checkpoint: Checkpoint | undefined,
): AsyncGenerator<ReadEvent> {
  const columns = wantedOf(table, wanted);
  const certificate = await database.certificateOf(table.source);
  yield segmentOf(table, columns);
  yield* records(database, selectOf(database, table, columns), [], columns);
  yield {
    kind: 'end',
    certificate: mode === 'complete' ? certificate : untold(certificate),
    ...(checkpoint ? { checkpoint } : {}),
  };
}

const segmentOf = ({ name, columns: known }: Table, columns: readonly Column[]): ReadEvent => ({
  kind: 'segment',
  source: name,
  columns: columns.map((each) => each.name),
  known: known.map((each) => each.name),
});

/** What has changed since a checkpoint: rows whose watermark is not before it, and rows that have none. */
async function* readChanges(
  database: Database,
  table: Table,
  { wanted }: ReadRequest,
  since: Checkpoint,
): AsyncGenerator<ReadEvent> {
  const { watermark, deleted } = table.settings;
  const mark = parseMark(since.value);
  if (!watermark || !mark) {
    yield { kind: 'refused', code: 'checkpoint-refused', reason: 'The checkpoint is none of this version.' };
    return;
  }
  const columns = wantedOf(table, wanted);
  const by = columnOf(table, watermark.column, 'watermark.column');
  const from = mark.at === null ? undefined : shiftBack(mark.at, watermark.overlap);
  const certificate = await database.certificateOf(table.source);
  const checkpoint = await noteOf(database, table);
  yield segmentOf(table, columns);
  if (deleted) yield* tombstones(database, table, columns, wanted, from ?? beforeAll(by.type));
  const bound = database.bind();
  const own = columnSql(database, by.name);
  const where = from === undefined ? undefined : `(${own} >= ${bound.putWatermark(from, by)} or ${own} is null)`;
  yield* records(database, selectOf(database, table, columns, where), bound.values, columns);
  yield {
    kind: 'end',
    certificate: deleted ? certificate : untold(certificate),
    checkpoint,
  };
}

async function* records(
  database: Database,
  select: string,
  values: readonly string[],
  columns: readonly Column[],
): AsyncGenerator<ReadEvent> {
  if (database.encodedPages)
    for await (const page of database.encodedPages(select, values, columns)) yield encodedBatch(page);
  else
    for await (const page of database.pages(select, values, columns))
      yield { kind: 'structured', records: page.map((cells) => ({ cells })), resume: '' };
}

/** Rows of the query `deleted`, without those that the table still has. */
async function* tombstones(
  database: Database,
  table: Table,
  columns: readonly Column[],
  wanted: ReadRequest['wanted'],
  since: string,
): AsyncGenerator<ReadEvent> {
  const query = table.settings.deleted?.query ?? '';
  const by = columnOf(table, table.settings.watermark?.column ?? '', 'watermark.column');
  database.refuseSeveral?.(query);
  const bound = database.bind();
  const gone = `(\n${withSince(query, by, since, bound)}\n) gone_rows`;
  const given = await database.columns(`select * from ${gone}`, bound.values);
  const known = given.filter(({ name }) => table.columns.some((each) => each.name === name));
  const identity = wanted?.identity;
  const names =
    wanted && wanted.key.length > 0 && wanted.key.every((name) => known.some((each) => each.name === name))
      ? wanted.key
      : identity !== undefined && known.some((each) => each.name === identity)
        ? [identity]
        : wanted && wanted.key.length > 0
          ? []
          : known.map(({ name }) => name);
  if (names.length === 0)
    throw new SyncError(
      'query',
      `${table.name}: the query \`deleted\` must give the columns of the key${identity === undefined ? '' : ', or of the identity'}, under their names in the table.`,
      { table: table.name },
    );
  const kept = names.map((name) => `${columnSql(database, name)} = gone_rows.${database.quote(name)}`).join(' and ');
  const select =
    `select ${names.map((name) => `gone_rows.${database.quote(name)}`).join(', ')} from ${gone} ` +
    `where not exists (select 1 from ${table.from} where ${kept})`;
  const shown = names.map((name) => columnOf(table, name, 'the key'));
  const place = columns.map(({ name }) => names.indexOf(name));
  for await (const page of database.pages(select, bound.values, shown)) {
    const whole = page.filter((cells) => cells.every((cell) => cell !== null && cellText(cell) !== ''));
    const shaped = whole.map((cells) => ({ cells: place.map((at): Cell => (at < 0 ? null : (cells[at] ?? null))) }));
    if (shaped.length > 0) yield { kind: 'tombstones', records: shaped, resume: '' };
  }
}

/** `:since`, but no cast `::since` and no part of a name. */
const place = /(?<![:\w]):since\b/g;

function withSince(query: string, by: Column, since: string, bound: Bound): string {
  return query.replace(place, () => bound.putWatermark(since, by));
}

/** The checkpoint of the table as it is in the snapshot. */
export async function noteOf(database: Database, table: Table): Promise<Checkpoint> {
  const { watermark } = table.settings;
  // read as a whole each time, so that the other tables of the connection can be read by their changes
  if (!watermark) return { value: JSON.stringify({ at: null } satisfies Mark), name: 'the whole table' };
  const by = columnOf(table, watermark.column, 'watermark.column');
  const largest = `select max(${columnSql(database, by.name)}) as ${database.quote(by.name)} from ${table.from}`;
  const found = await database.rows(largest, [], [by]);
  const cell = found === 'unreadable' ? null : (found[0]?.[0] ?? null);
  if (cell === null) return checkpointOf({ at: null });
  const text = typeof cell === 'string' ? cell : 'text' in (cell as object) ? (cell as { text: string }).text : '';
  // told now rather than by the next sync, which would have nothing to go on from
  shiftBack(text, watermark.overlap);
  return checkpointOf({ at: atMost(text, await database.clock()) });
}

const checkpointOf = (mark: Mark): Checkpoint => ({
  value: JSON.stringify(mark),
  name: mark.at === null ? 'no watermark yet' : `watermark ${mark.at}`,
});

/** Without a query of what is gone, an incremental read cannot say it. */
const untold = (certificate: Certificate): Certificate =>
  certificate.certified
    ? {
        certified: false,
        code: 'no-tombstones',
        reason: 'The table has no query `deleted`, so only a complete sync finds rows that are gone.',
      }
    : certificate;
