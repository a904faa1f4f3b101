import type { Cell, CellObject } from '../../domain/cell.ts';
import { badBody } from '../web/body.ts';
import type { Answer, WebClient } from '../web/client.ts';
import { countOf, findIn, nameOf } from '../web/find-in.ts';
import type { ListItem, ListPage, Paging } from '../web/read-list.ts';
import type { Asking } from './asking.ts';
import type { HttpSettings, HttpTable } from './settings.ts';

/** Asks for the pages of a table. */
export class Pages {
  readonly #client: WebClient;
  readonly #settings: HttpSettings;
  readonly #table: HttpTable;
  readonly #asking: Asking;
  readonly #extra: Record<string, string>;
  /** Called with each answer. */
  answered: (answer: Answer) => void = () => undefined;

  /** @param extra parameters of each page */
  constructor(
    client: WebClient,
    settings: HttpSettings,
    table: HttpTable,
    asking: Asking,
    extra: Record<string, string> = {},
  ) {
    this.#client = client;
    this.#settings = settings;
    this.#table = table;
    this.#asking = asking;
    this.#extra = extra;
  }

  /** The rows of a table without pages. */
  async whole(): Promise<CellObject[]> {
    const url = this.url();
    return this.#rows(url, await this.#ask(url));
  }

  paging(): Paging {
    const { paging } = this.#table;
    if (paging === 'none') throw new TypeError('the table has no pages');
    switch (paging.kind) {
      case 'page':
      case 'offset':
        return {
          kind: paging.kind,
          ask: (place: number) => this.#page(this.url({ [paging.parameter]: String(paging.first + place) })),
        };
      case 'cursor':
        return {
          kind: 'cursor',
          ask: (cursor) => this.#page(this.url(cursor === undefined ? {} : { [paging.parameter]: cursor })),
        };
      case 'link':
        return { kind: 'cursor', ask: (link) => this.#page(link === undefined ? this.url() : new URL(link)) };
    }
  }

  url(query: Record<string, string> = {}): URL {
    const { path, query: fixed, paging } = this.#table;
    const below = path === '' || path.startsWith('/') ? path : `/${path}`;
    const url = new URL(`${this.#settings.baseUrl}${below}`);
    const size = paging === 'none' || !paging.size ? {} : { [paging.size.parameter]: String(paging.size.value) };
    for (const [name, value] of Object.entries({ ...fixed, ...size, ...this.#extra, ...query }))
      url.searchParams.set(name, value);
    return url;
  }

  async #ask(url: URL): Promise<Answer> {
    const { headers } = this.#settings;
    const answer = await this.#client.json({
      url,
      accept: 'application/json',
      headers: lowerCase(headers),
      ...this.#asking,
    });
    this.answered(answer);
    return answer;
  }

  async #page(url: URL): Promise<ListPage> {
    const answer = await this.#ask(url);
    const { paging, id = '' } = this.#table;
    const { total, next } = { total: undefined, next: undefined, ...(paging === 'none' ? {} : paging) };
    const items = this.#rows(url, answer).map((cell): ListItem => {
      const found = nameOf(findIn(cell, id));
      if (found === undefined) throw badBody(url, `has a row without ${id}`);
      return { id: found, cell };
    });
    const count = total === undefined ? undefined : countOf(findIn(answer.json ?? null, total));
    if (total !== undefined && count === undefined) throw badBody(url, `has no number at ${total}`);
    return {
      items,
      total: count,
      next:
        paging === 'none' || !('next' in paging || paging.kind === 'link') ? undefined : this.#next(url, answer, next),
    };
  }

  /** Where the next page is: a cursor, or a URL for links. */
  #next(url: URL, { json, headers }: Answer, path: string | undefined): string | undefined {
    const { paging } = this.#table;
    const found = path === undefined ? linkOf(headers['link']) : nameOf(findIn(json ?? null, path));
    if (found === undefined || paging === 'none' || paging.kind !== 'link') return found;
    if (!URL.canParse(found, url.href)) throw badBody(url, 'names a next page that is no URL');
    return new URL(found, url).href;
  }

  #rows(url: URL, { json }: Answer): CellObject[] {
    const { records = '' } = this.#table;
    const list = findIn(json ?? null, records);
    if (!Array.isArray(list))
      throw badBody(url, records === '' ? 'does not answer with a list' : `has no list at ${records}`);
    return (list as readonly Cell[]).map((row) => {
      if (!(row instanceof Map)) throw badBody(url, 'has a row that is no object');
      return row as CellObject;
    });
  }
}

export const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The URL of `rel="next"` in the header Link (RFC 8288). */
export function linkOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  for (const [, url = '', parameters = ''] of text.matchAll(
    /<([^>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^",;\s]*))?)*)/g,
  )) {
    const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]*))/i.exec(parameters) ?? [];
    if ((quoted ?? plain ?? '').toLowerCase().split(/\s+/).includes('next')) return url;
  }
  return undefined;
}
