import { open, stat } from 'node:fs/promises';
import { query } from '../postgres.ts';
import type { Execution } from './plan.ts';
import { readLog } from './read-log.ts';

export interface CollectorOptions {
  /** Of the superuser, on any database of the server. */
  adminUrl: string;
  /** The database whose statements are collected. Connections that are open already are not. */
  database: string;
  /** The server's log. */
  logFile: string;
  /** Also the time of each node, which the clock of some machines makes slow. */
  timing: boolean;
}

/** Collects the plans of what is executed in a database, by auto_explain and the server's log. */
export class PlanCollector {
  readonly #options: CollectorOptions;
  #read = 0;

  private constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** From now on; the database has to be idle, since only new connections are listened to. */
  static async start(options: CollectorOptions): Promise<PlanCollector> {
    const collector = new PlanCollector(options);
    await collector.set({
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_analyze': 'on',
      'auto_explain.log_buffers': 'on',
      'auto_explain.log_nested_statements': 'on',
      'auto_explain.log_timing': options.timing ? 'on' : 'off',
      'auto_explain.log_format': 'json',
    });
    collector.#read = (await stat(options.logFile)).size;
    return collector;
  }

  /** Sets what new connections of the database begin with. */
  async set(settings: Record<string, string>): Promise<void> {
    await this.#asAdmin(
      Object.entries(settings).map(
        ([name, value]) => `alter database ${this.#options.database} set ${name} = '${value}'`,
      ),
    );
  }

  async reset(names: readonly string[]): Promise<void> {
    await this.#asAdmin(names.map((name) => `alter database ${this.#options.database} reset ${name}`));
  }

  /** What was executed since the last time. */
  async take(): Promise<Execution[]> {
    const handle = await open(this.#options.logFile);
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(size - this.#read);
      await handle.read(buffer, 0, buffer.length, this.#read);
      this.#read = size;
      return readLog(buffer.toString());
    } finally {
      await handle.close();
    }
  }

  #asAdmin(statements: readonly string[]): Promise<void> {
    return query(this.#options.adminUrl, async (client) => {
      // a parameter of a library is known where the library is
      await client.query(`load 'auto_explain'`);
      for (const statement of statements) await client.query(statement);
    });
  }
}
