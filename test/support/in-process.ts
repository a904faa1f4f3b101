import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActivities, type Activities } from '../../activities/index.ts';
import type { Dependencies } from '../../activities/dependencies.ts';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import { createRegistry } from '../../connectors/registry.ts';
import { checkShape } from '../../domain/parse-connector-file.ts';
import { tasks, type SyncMode, type SyncScope } from '../../domain/sync.ts';
import { activateRevision } from '../../repository/catalog.ts';
import { findConnector, lockConnector, saveRevision } from '../../repository/connectors.ts';
import { openDatabase, type Database } from '../../repository/database.ts';
import { insertSync } from '../../repository/sync-requests.ts';
import { findSync, type SyncRow } from '../../repository/syncs.ts';
import { openStore } from '../../store/export-store.ts';
import { inActivity } from './activity.ts';
import { createTestDatabase } from './database.ts';

/** Runs the steps of syncs one after the other in this process, in the order of the workflow: without Temporal and the API. */
export class InProcess {
  readonly db: Database;
  readonly #activities: Activities;
  readonly #folder: string;
  readonly #drop: () => Promise<void>;

  private constructor(url: string, folder: string, drop: () => Promise<void>) {
    this.db = openDatabase(url, { applicationName: 'test', poolSize: 4, statementTimeoutMs: 60_000 });
    this.#folder = folder;
    this.#drop = drop;
    this.#activities = createActivities({
      db: this.db,
      databaseUrl: url,
      store: openStore({ kind: 'file', folder: join(folder, 'exports') }),
      packages: createRegistry([createCsvPackage({ fileRoots: [join(folder, 'files')] })]),
      secretFolders: [],
      version: 'test',
    } as unknown as Dependencies);
  }

  static async start(): Promise<InProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-in-process-'));
    await mkdir(join(folder, 'files'));
    const { url, drop } = await createTestDatabase();
    return new InProcess(url, folder, drop);
  }

  async stop(): Promise<void> {
    await this.db.destroy();
    await this.#drop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @returns the number of the connector */
  async put(connector: { name: string }): Promise<number> {
    const parsed = checkShape(connector);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    const { file } = parsed;
    return this.db.transaction(async (tx) => {
      const locked = await lockConnector(tx, file.name, file.name);
      await activateRevision(tx, locked.id, await saveRevision(tx, locked, file, 'test'), file);
      return locked.id;
    });
  }

  async place(directory: string, files: Record<string, string | Buffer>): Promise<void> {
    const folder = join(this.#folder, 'files', directory);
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  }

  /** One sync over all tasks, resumed if it is held. */
  async sync(name: string, mode: SyncMode, scope: SyncScope | null = null): Promise<SyncRow> {
    const connector = await findConnector(this.db, name);
    if (!connector) throw new Error(`no connector ${name}`);
    const id = randomUUID();
    await insertSync(this.db, {
      id,
      connector: connector.id,
      mode,
      tasks: [...tasks],
      scope,
      dryRun: false,
      trigger: 'manual',
      priority: 'normal',
      syncedBy: 'test',
      configRevision: connector.activeRevision ?? 0,
      workflowId: `sync:${name}`,
    });
    await inActivity(() => this.#run(id));
    const ended = await findSync(this.db, id);
    if (!ended) throw new Error('the sync is gone');
    return ended;
  }

  async #run(id: string): Promise<void> {
    const steps = this.#activities;
    const plan = await steps.beginSync(id);
    if (plan.checkUnchanged) {
      let same = true;
      for (const { name } of plan.connections) same &&= (await steps.isUnchanged(id, name)) === true;
      if (same && (await steps.settleUnchanged(id)) !== 'changed') return;
    }
    const attempts = [];
    for (const { name } of plan.connections) {
      const exported = await steps.exportConnection(id, name);
      if (!('attempt' in exported)) throw new Error('the source has limits');
      attempts.push({ connection: name, ...exported });
    }
    await steps.recordExport(id, attempts);
    await steps.prepareExport(id);
    let found = await steps.computeChanges(id);
    while (found === 'staging-lost') {
      await steps.prepareExport(id);
      found = await steps.computeChanges(id);
    }
    if (found.holds.length > 0) {
      await steps.holdSync(id);
      await steps.checkDecision(id, 'resume', found.digest, null, randomUUID());
    }
    await steps.applyChanges(id, found.digest);
    await steps.finishSync(id, 'completed', null);
  }
}
