import type { Pacer } from '../../package.ts';
import type { WriteAnswer, WriteClient, WriteRequest } from '../../web/write-client.ts';
import { WriteError } from '../../write-package.ts';
import type { ScimSettings } from '../settings.ts';
import { dialectOf, type Dialect } from './dialects.ts';
import type { Resource } from './paths.ts';
import { isScimError, refusalOf } from './refusals.ts';

const json = 'application/scim+json';

/** What a service says of itself (RFC 7643, 5); a service that says nothing can do what the RFC asks for. */
export interface ServiceConfig {
  patch: boolean;
  etag: boolean;
  filter: boolean;
}

const unsaid: ServiceConfig = { patch: true, etag: false, filter: true };

export interface Found {
  resource: Resource;
  /** The version of the resource, where the service has versions. */
  etag: string | undefined;
}

/** Requests to one endpoint of a SCIM service. */
export class WritingService {
  readonly dialect: Dialect;
  readonly #client: WriteClient;
  readonly #settings: ScimSettings;
  readonly #endpoint: string;
  readonly #attributes: readonly string[];
  readonly #pacer: Pacer | undefined;

  constructor(
    client: WriteClient,
    settings: ScimSettings,
    endpoint: string,
    attributes: readonly string[],
    pacer: Pacer | undefined,
  ) {
    this.dialect = dialectOf(settings);
    this.#client = client;
    this.#settings = settings;
    this.#endpoint = endpoint;
    this.#attributes = attributes;
    this.#pacer = pacer;
  }

  /** The URL of a resource, or of the endpoint. */
  url(id?: string, query: Readonly<Record<string, string>> = {}, isVersion1 = false): URL {
    const base = isVersion1 ? this.#settings.baseUrl.replace(/\/v2$/, '/v1') : this.#settings.baseUrl;
    const url = new URL(`${base}/${this.#endpoint}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  async config(signal?: AbortSignal): Promise<ServiceConfig> {
    // some services write the name in the plural
    for (const name of ['ServiceProviderConfig', 'ServiceProviderConfigs']) {
      const url = new URL(`${this.#settings.baseUrl}/${name}`);
      const request = { method: 'GET', url, accept: accepted, pacer: this.#pacer, signal } as const;
      const answer = await this.#client.send(request);
      if (answer.status < 300 && isResource(answer.json)) return configOf(answer.json);
      if (![400, 403, 404, 405, 501].includes(answer.status)) throw this.#refusal(request, answer);
    }
    return unsaid;
  }

  async get(id: string, signal?: AbortSignal): Promise<Found | undefined> {
    // these would be other URLs
    if (['', '.', '..'].includes(id)) return undefined;
    const request = this.#request('GET', this.url(id), undefined, signal);
    const answer = await this.#client.send(request);
    if ([404, 410].includes(answer.status) && isScimError(answer)) return undefined;
    const resource = this.#resourceOf(request, answer);
    if (resource['id'] !== id) throw new WriteError('transient', 'The service answers with another resource.');
    return { resource, etag: etagOf(answer, resource) };
  }

  /** @throws WriteError `missing` */
  async mustGet(id: string, signal?: AbortSignal): Promise<Found> {
    const found = await this.get(id, signal);
    if (!found) throw new WriteError('missing', 'The service has no resource under this id.');
    return found;
  }

  /** @returns the entries that came, and how many there are */
  async list(url: URL, signal?: AbortSignal): Promise<{ items: Resource[]; total: number }> {
    const request = this.#request('GET', url, undefined, signal);
    const answer = await this.#client.send(request);
    const list = this.#resourceOf(request, answer);
    const items = list['Resources'] ?? list['resources'];
    const total = list['totalResults'];
    if (!Array.isArray(items) && total !== 0) throw new WriteError('transient', 'The service answers with no list.');
    const found = Array.isArray(items) ? items.filter(isResource) : [];
    return { items: found, total: typeof total === 'number' ? total : found.length };
  }

  /** @returns what the service answers, which need not be what it kept */
  async write(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    id: string | undefined,
    body: unknown,
    { etag, signal }: { etag?: string | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<WriteAnswer> {
    const request = this.#request(method, this.url(id), body, signal, etag);
    const answer = await this.#client.send(request);
    if (answer.status >= 300 || answer.isPage || isScimError(answer)) throw this.#refusal(request, answer);
    return answer;
  }

  #request(
    method: WriteRequest['method'],
    url: URL,
    body: unknown,
    signal: AbortSignal | undefined,
    etag?: string,
  ): WriteRequest {
    return {
      method,
      url,
      accept: accepted,
      ...(body === undefined ? {} : { body: { type: json, json: body } }),
      ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
      pacer: this.#pacer,
      signal,
    };
  }

  #refusal(request: WriteRequest, answer: WriteAnswer): WriteError {
    return refusalOf(request, answer, { dialect: this.dialect, attributes: this.#attributes });
  }

  #resourceOf(request: WriteRequest, answer: WriteAnswer): Resource {
    if (answer.status >= 300 || isScimError(answer)) throw this.#refusal(request, answer);
    if (!isResource(answer.json))
      throw new WriteError('transient', `${request.url.origin} answers with something that is not SCIM.`);
    return answer.json;
  }
}

const accepted = `${json}, application/json`;

export const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function configOf(json: Resource): ServiceConfig {
  const supported = (name: string, unless: boolean) => {
    const found = json[name];
    const value = isResource(found) ? found['supported'] : undefined;
    return typeof value === 'boolean' ? value : unless;
  };
  return {
    patch: supported('patch', unsaid.patch),
    etag: supported('etag', unsaid.etag),
    filter: supported('filter', unsaid.filter),
  };
}

function etagOf({ headers }: WriteAnswer, { meta }: Resource): string | undefined {
  const header = headers['etag'];
  if (typeof header === 'string') return header;
  const version = isResource(meta) ? meta['version'] : undefined;
  return typeof version === 'string' && version !== '' ? version : undefined;
}
