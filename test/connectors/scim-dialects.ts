import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebServer } from '../support/web-server.ts';

type Resource = Record<string, unknown> & { id: string };
type Operation = { op: string; path?: string; value?: unknown };

/**
 * Doubles of services that insist on what makes them differ from the RFC. They are made from what their makers say, since the
 * services themselves cannot be had here.
 */
export class DialectDouble {
  readonly users = new Map<string, Resource>();
  readonly groups = new Map<string, Resource>();
  readonly writes: { method: string; path: string; body: Record<string, unknown> }[] = [];
  readonly web: WebServer;
  readonly #rules: Rules;
  /** Answers in place of the next write; `lost`: it is done, and the answer is lost. */
  next: ((response: ServerResponse) => void) | 'lost' | undefined;

  private constructor(web: WebServer, rules: Rules) {
    this.web = web;
    this.#rules = rules;
  }

  static async start(rules: Rules): Promise<DialectDouble> {
    const double = new DialectDouble(await WebServer.start(), rules);
    double.web.answer = (url, response, request) => {
      void double.#answer(url, response, request);
    };
    return double;
  }

  stop(): Promise<void> {
    return this.web.stop();
  }

  async #answer(url: URL, response: ServerResponse, request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const send = (status: number, json?: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(json === undefined ? undefined : JSON.stringify(json));
    const method = request.method ?? 'GET';
    const does = () => {
      try {
        const [status, json] = this.#handle(method, url, body, request);
        send(status, json);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        send(error.status, this.#rules.errorOf(error), error.headers);
      }
    };
    if (method === 'GET') {
      does();
      return;
    }
    this.writes.push({ method, path: url.pathname, body });
    const { next } = this;
    this.next = undefined;
    if (next === 'lost') {
      this.#handle(method, url, body, request);
      response.destroy();
    } else if (next) next(response);
    else does();
  }

  #handle(method: string, url: URL, body: Record<string, unknown>, { headers }: IncomingMessage): [number, unknown?] {
    if (headers['user-agent'] === undefined) throw new Refusal(403, 'Request forbidden by administrative rules.');
    const [, version = '', endpoint = '', id] =
      /^\/(v[12])\/(Users|Groups|ServiceProviderConfigs?)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (endpoint.startsWith('ServiceProviderConfig')) throw new Refusal(404, 'Not found');
    if (endpoint === '') throw new Refusal(404, 'Not found');
    const isUser = endpoint === 'Users';
    const stored = isUser ? this.users : this.groups;
    if (id === undefined && method === 'GET') return [200, this.#rules.list(version, url, [...stored.values()])];
    if (id === undefined) {
      this.#rules.checkWhole(isUser, body, [...stored.values()]);
      const made = { ...body, id: randomUUID().toUpperCase().replaceAll('-', '').slice(0, 11) };
      stored.set(made.id, made);
      return [201, made];
    }
    const found = stored.get(id);
    if (!found) throw new Refusal(404, 'not_found');
    if (method === 'GET') return [200, found];
    if (method === 'DELETE') {
      if (isUser) this.#rules.removeUser(stored, found);
      else stored.delete(id);
      return [204];
    }
    const others = [...stored.values()].filter((each) => each.id !== id);
    if (method === 'PUT') {
      this.#rules.checkWhole(isUser, body, others);
      stored.set(id, { ...body, id });
      return [200, stored.get(id)];
    }
    const changed = structuredClone(found);
    for (const operation of body['Operations'] as Operation[]) this.#rules.patch(changed, operation);
    this.#rules.checkWhole(isUser, changed, others);
    stored.set(id, changed);
    return [200, changed];
  }
}

export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

interface Rules {
  errorOf(refusal: Refusal): unknown;
  list(version: string, url: URL, all: Resource[]): unknown;
  /** @throws Refusal if a new resource, or one that is replaced, is not whole */
  checkWhole(isUser: boolean, body: Record<string, unknown>, others: Resource[]): void;
  patch(resource: Resource, operation: Operation): void;
  removeUser(stored: Map<string, Resource>, resource: Resource): void;
}

const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
const mailOf = ({ emails }: Record<string, unknown>) => (emails as { value?: string }[] | undefined)?.[0]?.value;
const listOf = (found: Resource[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: found.length,
  Resources: found,
});
type Member = { value: string };
const membersOf = (resource: Resource) => (resource['members'] ?? []) as Member[];

function setPlain(resource: Resource, path: string, operation: Operation): void {
  const [name = '', sub] = path.split('.');
  if (sub === undefined && operation.op === 'remove') Reflect.deleteProperty(resource, name);
  else if (sub === undefined) resource[name] = operation.value;
  else {
    const whole = { ...((resource[name] ?? {}) as Record<string, unknown>) };
    if (operation.op === 'remove') Reflect.deleteProperty(whole, sub);
    else whole[sub] = operation.value;
    resource[name] = whole;
  }
}

/** The code of an error is its text; ids stand without quotes; version 2 has no filters; nobody is deleted. */
export const slackRules: Rules = {
  errorOf: ({ status, message }) => ({ schemas, detail: message, status }),
  list(version, url, all) {
    const filter = url.searchParams.get('filter');
    if (filter === null) return listOf(all.slice(0, 10));
    const [, name, value = ''] = /^(username|email) eq "([^"]*)"$/.exec(filter) ?? [];
    if (version !== 'v1' || name === undefined) throw new Refusal(400, 'filter_not_applicable');
    const found = all.filter((each) => (name === 'username' ? each['userName'] : mailOf(each)) === value);
    // version 1 writes what it knows in its own way
    return listOf(found.map(({ id, userName }) => ({ id, userName, schemas: ['urn:scim:schemas:core:1.0'] })));
  },
  checkWhole(isUser, body, others) {
    if (!isUser) return;
    if (mailOf(body) === undefined) throw new Refusal(400, 'user_must_have_email');
    if (others.some((each) => mailOf(each) === mailOf(body))) throw new Refusal(409, 'email_taken');
    if (others.some((each) => each['userName'] === body['userName'])) throw new Refusal(400, 'username_taken');
  },
  patch(resource, operation) {
    const { op, path = '', value } = operation;
    if (path === 'externalId') throw new Refusal(400, 'external_id_cannot_be_updated');
    if (path === 'members' && op === 'add') {
      const added = new Map([...membersOf(resource), ...(value as Member[])].map((each) => [each.value, each]));
      resource['members'] = [...added.values()];
      return;
    }
    const leaver = /^members\[value eq ([A-Z0-9]+)\]$/.exec(path)?.[1];
    if (op === 'remove' && leaver !== undefined) {
      resource['members'] = membersOf(resource).filter((each) => each.value !== leaver);
      return;
    }
    if (path === '' || path.includes('[')) throw new Refusal(400, 'invalid_path');
    setPlain(resource, path, operation);
  },
  removeUser(_stored, resource) {
    resource['active'] = false;
  },
};

/** Filters in paths do nothing; what is missing in a replacement is gone; people are deleted for good. */
export const githubRules: Rules = {
  errorOf: ({ status, message }) => ({ schemas, detail: message, status: String(status) }),
  list(_version, url, all) {
    const filter = url.searchParams.get('filter');
    if (filter === null) return listOf(all.slice(0, 30));
    const [, name = '', value] = /^(userName|externalId|id|displayName) eq "([^"]*)"$/.exec(filter) ?? [];
    if (name === '') throw new Refusal(400, 'Bad filter');
    return listOf(all.filter((each) => each[name] === value));
  },
  checkWhole(isUser, body, others) {
    const needed = isUser
      ? ['externalId', 'userName', 'active', 'displayName', 'emails']
      : ['externalId', 'displayName'];
    const missing = needed.find((name) => body[name] === undefined);
    if (missing !== undefined) throw new Refusal(400, `${missing} is required`);
    const name = isUser ? 'userName' : 'displayName';
    if (others.some((each) => each[name] === body[name]))
      throw new Refusal(409, `${String(body[name])}: ${name} exists`);
  },
  patch(resource, operation) {
    const { op, path, value } = operation;
    if (path === undefined) {
      Object.assign(resource, value);
      return;
    }
    if (path === 'active') throw new Refusal(400, 'active needs no path');
    if (path.includes('[')) return;
    if (path === 'members') {
      const given = (value as Member[]).map((each) => each.value);
      const rest = membersOf(resource).filter((each) => !given.includes(each.value));
      resource['members'] = op === 'remove' ? rest : [...rest, ...(value as Member[])];
      return;
    }
    setPlain(resource, path, operation);
  },
  removeUser(stored, { id }) {
    stored.delete(id);
  },
};
