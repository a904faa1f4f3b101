import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActivities, type Activities } from '../../activities/index.ts';
import type { Dependencies } from '../../activities/dependencies.ts';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import type { ConnectorPackage } from '../../connectors/package.ts';
import { createRegistry } from '../../connectors/registry.ts';
import { checkShape } from '../../domain/parse-connector-file.ts';
import { memoriesOf, type DraftRule, type RowDecision } from '../../domain/draft.ts';
import { keyText } from '../../domain/key.ts';
import { tasks, type RevertThen, type SyncMode, type SyncScope } from '../../domain/sync.ts';
import { activateRevision } from '../../repository/catalog.ts';
import { findConnector, lockConnector, saveRevision } from '../../repository/connectors.ts';
import { openDatabase, type Database } from '../../repository/database.ts';
import { insertDraft } from '../../repository/drafts/drafts.ts';
import { makeDraft } from '../../repository/drafts/make.ts';
import { storeRows } from '../../repository/drafts/rows.ts';
import { insertSync, type SyncRequest } from '../../repository/sync-requests.ts';
import { findSync, type SyncRow } from '../../repository/syncs.ts';
import { openStore } from '../../store/export-store.ts';
import { inActivity } from './activity.ts';
import { createTestDatabase } from './database.ts';

/** Runs the steps of syncs one after the other in this process, in the order of the workflow: without Temporal and the API. */
export class InProcess {
  readonly db: Database;
  /** Of the database, to which nothing is connected before the first sync. */
  readonly url: string;
  /** Whether syncs end once they have found and judged their changes. */
  dryRun = false;
  readonly #activities: Activities;
  readonly #folder: string;
  readonly #drop: () => Promise<void>;

  private constructor(url: string, folder: string, drop: () => Promise<void>, packages: readonly ConnectorPackage[]) {
    this.url = url;
    this.db = openDatabase(url, { applicationName: 'test', poolSize: 4, statementTimeoutMs: 60_000 });
    this.#folder = folder;
    this.#drop = drop;
    this.#activities = createActivities({
      db: this.db,
      databaseUrl: url,
      store: openStore({ kind: 'file', folder: join(folder, 'exports') }),
      packages: createRegistry([createCsvPackage({ fileRoots: [join(folder, 'files')] }), ...packages]),
      secretFolders: [],
      version: 'test',
    } as unknown as Dependencies);
  }

  /**
   * @param database of which it takes care; one of its own by default
   * @param packages besides CSV
   */
  static async start({
    database,
    packages = [],
  }: {
    database?: Awaited<ReturnType<typeof createTestDatabase>>;
    packages?: readonly ConnectorPackage[];
  } = {}): Promise<InProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-in-process-'));
    await mkdir(join(folder, 'files'));
    const { url, drop } = database ?? (await createTestDatabase());
    return new InProcess(url, folder, drop, packages);
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

  async remove(directory: string, name: string): Promise<void> {
    await rm(join(this.#folder, 'files', directory, name));
  }

  /** One sync over all tasks. @param decision if it is held @param way `short`: all steps of single items in one activity */
  async sync(
    name: string,
    mode: SyncMode,
    scope: SyncScope | null = null,
    decision: InProcessDecision = 'resume',
    { short = false }: { short?: boolean } = {},
  ): Promise<SyncRow> {
    return this.#start(name, { mode, tasks: [...tasks], scope, trigger: 'manual' }, decision, short);
  }

  /** One sync over all tasks that is left as it is held. */
  async find(name: string, mode: SyncMode, scope: SyncScope | null = null): Promise<SyncRow> {
    return this.#start(name, { mode, tasks: [...tasks], scope, trigger: 'manual' }, undefined);
  }

  /** A sync that undoes others, the oldest first; resumed if it is held. */
  async revert(name: string, reverts: string[], then: RevertThen = 'hold'): Promise<SyncRow> {
    const revert = { reverts, then, reason: 'wrong export' };
    return this.#start(
      name,
      { mode: 'complete', tasks: ['synchronize'], scope: null, trigger: 'revert', revert },
      'resume',
    );
  }

  /** A sync that removes what is retired; resumed if it is held. */
  async purge(name: string): Promise<SyncRow> {
    return this.#start(name, { mode: 'complete', tasks: ['synchronize'], scope: null, trigger: 'purge' }, 'resume');
  }

  async #start(
    name: string,
    wanted: Pick<SyncRequest, 'mode' | 'tasks' | 'scope' | 'trigger' | 'revert'>,
    decision: InProcessDecision | undefined,
    short = false,
  ): Promise<SyncRow> {
    const connector = await findConnector(this.db, name);
    if (!connector) throw new Error(`no connector ${name}`);
    const id = randomUUID();
    await insertSync(this.db, {
      id,
      connector: connector.id,
      ...wanted,
      dryRun: this.dryRun,
      priority: 'normal',
      syncedBy: 'test',
      configRevision: connector.activeRevision ?? 0,
      workflowId: `sync:${name}`,
    });
    await inActivity(() => this.#run(id, decision, short));
    const ended = await findSync(this.db, id);
    if (!ended) throw new Error('the sync is gone');
    return ended;
  }

  async #run(id: string, decision: InProcessDecision | undefined, short: boolean): Promise<void> {
    const steps = this.#activities;
    const outcome = short ? await steps.synchronizeItems(id) : undefined;
    if (outcome && 'status' in outcome) return;
    if (outcome && 'found' in outcome) {
      await this.#holdOrApply(id, outcome.found, decision);
      return;
    }
    const plan = await steps.beginSync(id);
    if (plan.checkUnchanged) {
      let same = true;
      for (const { name } of plan.connections) same &&= (await steps.isUnchanged(id, name)) === true;
      if (same && (await steps.settleUnchanged(id)) !== 'changed') return;
    }
    if (plan.export) await steps.recordExport(id, await this.#export(id, plan.connections));
    if (plan.prepare) await steps.prepareExport(id);
    let found = await steps.computeChanges(id);
    while (found === 'staging-lost') {
      await steps.prepareExport(id);
      found = await steps.computeChanges(id);
    }
    if (this.dryRun) {
      await steps.finishSync(id, 'completed', null);
      return;
    }
    await this.#holdOrApply(id, found, decision);
  }

  async #holdOrApply(
    id: string,
    found: { digest: string; holds: string[] },
    decision: InProcessDecision | undefined,
  ): Promise<void> {
    if (found.holds.length === 0) {
      await this.#apply(id, found.digest);
      return;
    }
    await this.#activities.holdSync(id);
    if (decision !== undefined) await this.#decide(id, found.digest, decision);
  }

  async #export(id: string, connections: { name: string }[]): Promise<{ connection: string; attempt: string }[]> {
    const attempts = [];
    for (const { name } of connections) {
      const exported = await this.#activities.exportConnection(id, name);
      if ('refused' in exported) return this.#export(id, await this.#activities.becomeComplete(id, exported.refused));
      if (!('attempt' in exported)) throw new Error('the source has limits');
      attempts.push({ connection: name, ...exported });
    }
    return attempts;
  }

  /** Decides on a sync that is held. */
  async decide(id: string, decision: InProcessDecision): Promise<SyncRow> {
    const held = await findSync(this.db, id);
    await inActivity(() => this.#decide(id, held?.digest ?? '', decision));
    const ended = await findSync(this.db, id);
    if (!ended) throw new Error('the sync is gone');
    return ended;
  }

  async #decide(id: string, found: string, decision: InProcessDecision): Promise<void> {
    const inPart = typeof decision === 'object';
    const digest = inPart ? await this.#draft(id, decision) : found;
    await this.#activities.checkDecision(id, inPart ? 'resume' : decision, digest, null, randomUUID());
    if (decision === 'reject') await this.#activities.finishSync(id, 'rejected', null);
    else await this.#apply(id, digest);
  }

  async #apply(id: string, digest: string): Promise<void> {
    const steps = this.#activities;
    const { applied } = await steps.applyChanges(id, digest);
    if (!applied) {
      await steps.finishSync(id, 'rejected', null);
      return;
    }
    await steps.finishSync(id, 'completed', null);
  }

  /** Drafts a decision in part. @returns its digest */
  async #draft(id: string, { rules, otherwise }: DraftWish): Promise<string> {
    const sync = await findSync(this.db, id);
    if (!sync?.digest) throw new Error('the sync has no change set');
    const of = { ...sync, digest: sync.digest };
    return this.db.transaction(async (tx) => {
      const filters = rules.map(({ decision, filter: { keys, transition: _none, ...filter } }) => ({
        decision,
        filter: { ...filter, keys: keys?.map((key) => keyText(key)) },
      }));
      const made = await makeDraft(tx, of, { rules: filters, otherwise }, memoriesOf(rules, otherwise));
      const draft = { ...made, id: randomUUID(), by: 'user:test', rules: [...rules], otherwise, note: null };
      const { no, digest } = await insertDraft(tx, sync.no, draft);
      await storeRows(tx, no, made.rows);
      return digest;
    });
  }
}

export interface DraftWish {
  rules: readonly DraftRule[];
  otherwise: RowDecision;
}

/** What is decided on a held sync; a draft is a decision in part. */
export type InProcessDecision = 'resume' | 'reject' | DraftWish;
