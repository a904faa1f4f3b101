import type { Cell } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import type { DiscoveredColumn, DiscoveredTable, Pacer } from '../package.ts';
import type { Answer, WebClient } from '../web/client.ts';
import { listOf, member, refusal, textOf } from './messages.ts';
import type { ScimSettings } from './settings.ts';

const accept = 'application/scim+json, application/json';

/** How the requests of a read are paced and stopped. */
export interface Asking {
  pacer?: Pacer | undefined;
  signal?: AbortSignal | undefined;
}

/** A table with the columns that the service gives only where a request names them. */
export interface DescribedTable extends DiscoveredTable {
  onRequest: readonly string[];
}

/** A SCIM service, as far as a reader asks it. */
export class ScimService {
  readonly #client: WebClient;
  readonly #settings: ScimSettings;
  readonly #asking: Asking;

  constructor(client: WebClient, settings: ScimSettings, { pacer, signal }: Asking = {}) {
    this.#client = client;
    this.#settings = settings;
    this.#asking = { pacer, signal };
  }

  /** The URL of an endpoint, or of one of its resources. */
  url(endpoint: string, query: Record<string, string> = {}, id?: string): URL {
    const parts = [...endpoint.split('/'), ...(id === undefined ? [] : [id])].map((part) => encodeURIComponent(part));
    const url = new URL(`${this.#settings.baseUrl}/${parts.join('/')}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /** @param statuses of errors that the caller understands */
  get(url: URL, statuses: readonly number[] = []): Promise<Answer> {
    return this.#client.json({ url, accept, statuses, ...this.#asking });
  }

  /** How to page: by index if the service can, since its lists have a total then. */
  async paging(): Promise<'index' | 'cursor'> {
    const { paging } = this.#settings;
    if (paging !== 'auto') return paging;
    // some services write the name in the plural
    const config = (await this.#describe('ServiceProviderConfig')) ?? (await this.#describe('ServiceProviderConfigs'));
    const found = member(config, 'pagination');
    const onlyCursor = member(found, 'cursor') === true && member(found, 'index') === false;
    return onlyCursor ? 'cursor' : 'index';
  }

  /** The tables with their columns; undefined if the service does not describe itself. */
  async describe(): Promise<DescribedTable[] | undefined> {
    const types = await this.#describe('ResourceTypes');
    const schemas = types === undefined ? undefined : await this.#describe('Schemas');
    if (types === undefined || schemas === undefined) return undefined;
    const attributes = new Map(
      resourcesOf(schemas).map((schema) => [textOf(schema, 'id') ?? '', listOf(member(schema, 'attributes'))]),
    );
    return resourcesOf(types).flatMap((type) => {
      const endpoint = textOf(type, 'endpoint');
      if (endpoint === undefined) return [];
      const table = this.#tableOf(endpoint);
      const extensions = listOf(member(type, 'schemaExtensions')).flatMap((each) => textOf(each, 'schema') ?? []);
      return [tableWith(table, attributes.get(textOf(type, 'schema') ?? '') ?? [], extensions)];
    });
  }

  /** Endpoints are paths below the base, or whole URLs. */
  #tableOf(endpoint: string): string {
    const { pathname } = new URL(this.#settings.baseUrl);
    const path = URL.canParse(endpoint) ? new URL(endpoint).pathname : endpoint;
    const below = path.startsWith(`${pathname}/`) ? path.slice(pathname.length) : path;
    return below.replace(/^\/+|\/+$/g, '');
  }

  /** @returns undefined if the service has no such description */
  async #describe(what: string): Promise<Cell | undefined> {
    await this.#asking.pacer?.request();
    const url = this.url(what);
    const answer = await this.get(url, [400, 404, 405, 501]);
    return answer.status < 300 ? answer.json : undefined;
  }
}

/** Lists of descriptions come as a list of SCIM, or as a plain list. */
const resourcesOf = (json: Cell): readonly Cell[] => listOf(Array.isArray(json) ? json : member(json, 'Resources'));

function tableWith(table: string, attributes: readonly Cell[], extensions: readonly string[]): DescribedTable {
  const common = (name: string, type: DiscoveredColumn['type'], nullable: boolean): DiscoveredColumn => ({
    name,
    type,
    multiValued: false,
    nullable,
  });
  const columns = [
    common('id', 'string', false),
    common('externalId', 'string', true),
    ...attributes.map(columnOf),
    ...extensions.map((name) => common(name, 'object', true)),
    common('meta', 'object', true),
  ];
  const links = attributes.flatMap((attribute) => linksOf(attribute));
  return {
    table,
    columns: columns.filter(({ name }, i) => columns.findIndex((each) => each.name === name) === i),
    key: ['id'],
    identity: 'id',
    onRequest: attributes
      .filter((attribute) => textOf(attribute, 'returned') === 'request')
      .map((attribute) => columnOf(attribute).name),
    ...(links.length > 0 ? { links } : {}),
  };
}

const types: Record<string, DiscoveredColumn['type']> = {
  boolean: 'boolean',
  decimal: 'number',
  integer: 'number',
  dateTime: 'dateTime',
  binary: 'binary',
  complex: 'object',
};

const columnOf = (attribute: Cell): DiscoveredColumn => ({
  name: textOf(attribute, 'name') ?? '',
  type: types[textOf(attribute, 'type') ?? ''] ?? 'string',
  multiValued: member(attribute, 'multiValued') === true,
  nullable: member(attribute, 'required') !== true,
});

/** Members name their resource by its id in `value`, and say in `$ref` of which type it is. */
function linksOf(attribute: Cell): { column: string; table: string; by: string }[] {
  const name = textOf(attribute, 'name') ?? '';
  const reference = listOf(member(attribute, 'subAttributes')).find((each) => textOf(each, 'name') === '$ref');
  const each = member(attribute, 'multiValued') === true ? '[]' : '';
  return listOf(member(reference, 'referenceTypes')).flatMap((type) =>
    type === 'User' || type === 'Group' ? [{ column: `${name}${each}.value`, table: `${type}s`, by: 'id' }] : [],
  );
}

/**
 * What a request says of the columns that it wants: nothing, unless the service gives one of them only by name. Then all are named,
 * since the usual ones do not come beside them. An unnamed list of members would look like a group without members.
 */
export function namedColumns(
  described: DescribedTable | undefined,
  columns: readonly string[],
): { attributes?: string } {
  if (!described?.onRequest.some((name) => columns.includes(name))) return {};
  return { attributes: [...new Set([...columns, 'meta'])].join(',') };
}

/** @throws SyncError `missing-table` */
export function noTable(
  table: string,
  url: URL,
  answer: Answer,
  tables: readonly DiscoveredTable[] | undefined,
): SyncError {
  if (answer.status !== 404) return refusal(url, answer);
  const has = tables && tables.length > 0 ? ` It has ${tables.map((each) => each.table).join(', ')}.` : '';
  return new SyncError('missing-table', `The service has no endpoint ${table}.${has} Correct the table, or baseUrl.`, {
    table,
  });
}
