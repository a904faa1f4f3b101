import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

export interface Stored {
  id: string;
  meta: { created: string; lastModified: string };
  [name: string]: unknown;
}

/** A SCIM server of others (SCIMMY) over resources in memory. One in a process: it keeps its types in globals. */
export class ScimmyServer {
  readonly users = new Map<string, Stored>();
  readonly groups = new Map<string, Stored>();
  readonly #server: Server;
  #next = 0;

  private constructor(token: string) {
    SCIMMY.Config.set({ filter: true } as never);
    declare(
      SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser) as unknown as Declarable,
      this.users,
      this,
      'userName',
    );
    declare(SCIMMY.Resources.Group as unknown as Declarable, this.groups, this, 'displayName');
    const app = express();
    // the routers write numbers into the query, and Express 5 makes a new one each time
    app.use((request, _response, next) => {
      Object.defineProperty(request, 'query', { value: { ...request.query } });
      next();
    });
    const routers = new SCIMMYRouters({
      type: 'bearer',
      handler(request) {
        if (request.header('authorization') !== `Bearer ${token}`) throw new Error('another token');
        return 'reader';
      },
    });
    app.use('/scim/v2', routers as unknown as express.Router);
    this.#server = createServer(app);
  }

  static async start(token: string): Promise<ScimmyServer> {
    const scim = new ScimmyServer(token);
    await new Promise<void>((done) => scim.#server.listen(0, '127.0.0.1', done));
    return scim;
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  put(table: Map<string, Stored>, id: string, values: Record<string, unknown>): void {
    const created = table.get(id)?.meta.created ?? this.now();
    table.set(id, { ...values, id, meta: { created, lastModified: this.now() } });
  }

  /** Each change a second after the one before. */
  now(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.#next++ * 1000).toISOString();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** What the two types of resources have in common; the types of the library have no name for it. */
interface Declarable {
  egress(handler: (asked: { id?: string; filter?: { match(all: Stored[]): Stored[] } }) => Stored | Stored[]): void;
  ingress(handler: (asked: { id?: string }, values: Record<string, unknown>) => Stored): void;
  degress(handler: (asked: { id?: string }) => void): void;
}

function declare(type: Declarable, stored: Map<string, Stored>, server: ScimmyServer, unique: string): void {
  const find = (id: string): Stored => {
    const found = stored.get(id);
    if (!found) throw new SCIMMY.Types.Error(404, undefined as never, 'There is none.');
    return found;
  };
  type.egress(({ id, filter }) => {
    if (id !== undefined) return find(id);
    return filter ? filter.match([...stored.values()]) : [...stored.values()];
  });
  type.ingress(({ id }, values) => {
    if (id !== undefined) find(id);
    const { [unique]: name } = values;
    const taken = [...stored.values()].some(
      (each) => each.id !== id && String(each[unique]).toLowerCase() === String(name).toLowerCase(),
    );
    if (taken) throw new SCIMMY.Types.Error(409, 'uniqueness', `${unique} ${String(name)} is taken`);
    const made = id ?? randomUUID();
    const kept = JSON.parse(JSON.stringify(values)) as Record<string, unknown> & { members?: { value: string }[] };
    const members = [...new Map((kept.members ?? []).map((each) => [each.value, each])).values()];
    server.put(stored, made, { ...kept, ...(kept.members ? { members } : {}) });
    return find(made);
  });
  type.degress(({ id = '' }) => {
    find(id);
    stored.delete(id);
  });
  SCIMMY.Resources.declare(type as never);
}
