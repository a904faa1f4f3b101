import type { Certificate, Connection, KeyAnswer, KeyAnswers, KeysRequest } from '../package.ts';
import { columnsOf, recordOf } from '../web/columns.ts';
import { openWeb, type WebPackageOptions } from '../web/open.ts';
import { isError, listPage, resourceOf } from './messages.ts';
import { namedColumns, ScimService } from './service.ts';
import type { ScimSettings } from './settings.ts';

/**
 * Reads single resources. By id, the URL of the resource itself is asked, and only its 404 or 410 in the words of SCIM means that the
 * resource is gone. By another attribute a filter is asked, and a list without entries proves nothing.
 */
export async function readScimKeys(
  options: WebPackageOptions,
  connection: Connection<ScimSettings>,
  { table, wanted, by, keys, pacer, signal }: KeysRequest,
): Promise<KeyAnswers> {
  const columns = columnsOf(wanted, new Set(), false);
  const client = await openWeb(options, connection);
  const service = new ScimService(client, connection.settings, { pacer, signal });

  let named: ReturnType<typeof namedColumns> = {};

  async function byId(id: string): Promise<KeyAnswer> {
    const url = service.url(table, named, id);
    const answer = await service.get(url, [404, 410]);
    if (answer.status >= 300)
      return isError(answer.json)
        ? { state: 'gone' }
        : unknown(`The service answers with status ${String(answer.status)}, but not in SCIM.`);
    const resource = resourceOf(url, answer.json);
    if (resource.id !== id) return unknown('The service answers with another resource.');
    return { state: 'found', records: [recordOf(resource.cell, columns, `${table}/${id}`)] };
  }

  async function byAttribute(path: string, value: string): Promise<KeyAnswer> {
    const url = service.url(table, {
      filter: `${path} eq ${JSON.stringify(value)}`,
      startIndex: '1',
      count: '100',
      ...named,
    });
    const answer = await service.get(url, [400, 403, 404, 501]);
    if (answer.status >= 300) return unknown(`The service does not filter by ${path}.`);
    const { items, total } = listPage(url, answer);
    if (items.length === 0)
      return unknown(`The service finds no entry by a filter, which is no proof that there is none.`);
    if (total !== items.length) return unknown('The service finds more entries than it gives.');
    return { state: 'found', records: items.map(({ id, cell }) => recordOf(cell, columns, `${table}/${id}`)) };
  }

  try {
    const answers: KeyAnswer[] = [];
    const [column = '', ...others] = by;
    // in filters, each item of a list is meant without brackets
    const path = column.replaceAll('[]', '');
    const askable = others.length === 0 && /^[A-Za-z$][\w$.-]*$/.test(path);
    if (askable && keys.length > 0)
      named = namedColumns(
        (await service.describe())?.find((each) => each.table === table),
        columns,
      );
    for (const [value = ''] of askable ? keys : []) {
      if (answers.length > 0) await pacer?.request();
      if (value === '' || value === '.' || value === '..') answers.push(unknown('No resource has this key.'));
      else answers.push(path === 'id' ? await byId(value) : await byAttribute(path, value));
    }
    if (!askable) {
      const answer = { ...unknown('SCIM finds resources by one attribute only.'), unasked: true as const };
      answers.push(...keys.map(() => answer));
    }
    return { columns, answers, certificate: certificateOf(column, wanted.key) };
  } finally {
    await client.close();
  }
}

/** A resource that is found by its key is whole. A filter by anything else may leave resources out. */
const certificateOf = (column: string, key: readonly string[]): Certificate =>
  column === 'id' || key.includes(column)
    ? { certified: true }
    : {
        certified: false,
        code: 'no-total',
        reason: `The service was asked by a filter of ${column}, which is no proof that it gave all.`,
      };

const unknown = (reason: string) => ({ state: 'unknown', reason }) as const;
