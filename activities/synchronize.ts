import { scopeOf } from '../connectors/registry.ts';
import { taskOf } from '../domain/task-results.ts';
import { evaluateThresholds } from '../domain/thresholds.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { reached } from '../domain/marked-points.ts';
import { ensureSharedParts } from '../repository/change-parts.ts';
import { findCauses } from '../repository/causes.ts';
import { entityTypesOf, linkPropertiesAt, linkPropertiesOf, type LinkPropertyRow } from '../repository/catalog.ts';
import { allowWork, type Transaction } from '../repository/database.ts';
import { NarrowRefused } from '../repository/narrow.ts';
import { isUnchangedBase } from '../repository/checkpoint.ts';
import { computeDigest } from '../repository/digest.ts';
import { computeDiff, sharingConnectors, type DiffResult } from '../repository/diff.ts';
import { changedFilters, noteCompared } from '../repository/filters.ts';
import { noteRead } from '../repository/open-errors-read.ts';
import { countResources } from '../repository/stored.ts';
import { dropStaging, isStaged } from '../repository/staging.ts';
import { logSync } from '../repository/sync-log.ts';
import { consumePreparation, enterPhase, lockOpenSync, updateSync, type SyncRow } from '../repository/syncs.ts';
import { comparedWhole, deletingOf, filterCauses } from './compare-filters.ts';
import type { Dependencies } from './dependencies.ts';
import { writeErrorFile } from './error-file.ts';
import { whileBeating } from './heartbeat.ts';
import type { FoundChanges } from './found-changes.ts';
import { loadSync } from './load-sync.ts';
import { planDiff, type Catalog } from './plan-diff.ts';
import { purgeChanges } from './purge.ts';
import { expressionChanges } from './update-expressions.ts';
import { causeSubjects, countersOf, othersOf, storedOf, unreadableScopes, zeroScopes } from './verdicts.ts';

/** What the workflow learns of a change set: enough to decide, nothing of the rows. */
export interface ChangeSetVerdict {
  digest: string;
  changes: number;
  /** Messages of the holds; empty where the sync may go on. */
  holds: string[];
}

export function createSynchronizeActivities(dependencies: Dependencies) {
  const { db } = dependencies;

  /**
   * Writes the change set and its digest, and judges it by the thresholds, in one repeatable-read transaction. A repeat
   * finds the digest and answers from the row. Answers `staging-lost` if the sync has to be prepared again: a crash of
   * Postgres emptied the staging, or the staged difference is not enough.
   */
  async function computeChanges(syncId: string): Promise<ChangeSetVerdict | 'staging-lost'> {
    return whileBeating(async () => {
      const { sync, file } = await loadSync(db, syncId);
      await enterPhase(db, sync.no, sync.tasks[0] === 'update-expressions' ? 'update-expressions' : 'synchronize');
      await reached('synchronize/begun');
      if (sync.digest === null) {
        const needsStaging = sync.trigger !== 'purge';
        if (needsStaging && !(sync.preparation && (await isStaged(db, sync.preparation)))) return 'staging-lost';
        await ensureSharedParts(db, sync.no);
        try {
          await db.transaction((tx) => findAndJudge(tx, syncId, file), { isolationLevel: 'repeatable read' });
        } catch (error) {
          if (!(error instanceof NarrowRefused) || !sync.preparation) throw error;
          await logSync(
            db,
            sync.no,
            taskOf(sync, 'synchronize'),
            'info',
            `This sync compares all rows, because ${error.message}.`,
          );
          await stageWhole(sync.id);
          return 'staging-lost';
        }
        await reached('synchronize/committed');
        await writeErrorFile(dependencies, sync);
      }
      // after the commit: until then a repeat needs it
      if (sync.preparation) await dropStaging(db, sync.preparation.sync);
      return verdictOf(syncId);
    });
  }

  /** Unless another attempt has found the change set meanwhile, or has staged again. */
  async function stageWhole(syncId: string): Promise<void> {
    await db.transaction(async (tx) => {
      const sync = await lockOpenSync(tx, syncId);
      if (sync.digest === null && sync.preparation)
        await updateSync(tx, sync.no, { preparation: { ...sync.preparation, whole: true } });
    });
  }

  async function verdictOf(syncId: string): Promise<ChangeSetVerdict> {
    const { sync } = await loadSync(db, syncId);
    if (sync.digest === null) throw new Error('the change set was not stored');
    return { digest: sync.digest, changes: sync.changeCount ?? 0, holds: sync.holds.map((hold) => hold.message) };
  }

  async function findAndJudge(tx: Transaction, syncId: string, file: ConnectorFile): Promise<void> {
    const sync = await lockOpenSync(tx, syncId);
    if (sync.digest !== null) return;
    await allowWork(tx);
    const sharing = await sharingConnectors(tx, sync.connector);
    const found = await findChanges(tx, sync, file);
    const { digest, changes } = await computeDigest(tx, sync.no);
    const { thresholds, holds } = evaluateThresholds({
      file,
      counters: found.counters,
      stored: await storedOf(tx, sync.connector, sync.trigger === 'purge'),
      others: await othersOf(tx, sync.connector, found.counters),
      rowsRead: found.rowsRead,
      rowsRejected: found.rowsRejected,
      zeroRows: found.zeroRows,
      unreadableKeys: found.unreadableKeys,
      changedFilters: found.changedFilters,
    });
    await updateSync(tx, sync.no, {
      digest,
      changeCount: changes,
      counters: found.counters,
      thresholds,
      holds,
      causes:
        holds.length > 0 ? [...filterCauses(found.changedFilters, found.counters), ...(await found.findCauses())] : [],
      deletesWithheld: found.deletesWithheld,
      overtaken: found.overtaken,
      diffBasis: Object.fromEntries(sharing.map(({ id, writes }) => [id, writes])),
    });
    await noteCompared(tx, sync.no, found.compared);
    if (sync.preparation) await consumePreparation(tx, sync.no, sync.preparation);
    await logSync(
      tx,
      sync.no,
      taskOf(sync, 'synchronize'),
      'info',
      `Found ${changes.toLocaleString('en-US')} changes, ${digest}.`,
    );
    if (found.deletesWithheld > 0)
      await logSync(
        tx,
        sync.no,
        taskOf(sync, 'synchronize'),
        'warn',
        `Withheld ${String(found.deletesWithheld)} deletes: the source did not prove that it was read to its end.`,
      );
    await reached('synchronize/before-commit');
  }

  async function findChanges(tx: Transaction, sync: SyncRow, file: ConnectorFile): Promise<FoundChanges> {
    const catalog: Catalog = {
      types: await entityTypesOf(tx, sync.connector),
      links: await linkPropertiesOf(tx, sync.connector),
    };
    if (sync.trigger === 'purge') return purgeChanges(tx, sync, catalog);
    if (sync.tasks[0] === 'update-expressions') return expressionChanges(tx, sync, file, catalog);
    return compareWithRepository(tx, sync, file, catalog);
  }

  async function compareWithRepository(
    tx: Transaction,
    sync: SyncRow,
    file: ConnectorFile,
    catalog: Catalog,
  ): Promise<FoundChanges> {
    const preparation = sync.preparation;
    if (!preparation) throw new Error('nothing is prepared');
    if (preparation.narrowed && !(await isUnchangedBase(tx, sync.connector, preparation.narrowed.base)))
      throw new NarrowRefused('another sync has applied changes since');
    const input = await planDiff(tx, sync, file, preparation, catalog);
    const result = await computeDiff(tx, input);
    if (input.mode === 'incremental') await noteRead(tx, input);
    if (result.stale)
      await logSync(
        tx,
        sync.no,
        taskOf(sync, 'synchronize'),
        'warn',
        `Left out ${result.stale.toLocaleString('en-US')} rows of delta files: a complete sync that read later has compared the same resources.`,
      );
    await tellFlags(tx, sync, result);
    const links = new Map(catalog.links.map((link) => [link.id, link]));
    for (const type of input.types) for (const link of await linkPropertiesAt(tx, type.id)) links.set(link.id, link);
    const each = [...result.types.values(), ...result.links.values()];
    const reads = [...Object.values(preparation.types), ...Object.values(preparation.links)];
    return {
      counters: countersOf(
        result,
        preparation,
        new Map(catalog.types.map((type) => [type.id, type.name])),
        links,
        await storedElsewhere(tx, links, result),
      ),
      rowsRead: reads.reduce((sum, { read }) => sum + read, 0),
      rowsRejected:
        reads.reduce((sum, { rejected }) => sum + rejected, 0) +
        [...result.types.values()].reduce((sum, { rejected }) => sum + rejected, 0),
      zeroRows: zeroScopes(input, result, preparation),
      unreadableKeys: unreadableScopes(input, result, preparation),
      changedFilters: await changedFilters(tx, sync.connector, file, deletingOf(input, result), scopeOf),
      compared: comparedWhole(sync.scope, input, result),
      deletesWithheld: each.reduce((sum, { withheld }) => sum + withheld, 0),
      overtaken: each.reduce((sum, { overtaken }) => sum + overtaken, 0),
      findCauses: () => findCauses(tx, sync.no, causeSubjects(input, result, preparation, file)),
    };
  }

  async function tellFlags(tx: Transaction, sync: SyncRow, result: DiffResult): Promise<void> {
    const flags = [...result.types.values()].flatMap((type) => type.flags ?? []);
    const managed = flags.reduce((sum, each) => sum + each.managed, 0);
    const unmanaged = flags.reduce((sum, each) => sum + each.unmanaged, 0);
    if (managed + unmanaged > 0)
      await logSync(
        tx,
        sync.no,
        'synchronize',
        'info',
        `When this sync is applied, ${managed.toLocaleString('en-US')} stored resources become managed and ${unmanaged.toLocaleString('en-US')} unmanaged, by the rules.`,
      );
  }

  /** Stored resources of the entity types that the sync takes links from without comparing them. */
  async function storedElsewhere(
    tx: Transaction,
    links: ReadonlyMap<number, LinkPropertyRow>,
    result: DiffResult,
  ): Promise<Map<string, number>> {
    const stored = new Map<string, number>();
    for (const { entityType, entityTypeName } of links.values())
      if (!result.types.has(entityType)) stored.set(entityTypeName, await countResources(tx, entityType));
    return stored;
  }

  return { computeChanges };
}
