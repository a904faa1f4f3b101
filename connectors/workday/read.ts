import { SyncError } from '../../domain/errors.ts';
import type { Cell, CellObject } from '../../domain/cell.ts';
import type { Connection, ReadEvent, ReadRequest, StructuredRecord } from '../package.ts';
import { badBody } from '../web/body.ts';
import type { WebClient } from '../web/client.ts';
import { columnsOf, membersOf, recordOf } from '../web/columns.ts';
import { readCsvBody } from '../web/csv-body.ts';
import { findIn } from '../web/find-in.ts';
import { openWeb, type WebPackageOptions } from '../web/open.ts';
import { pageLimits } from '../web/transport.ts';
import { Effective } from './effective.ts';
import type { Report, WorkdaySettings } from './settings.ts';

const rowsPerBatch = 1000;

/** @throws SyncError `missing-table` */
function reportOf({ tables }: WorkdaySettings, name: string): Report {
  const found = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (found) return found;
  const has = Object.keys(tables).join(', ');
  throw new SyncError('missing-table', `settings.tables has no table ${name}. It has ${has === '' ? 'none' : has}.`, {
    table: name,
  });
}

/** Reads a report, which is one document. */
export async function* readReport(
  options: WebPackageOptions,
  connection: Connection<WorkdaySettings>,
  request: ReadRequest,
): AsyncGenerator<ReadEvent> {
  if (request.mode === 'incremental') {
    yield { kind: 'refused', code: 'checkpoint-refused', reason: 'A report is read as a whole.' };
    return;
  }
  const { settings } = connection;
  const report = reportOf(settings, request.table);
  const client = await openWeb(options, connection);
  try {
    // the columns of effective are read, whatever is mapped
    const wanted =
      request.wanted && report.effective ? withEffective(request.wanted, report.effective) : request.wanted;
    const url = urlOf(settings, report);
    const events =
      report.format === 'csv'
        ? readCsv(client, url, report, { ...request, wanted })
        : readJson(client, url, { ...request, wanted });
    yield* report.effective ? choose(events, report.effective, request) : events;
  } finally {
    await client.close();
  }
}

type Asked = Pick<ReadRequest, 'table' | 'pacer' | 'signal'> & { wanted: ReadRequest['wanted'] | undefined };

async function* readCsv(client: WebClient, url: URL, report: Report, { table, wanted, pacer, signal }: Asked) {
  const stream = await client.stream({ url, accept: 'text/csv, */*;q=0.5', pacer, signal });
  yield* readCsvBody(stream, { table, url, wanted, finalNewline: report.finalNewline });
}

/** The rows are in Report_Entry, and every value is a text, a list or an object. */
async function* readJson(
  client: WebClient,
  url: URL,
  { table, wanted, pacer, signal }: Asked,
): AsyncGenerator<ReadEvent> {
  const { json = null } = await client.json({
    url,
    accept: 'application/json',
    limits: { bytes: pageLimits.bytes },
    pacer,
    signal,
  });
  const rows = findIn(json, 'Report_Entry');
  if (!Array.isArray(rows)) throw badBody(url, 'has no list at Report_Entry');
  const objects = (rows as readonly Cell[]).map((row) => {
    if (!(row instanceof Map)) throw badBody(url, 'has a row that is no object');
    return row as CellObject;
  });
  const columns = columnsOf(wanted, membersOf(objects), false);
  yield { kind: 'segment', source: table, columns };
  for (let at = 0; at < objects.length; at += rowsPerBatch) {
    const some = objects.slice(at, at + rowsPerBatch);
    yield {
      kind: 'structured',
      records: some.map((each, i) => recordOf(each, columns, `row ${String(at + i + 1)}`)),
      resume: '',
    };
  }
  yield { kind: 'end', certificate: { certified: true } };
}

/** Holds the rows back until all are there: only then it is known which of them count. */
async function* choose(
  events: AsyncIterable<ReadEvent>,
  effective: NonNullable<Report['effective']>,
  { table, wanted }: ReadRequest,
): AsyncGenerator<ReadEvent> {
  let chosen: Effective | undefined;
  for await (const event of events) {
    if (event.kind === 'segment') chosen = new Effective(effective, table, event.columns, wanted);
    if (event.kind === 'structured') for (const record of event.records) chosen?.add(record);
    if (event.kind === 'end') {
      const records: StructuredRecord[] = chosen?.records() ?? [];
      for (let at = 0; at < records.length; at += rowsPerBatch)
        yield { kind: 'structured', records: records.slice(at, at + rowsPerBatch), resume: '' };
      yield { ...event, filtered: chosen?.leftOut ?? 0 };
    } else if (event.kind !== 'structured') yield event;
  }
}

const withEffective = (
  wanted: NonNullable<ReadRequest['wanted']>,
  { column, key = [] }: NonNullable<Report['effective']>,
): NonNullable<ReadRequest['wanted']> => ({ ...wanted, columns: [...wanted.columns, column, ...key] });

export function urlOf({ baseUrl }: WorkdaySettings, { report, prompts, format }: Report): URL {
  const url = new URL(`${baseUrl}/${report.split('/').map(encodeURIComponent).join('/')}`);
  for (const [name, value] of Object.entries({ ...prompts, format })) url.searchParams.set(name, value);
  return url;
}
