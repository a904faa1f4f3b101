import type { Certificate, Connection, ReadEvent, ReadRequest } from '../package.ts';
import { columnsOf, membersOf, recordOf } from '../web/columns.ts';
import { openWeb, type WebPackageOptions } from '../web/open.ts';
import { readList, type ListItem, type ListPage, type Paging } from '../web/read-list.ts';
import { timeOfCheckpoint, Watermark } from '../web/watermark.ts';
import { badBody } from '../web/body.ts';
import { errorType, listPage, member, textOf } from './messages.ts';
import { namedColumns, noTable, ScimService } from './service.ts';
import type { ScimSettings } from './settings.ts';

/** Clocks of a service and of its database differ, and a change is visible a little after its time. */
const overlap = 5 * 60_000;

/** Reads a table: all of it, or what was changed since a checkpoint. What was deleted is not told. */
export async function* readScim(
  options: WebPackageOptions,
  connection: Connection<ScimSettings>,
  request: ReadRequest,
): AsyncGenerator<ReadEvent> {
  const { settings } = connection;
  const { table, mode, since, pacer, signal, wanted } = request;
  const from = mode === 'incremental' && since ? timeOfCheckpoint(since) : undefined;
  if (mode === 'incremental' && from === undefined) {
    yield {
      kind: 'refused',
      code: 'checkpoint-refused',
      reason: 'There is no time from which changes could be asked for.',
    };
    return;
  }
  const client = await openWeb(options, connection);
  try {
    const service = new ScimService(client, settings, { pacer, signal });
    const by = await service.paging();
    const described = await service.describe();
    const of = described?.find((each) => each.table === table);
    const known = of?.columns.map(({ name }) => name);
    const named = namedColumns(of, columnsOf(wanted, new Set(known), true));
    const watermark = new Watermark(from === undefined ? undefined : since);
    const filter =
      from === undefined ? {} : { filter: `meta.lastModified gt "${new Date(from - overlap).toISOString()}"` };
    const fetch = async (
      query: Record<string, string>,
      first: boolean,
    ): Promise<ListPage | 'expired' | 'unfiltered'> => {
      const url = service.url(table, { ...filter, ...query, ...named, count: String(settings.pageSize) });
      const answer = await service.get(url, [400, 404, 501, ...(from === undefined ? [] : [403])]);
      if (answer.status >= 300) {
        const type = errorType(answer.json);
        if (!first && (type === 'expiredCursor' || type === 'invalidCursor')) return 'expired';
        if (from !== undefined && answer.status !== 404) return 'unfiltered';
        throw noTable(table, url, answer, described);
      }
      watermark.answered(answer.headers);
      const page = listPage(url, answer);
      if (by === 'index' && page.total === undefined) throw badBody(url, 'answers with a list without totalResults');
      return page;
    };
    const list = { table, paging: pagingOf(by, fetch), twice: false, pacer };
    let columns: string[] | undefined;
    const segment = (items: readonly ListItem[]): ReadEvent => {
      const members = membersOf(items.map(({ cell }) => cell));
      // what an entry is made of is no data
      members.delete('schemas');
      const all = new Set([...(known ?? []), ...members]);
      columns = columnsOf(wanted, all, known !== undefined);
      // without schemas, a member that no entry of the first page has says nothing
      return { kind: 'segment', source: table, columns, ...(known ? { known: [...all] } : {}) };
    };
    const pages = readList(list);
    let certificate: Certificate;
    for (;;) {
      const { done, value } = await pages.next();
      if (done) {
        certificate = value;
        break;
      }
      if (!columns) yield segment(value);
      for (const { cell } of value) watermark.saw(Date.parse(textOf(member(cell, 'meta'), 'lastModified') ?? ''));
      const records = value.map(({ id, cell }) => recordOf(cell, columns ?? [], `${table}/${id}`));
      yield { kind: 'structured', records, resume: '' };
    }
    if (!columns) yield segment([]);
    const checkpoint = settings.incremental ? watermark.checkpoint() : undefined;
    yield {
      kind: 'end',
      certificate: from === undefined ? certificate : withoutTombstones,
      ...(checkpoint ? { checkpoint } : {}),
    };
  } catch (error) {
    if (!(error instanceof Unfiltered)) throw error;
    yield {
      kind: 'refused',
      code: 'checkpoint-refused',
      reason: `The service does not filter ${table} by meta.lastModified. Set incremental: false.`,
    };
  } finally {
    await client.close();
  }
}

const withoutTombstones: Certificate = {
  certified: false,
  code: 'no-tombstones',
  reason: 'SCIM does not tell what was deleted. A complete sync finds it.',
};

/** The service does not understand the filter, so every entry has to be read. */
class Unfiltered extends Error {}

type Fetch = (query: Record<string, string>, first: boolean) => Promise<ListPage | 'expired' | 'unfiltered'>;

function pagingOf(by: 'index' | 'cursor', fetch: Fetch): Paging {
  const ask = async (query: Record<string, string>, first: boolean) => {
    const page = await fetch(query, first);
    if (page === 'unfiltered') throw new Unfiltered();
    return page;
  };
  if (by === 'cursor') return { kind: 'cursor', ask: (cursor) => ask({ cursor: cursor ?? '' }, cursor === undefined) };
  return {
    kind: 'offset',
    async ask(before) {
      const page = await ask({ startIndex: String(before + 1) }, true);
      // only cursors expire
      if (page === 'expired') throw new Error('a page without a cursor cannot expire');
      return { ...page, next: undefined };
    },
  };
}
