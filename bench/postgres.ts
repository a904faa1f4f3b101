import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type RunningPostgres } from '../local/postgres.ts';

/** The one server that floors, peers and product share, each with a database of its own. */
export class BenchPostgres {
  readonly #server: RunningPostgres;
  readonly logFile: string;

  private constructor(server: RunningPostgres, logFile: string) {
    this.#server = server;
    this.logFile = logFile;
  }

  /** As `npm start` would start it: durable, with the same settings. */
  static async start(folder: string): Promise<BenchPostgres> {
    const dataDir = join(folder, 'postgres');
    mkdirSync(dataDir);
    const logFile = join(folder, 'postgres.log');
    return new BenchPostgres(await startPostgres({ dataDir, port: 0, logFile }), logFile);
  }

  get version(): string {
    return this.#server.version;
  }

  /** Of the superuser, on the database `postgres`. */
  get adminUrl(): string {
    return this.#server.adminUrl;
  }

  stop(): Promise<unknown> {
    return this.#server.stop();
  }

  /** A new, empty database. @returns its URL, for the role that owns it */
  async createDatabase(name: string): Promise<string> {
    const url = new URL(this.#server.url);
    await this.dropDatabase(name);
    await this.#asAdmin('postgres', `create database ${name} owner ${url.username}`);
    url.pathname = `/${name}`;
    return url.href;
  }

  async dropDatabase(name: string): Promise<void> {
    await this.#asAdmin('postgres', `drop database if exists ${name} with (force)`);
  }

  /**
   * Brings a database to the state in which a nightly run finds it: vacuumed and with statistics, as autovacuum would have
   * left it by then, and with nothing left to write of what was done before.
   */
  async settle(database: string): Promise<void> {
    await this.#asAdmin(database, 'vacuum (analyze)');
    await this.#asAdmin(database, 'checkpoint');
  }

  async settings(names: readonly string[]): Promise<Record<string, string>> {
    return query(this.#server.url, async (client) => {
      const { rows } = await client.query<{ name: string; value: string }>(
        'select name, current_setting(name) as value from pg_settings where name = any($1) order by name',
        [names],
      );
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    });
  }

  async #asAdmin(database: string, sql: string): Promise<void> {
    const url = new URL(this.#server.adminUrl);
    url.pathname = `/${database}`;
    await query(url.href, (client) => client.query(sql));
  }
}

/** Runs something on a connection of its own. */
export async function query<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
