import {
  WriteError,
  type AccountWriter,
  type Attributes,
  type TargetAccount,
  type WriteCapabilities,
} from '../../write-package.ts';
import type { WriteAnswer } from '../../web/write-client.ts';
import {
  attributesOf,
  creationOf,
  needsResource,
  operationsOf,
  patchOf,
  replacementOf,
  type Differences,
} from './changes.ts';
import { parsePath, valueAt, type Resource, type ScimPath } from './paths.ts';
import { isResource, type Found, type ServiceConfig, type WritingService } from './service.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0';
/** What comes back of a look-up. Two already mean that a person has to decide. */
const mostFound = 10;

export interface ScimWriterParts {
  service: WritingService;
  config: ServiceConfig;
  capabilities: WriteCapabilities;
  kind: 'user' | 'group';
  /** Paths that the profile maps. */
  attributes: readonly string[];
  close(): Promise<void>;
}

/** Writes users or groups of one SCIM service. */
export class ScimWriter implements AccountWriter {
  readonly capabilities: WriteCapabilities;
  readonly #parts: ScimWriterParts;
  readonly #service: WritingService;
  readonly #paths: readonly ScimPath[];

  constructor(parts: ScimWriterParts) {
    this.#parts = parts;
    this.#service = parts.service;
    this.capabilities = parts.capabilities;
    this.#paths = parts.attributes.map(pathOf);
  }

  async find(match: readonly Attributes[], signal?: AbortSignal): Promise<TargetAccount[]> {
    for (const wanted of match) {
      const found = await this.#findOne(wanted, signal);
      if (found.length > 0) return found.slice(0, mostFound).map((each) => this.#accountOf(each));
    }
    return [];
  }

  /** The service filters by the first attribute; the others are compared here. */
  async #findOne(wanted: Attributes, signal: AbortSignal | undefined): Promise<Resource[]> {
    const pairs = Object.entries(wanted).map(([text, value]) => [pathOf(text), value] as const);
    const [path, value] = pairs[0] ?? [];
    if (!path || pairs.some(([, each]) => each === null || each === '')) return [];
    const filter = this.#parts.config.filter ? this.#service.dialect.filterOf(path) : undefined;
    if (!filter)
      throw new WriteError('terminal', `The service cannot be asked for accounts by ${path.text}.`, {
        code: 'capability-missing',
        field: path.text,
      });
    const query = { filter: `${filter.attribute} eq ${JSON.stringify(value)}`, startIndex: '1', count: '100' };
    const { items, total } = await this.#service.list(this.#service.url(undefined, query, filter.isVersion1), signal);
    // version 1 writes some attributes in another way
    const whole = filter.isVersion1 ? await this.#wholeOf(items, signal) : items;
    const equal = whole.filter((each) => pairs.every(([at, of]) => isEqual(valueAt(each, at), of)));
    if (equal.length === 0 && total > 100)
      throw new WriteError('terminal', `The service does not filter by ${path.text}: it gives everything.`, {
        code: 'capability-missing',
        field: path.text,
      });
    return equal;
  }

  async #wholeOf(items: readonly Resource[], signal: AbortSignal | undefined): Promise<Resource[]> {
    const whole: Resource[] = [];
    for (const { id } of items.slice(0, mostFound)) {
      const found = typeof id === 'string' ? await this.#service.get(id, signal) : undefined;
      if (found) whole.push(found.resource);
    }
    return whole;
  }

  async readById(id: string, signal?: AbortSignal): Promise<TargetAccount | null> {
    const found = await this.#service.get(id, signal);
    return found ? this.#accountOf(found.resource) : null;
  }

  async create(
    attributes: Attributes,
    { anchor, enabled = true }: { anchor: string | null; enabled?: boolean },
    signal?: AbortSignal,
  ): Promise<{ id: string }> {
    const { kind } = this.#parts;
    const own = {
      ...(anchor === null ? {} : { externalId: anchor }),
      ...(kind === 'user' ? { active: enabled } : {}),
    };
    const body = creationOf(`${core}:${kind === 'user' ? 'User' : 'Group'}`, differencesOf(attributes), own);
    const id = idOf(await this.#service.write('POST', undefined, body, { signal }));
    if (id === undefined)
      throw new WriteError('unknown', 'The service says that it made the account, but not under which id.');
    return { id };
  }

  async update(id: string, differences: Attributes, signal?: AbortSignal): Promise<void> {
    const changes = differencesOf(differences);
    if (changes.length === 0) return;
    const { config } = this.#parts;
    const hasItems = needsResource(changes);
    if (!config.patch || (hasItems && this.#service.dialect.putsItems)) {
      await this.#replace(id, changes, signal);
      return;
    }
    const found = hasItems || config.etag ? await this.#service.mustGet(id, signal) : undefined;
    const body = patchOf(operationsOf(changes, found?.resource));
    await this.#service.write('PATCH', id, body, { etag: this.#versionOf(found), signal });
  }

  async #replace(id: string, changes: Differences, signal: AbortSignal | undefined, own: Resource = {}): Promise<void> {
    const found = await this.#service.mustGet(id, signal);
    const body = { ...replacementOf(found.resource, changes), ...own };
    await this.#service.write('PUT', id, body, { etag: this.#versionOf(found), signal });
  }

  #versionOf(found: Found | undefined): string | undefined {
    return this.#parts.config.etag ? found?.etag : undefined;
  }

  disable(id: string, signal?: AbortSignal): Promise<void> {
    return this.#activate(id, false, signal);
  }

  enable(id: string, signal?: AbortSignal): Promise<void> {
    return this.#activate(id, true, signal);
  }

  async #activate(id: string, active: boolean, signal: AbortSignal | undefined): Promise<void> {
    const { config, kind } = this.#parts;
    if (kind === 'group')
      throw new WriteError('terminal', 'Groups cannot be disabled.', { code: 'capability-missing' });
    if (!config.patch) {
      await this.#replace(id, [], signal, { active });
      return;
    }
    const found = config.etag ? await this.#service.mustGet(id, signal) : undefined;
    const body = patchOf([this.#service.dialect.activeOperation(active)]);
    await this.#service.write('PATCH', id, body, { etag: this.#versionOf(found), signal });
  }

  async delete(id: string, signal?: AbortSignal): Promise<void> {
    const found = this.#parts.config.etag ? await this.#service.mustGet(id, signal) : undefined;
    await this.#service.write('DELETE', id, undefined, { etag: this.#versionOf(found), signal });
  }

  async *members(id: string, signal?: AbortSignal): AsyncGenerator<string[]> {
    const { resource } = await this.#service.mustGet(id, signal);
    const ids = membersOf(resource);
    const { membersPerCall } = this.capabilities;
    for (let at = 0; at < ids.length; at += membersPerCall) yield ids.slice(at, at + membersPerCall);
  }

  async addMembers(id: string, members: readonly string[], signal?: AbortSignal): Promise<void> {
    const values = (ids: readonly string[]) => ids.map((value) => ({ value }));
    await this.#changeMembers(id, members, signal, {
      operations: (ids) => [{ op: 'add', path: 'members', value: values(ids) }],
      whole: (now, ids) => [...new Set([...now, ...ids])],
    });
  }

  async removeMembers(id: string, members: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#changeMembers(id, members, signal, {
      operations: (ids) => this.#service.dialect.removeOperations(ids),
      whole: (now, ids) => now.filter((each) => !ids.includes(each)),
    });
  }

  /** One request for each piece. Without PATCH, the group is replaced with its other members. */
  async #changeMembers(
    id: string,
    members: readonly string[],
    signal: AbortSignal | undefined,
    how: {
      operations(ids: readonly string[]): object[];
      whole(now: readonly string[], ids: readonly string[]): readonly string[];
    },
  ): Promise<void> {
    const { config } = this.#parts;
    const { membersPerCall } = this.capabilities;
    if (members.length === 0) return;
    if (!config.patch) {
      const { resource } = await this.#service.mustGet(id, signal);
      const whole = how.whole(membersOf(resource), members).map((value) => ({ value }));
      await this.#replace(id, [], signal, { members: whole });
      return;
    }
    // a version would be another one after the first piece, and nothing is lost: the values of others stay
    for (let at = 0; at < members.length; at += membersPerCall)
      await this.#service.write('PATCH', id, patchOf(how.operations(members.slice(at, at + membersPerCall))), {
        signal,
      });
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  #accountOf(resource: Resource): TargetAccount {
    const { id, externalId, active } = resource;
    return {
      id: typeof id === 'string' ? id : '',
      attributes: attributesOf(resource, this.#paths),
      enabled: this.#parts.kind === 'user' ? truth(active) : null,
      anchor: typeof externalId === 'string' && externalId !== '' ? externalId : null,
    };
  }
}

/** Services that write booleans as texts exist. */
function truth(active: unknown): boolean | null {
  if (typeof active === 'boolean') return active;
  return typeof active === 'string' ? active.toLowerCase() === 'true' : null;
}

function pathOf(text: string): ScimPath {
  const path = parsePath(text);
  if (!path) throw new WriteError('terminal', `${text} is no attribute of SCIM.`, { field: text });
  return path;
}

const differencesOf = (values: Attributes): Differences =>
  Object.entries(values).map(([text, value]) => [pathOf(text), value] as const);

/** The id of what was made: in the answer, or at the end of its place. */
function idOf({ json, headers }: WriteAnswer): string | undefined {
  const id = isResource(json) ? json['id'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  const { location } = headers;
  const last =
    typeof location === 'string'
      ? location
          .replace(/[?#].*$/, '')
          .split('/')
          .at(-1)
      : undefined;
  try {
    return last === undefined || last === '' ? undefined : decodeURIComponent(last);
  } catch {
    return undefined;
  }
}

const membersOf = ({ members }: Resource): string[] =>
  Array.isArray(members)
    ? members.flatMap((each) => (isResource(each) && typeof each['value'] === 'string' ? [each['value']] : []))
    : [];

const folded = (value: unknown) => (typeof value === 'string' ? value.normalize('NFC').toLowerCase() : value);

/** As services compare, without case. Of a list, any item counts. */
const isEqual = (found: unknown, wanted: unknown): boolean =>
  Array.isArray(found) ? found.some((each) => isEqual(each, wanted)) : folded(found) === folded(wanted);
