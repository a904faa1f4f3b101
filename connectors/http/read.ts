import { SyncError } from '../../domain/errors.ts';
import type { CellObject } from '../../domain/cell.ts';
import type { Certificate, Connection, ReadEvent, ReadRequest } from '../package.ts';
import { columnsOf, membersOf, recordOf } from '../web/columns.ts';
import { readCsvBody } from '../web/csv-body.ts';
import { findIn } from '../web/find-in.ts';
import { openWeb, type WebPackageOptions } from '../web/open.ts';
import { readList, type ListItem } from '../web/read-list.ts';
import { timeOfCheckpoint, Watermark } from '../web/watermark.ts';
import { linkOf, lowerCase, Pages } from './pages.ts';
import type { HttpSettings, HttpTable } from './settings.ts';
import { sinceText, timeOfRow } from './since.ts';

/** A document of CSV need not fit into memory. */
const document = { bytes: 2 ** 31, total: 60 * 60_000 };

/** @throws SyncError `missing-table` */
export function tableOf({ tables }: HttpSettings, name: string): HttpTable {
  const found = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (found) return found;
  const has = Object.keys(tables).join(', ');
  throw new SyncError('missing-table', `settings.tables has no table ${name}. It has ${has === '' ? 'none' : has}.`, {
    table: name,
  });
}

/** Reads a table: all of it, or what was changed since a checkpoint. */
export async function* readHttp(
  options: WebPackageOptions,
  connection: Connection<HttpSettings>,
  request: ReadRequest,
): AsyncGenerator<ReadEvent> {
  const { settings } = connection;
  const table = tableOf(settings, request.table);
  const from = request.mode === 'incremental' && request.since ? timeOfCheckpoint(request.since) : undefined;
  if (request.mode === 'incremental' && (!table.since || from === undefined)) {
    yield {
      kind: 'refused',
      code: 'checkpoint-refused',
      reason: 'There is no time from which changes could be asked for.',
    };
    return;
  }
  const client = await openWeb(options, connection);
  try {
    const extra = table.since && from !== undefined ? { [table.since.parameter]: sinceText(table.since, from) } : {};
    const { pacer, signal } = request;
    const pages = new Pages(client, settings, table, { pacer, signal }, extra);
    if (table.format === 'csv') {
      const url = pages.url();
      const stream = await client.stream({
        url,
        accept: 'text/csv, */*;q=0.5',
        headers: lowerCase(settings.headers),
        pacer,
        signal,
        limits: document,
      });
      yield* readCsvBody(stream, {
        table: request.table,
        url,
        wanted: request.wanted,
        finalNewline: table.finalNewline,
      });
      return;
    }
    yield* readJson(pages, table, request, from);
  } finally {
    await client.close();
  }
}

async function* readJson(
  pages: Pages,
  table: HttpTable,
  { table: name, wanted, pacer, since }: ReadRequest,
  from: number | undefined,
): AsyncGenerator<ReadEvent> {
  const watermark = new Watermark(from === undefined ? undefined : since);
  const last = { namesFurther: false };
  pages.answered = ({ headers }) => {
    watermark.answered(headers);
    last.namesFurther = linkOf(headers['link']) !== undefined;
  };
  let columns: string[] | undefined;
  const events = function* (items: readonly { cell: CellObject; id?: string }[]): Generator<ReadEvent> {
    if (!columns) {
      columns = columnsOf(wanted, membersOf(items.map(({ cell }) => cell)), false);
      yield { kind: 'segment', source: name, columns };
    }
    if (items.length === 0) return;
    for (const { cell } of items)
      if (table.since) watermark.saw(timeOfRow(findIn(cell, table.since.column), table.since));
    const records = items.map(({ cell, id }) =>
      recordOf(cell, columns ?? [], id === undefined ? undefined : `${name}/${id}`),
    );
    yield { kind: 'structured', records, resume: '' };
  };
  let certificate: Certificate = { certified: true };
  if (table.paging === 'none') {
    yield* events((await pages.whole()).map((cell) => ({ cell })));
    if (last.namesFurther) certificate = firstPageOnly(name);
  } else {
    const list = readList({ table: name, paging: pages.paging(), twice: table.verify === 'twice', pacer });
    for (;;) {
      const { done, value }: IteratorResult<ListItem[], Certificate> = await list.next();
      if (done) {
        certificate = value;
        break;
      }
      yield* events(value);
    }
    if (!columns) yield* events([]);
  }
  const checkpoint = table.since ? watermark.checkpoint() : undefined;
  yield {
    kind: 'end',
    // that rows are missing is worse than that deletes are not told
    certificate: from === undefined || certificate.code === 'not-final' ? certificate : withoutTombstones,
    ...(checkpoint ? { checkpoint } : {}),
  };
}

const firstPageOnly = (table: string): Certificate => ({
  certified: false,
  code: 'not-final',
  reason: `The answer names a further page (its header Link), and settings.tables.${table} has paging: none, so rows are missing. Set paging: { kind: link }.`,
});

const withoutTombstones: Certificate = {
  certified: false,
  code: 'no-tombstones',
  reason: 'The source does not tell what was deleted. A complete sync finds it.',
};
