import { row } from '../../../repository/database.ts';
import type { Cause } from '../../../domain/sync.ts';
import { InProcess } from '../in-process.ts';
import type { Made } from './accidents/index.ts';
import { connectorOf, filesOf, type Directory } from './directory.ts';

/** What a sync said of its changes. */
export interface Named {
  causes: Cause[];
  changes: number;
  held: boolean;
  milliseconds: number;
}

/** Puts directories into a repository and has syncs over what befell them; the stored state stays that of the base. */
export class Trials {
  readonly #process: InProcess;
  #connectors = 0;

  private constructor(process: InProcess) {
    this.#process = process;
  }

  static async start(): Promise<Trials> {
    return new Trials(await InProcess.start());
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  get db() {
    return this.#process.db;
  }

  /** A connector of its own. Nothing is stored yet. */
  async put(directory: Directory): Promise<string> {
    const connector = `c${String(++this.#connectors)}`;
    await this.#process.put(connectorOf(directory, connector));
    await this.#process.place(connector, filesOf(directory));
    return connector;
  }

  /** The same, with everything stored. */
  async store(directory: Directory): Promise<string> {
    const connector = await this.put(directory);
    await this.#process.sync(connector, 'complete');
    return connector;
  }

  /** What a sync says of a changed directory. Only one that is restored is applied, and then put back. */
  async named(connector: string, base: Directory, made: Made): Promise<Named> {
    const { directory, configure, thenRestored } = made;
    if (configure) {
      const body = connectorOf(base, connector);
      configure(body);
      await this.#process.put(body);
    }
    await this.#process.place(connector, filesOf(directory));
    if (thenRestored) await this.#process.sync(connector, 'complete');
    if (thenRestored) await this.#process.place(connector, filesOf(base));
    const named = await this.dryRun(connector);
    if (thenRestored) await this.#process.sync(connector, 'complete');
    if (configure) await this.#process.put(connectorOf(base, connector));
    return named;
  }

  async dryRun(connector: string): Promise<Named> {
    const begun = Date.now();
    this.#process.dryRun = true;
    const sync = await this.#process.sync(connector, 'complete').finally(() => {
      this.#process.dryRun = false;
    });
    const found = await row<{ causes: Cause[] }>(this.#process.db, 'select causes from syncline.sync where no = ?', [
      sync.no,
    ]);
    return {
      causes: found?.causes ?? [],
      changes: sync.changeCount ?? 0,
      held: sync.holds.length > 0,
      milliseconds: Date.now() - begun,
    };
  }

  /** Applies what the directory has become. */
  async apply(connector: string, directory: Directory): Promise<Named> {
    await this.#process.place(connector, filesOf(directory));
    const named = await this.dryRun(connector);
    await this.#process.sync(connector, 'complete');
    return named;
  }
}
