import { readingSettings, scopeOf } from '../connectors/registry.ts';
import { amount, some } from '../domain/amount.ts';
import { isMadeWithChanges } from '../domain/summary/made-with-changes.ts';
import { findsChangesItself, type Hold } from '../domain/sync.ts';
import { taskOf } from '../domain/task-results.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { reached } from '../domain/marked-points.ts';
import { ensureSharedParts } from '../repository/change-parts.ts';
import { findCauses } from '../repository/causes/index.ts';
import { searchCauses } from '../repository/causes/search-causes.ts';
import { entityTypesOf, linkPropertiesAt, linkPropertiesOf } from '../repository/catalog.ts';
import { allowWork, type Transaction } from '../repository/database.ts';
import { NarrowRefused } from '../repository/narrow.ts';
import { isAppliedBase, isLinkedAs } from '../repository/applied-base.ts';
import { computeDigest } from '../repository/digest.ts';
import { computeDiff, sharingConnectors, type DiffResult } from '../repository/diff.ts';
import { countFates } from '../repository/fate.ts';
import { compareChanges } from '../repository/compare-changes.ts';
import { changedFilters, noteCompared } from '../repository/filters.ts';
import { noteRead } from '../repository/open-errors-read.ts';
import { hasFindings, settleMatches } from '../repository/refusals/end.ts';
import { findUndoneAgain, type FoundAgain } from '../repository/revert/undone-again.ts';
import { currentRules } from '../repository/derived-rules.ts';
import { takeDue } from '../repository/directory/due.ts';
import { seenTable } from '../repository/directory/run.ts';
import { noteUnjoined } from '../repository/directory/unjoined.ts';
import { dropStaging, isStaged, type Staging } from '../repository/staging.ts';
import { makeSummary } from '../repository/summary/make-summary.ts';
import { logSync } from '../repository/sync-log.ts';
import {
  consumePreparation,
  enterPhase,
  findSync,
  lockOpenSync,
  updateSync,
  type SyncRow,
} from '../repository/syncs.ts';
import { comparedWhole, deletingOf } from './compare-filters.ts';
import { cutTables } from './cut-tables.ts';
import type { Dependencies } from './dependencies.ts';
import { writeErrorFile } from './error-file.ts';
import { whileBeating } from './heartbeat.ts';
import { holdsOfMapping } from './holds-of-mapping.ts';
import type { FoundChanges } from './found-changes.ts';
import { judgeLimits, recordOverride } from './judge-limits.ts';
import { loadSync } from './load-sync.ts';
import { planDiff, type Catalog } from './plan-diff.ts';
import { purgeChanges } from './purge.ts';
import { revertChanges } from './revert.ts';
import { expressionChanges } from './update-expressions.ts';
import { causeSubjects, countedLinks, countersOf, storedElsewhere, unreadableScopes, zeroScopes } from './verdicts.ts';

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
        const needsStaging = !findsChangesItself(sync.trigger);
        if (needsStaging && !(sync.preparation && (await isStaged(db, sync.preparation)))) return 'staging-lost';
        const { rules } = sync.preparation ?? {};
        if (rules !== undefined && (await currentRules(db, sync)) !== rules) return 'staging-lost';
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
      // a transaction of its own, since syncs limited to keys write to the same refusals
      if (!sync.dryRun && (await hasFindings(db, sync.no))) await db.transaction((tx) => settleMatches(tx, sync));
      // in a transaction that takes what is due as it is now, not as it was when the comparison began; a repeat takes the same
      const { preparation } = sync;
      if (preparation?.rules !== undefined && !sync.dryRun && (await isStaged(db, preparation)))
        await db.transaction((tx) => takeRun(tx, sync, preparation));
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
    const { digest, changes, sums } = await computeDigest(tx, sync.no);
    const { thresholds, holds: exceeded, letThrough = false } = await judgeLimits(tx, sync, file, found);
    const undoneAgain = await findUndoneAgain(tx, sync);
    const holds = [...exceeded, ...undoneAgain.flatMap(holdOf), ...(await holdsOfMapping(tx, sync, found.counters))];
    const { causes, explained } = await searchCauses(tx, sync, () =>
      found.findCauses({ held: holds.length > 0, changes }),
    );
    await updateSync(tx, sync.no, {
      digest,
      digestSums: sums,
      changeCount: changes,
      counters: found.counters,
      thresholds,
      holds,
      causes,
      causeRows: explained,
      deletesWithheld: found.deletesWithheld,
      overtaken: found.overtaken,
      fates: await countFates(tx, sync.no),
      ...(undoneAgain.length > 0
        ? { undoneAgain: undoneAgain.map(({ revert, changes: again, unread }) => ({ revert, changes: again, unread })) }
        : {}),
      diffBasis: Object.fromEntries(sharing.map(({ id, writes }) => [id, writes])),
    });
    if (letThrough && holds.length === 0) await recordOverride(tx, sync, digest, found.counters);
    await noteCompared(tx, sync.no, found.compared);
    if (isMadeWithChanges({ held: holds.length > 0, changes })) await makeSummary(tx, sync.no);
    const held = sync.refreshes === null ? undefined : await findSync(tx, sync.refreshes);
    if (held)
      await updateSync(tx, sync.no, { compared: { with: held.id, ...(await compareChanges(tx, sync.no, held.no)) } });
    if (sync.preparation) await consumePreparation(tx, sync.no, sync.preparation);
    await logSync(tx, sync.no, taskOf(sync, 'synchronize'), 'info', `Found ${amount(changes, 'change')}, ${digest}.`);
    if (found.deletesWithheld > 0)
      await logSync(
        tx,
        sync.no,
        taskOf(sync, 'synchronize'),
        'warn',
        `Withheld ${amount(found.deletesWithheld, 'delete')}: the source did not prove that it was read to its end.`,
      );
    await reached('synchronize/before-commit');
  }

  async function findChanges(tx: Transaction, sync: SyncRow, file: ConnectorFile): Promise<FoundChanges> {
    const catalog: Catalog = {
      types: await entityTypesOf(tx, sync.connector),
      links: await linkPropertiesOf(tx, sync.connector),
    };
    if (sync.trigger === 'purge') return purgeChanges(tx, sync, catalog);
    if (sync.trigger === 'revert') return revertChanges(tx, sync, file, catalog);
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
    if (preparation.narrowed && !(await isAppliedBase(tx, sync.connector, preparation.narrowed)))
      throw new NarrowRefused('another sync has applied changes since');
    if (preparation.narrowed && !(await isLinkedAs(tx, sync.connector, preparation.linked)))
      throw new NarrowRefused('a connector to which links lead has another revision now');
    const input = await planDiff(tx, sync, file, preparation, catalog);
    if (input.narrowed && input.laterSyncs.length > 0)
      throw new NarrowRefused('a sync that read later has applied changes');
    const result = await computeDiff(tx, input);
    if (input.mode === 'incremental') await noteRead(tx, input);
    else
      await updateSync(tx, sync.no, {
        preparation: { ...preparation, counted: countedLinks(input, result, preparation) },
      });
    if (result.stale)
      await logSync(
        tx,
        sync.no,
        taskOf(sync, 'synchronize'),
        'warn',
        `Left out ${amount(result.stale, 'row')} of delta files: a complete sync that read later has compared the same resources.`,
      );
    await tellFlags(tx, sync, result);
    await tellKept(tx, sync, result);
    const links = new Map(catalog.links.map((link) => [link.id, link]));
    for (const type of input.types) for (const link of await linkPropertiesAt(tx, type.id)) links.set(link.id, link);
    const each = [...result.types.values(), ...result.links.values()];
    const reads = [...Object.values(preparation.types), ...Object.values(preparation.links)];
    const changed = await changedFilters(tx, sync.connector, file, deletingOf(input, result), scopeOf);
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
      changedFilters: changed,
      compared: comparedWhole(sync.scope, input, result),
      deletesWithheld: each.reduce((sum, { withheld }) => sum + withheld, 0),
      overtaken: each.reduce((sum, { overtaken }) => sum + overtaken, 0),
      findCauses: (of) =>
        findCauses(tx, {
          ...of,
          sync: sync.no,
          connector: sync.connector,
          subjects: causeSubjects(input, result, preparation, file),
          file,
          changedFilters: changed,
          readingSettings,
          cutTable: cutTables(dependencies, sync),
        }),
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
        `When this sync is applied, ${amount(managed, 'stored resource')} ${some(managed, 'becomes', 'become')} managed and ${unmanaged.toLocaleString('en-US')} unmanaged, by the rules.`,
      );
  }

  async function tellKept(tx: Transaction, sync: SyncRow, result: DiffResult): Promise<void> {
    const kept = [...result.links.values()].reduce((sum, link) => sum + (link.kept ?? 0), 0);
    if (kept > 0)
      await logSync(
        tx,
        sync.no,
        'synchronize',
        'warn',
        `Kept ${amount(kept, 'link')}: a value that now matches nothing may be the new name of a target.`,
      );
  }

  return { computeChanges };
}

/** What a run over the directory has looked at is no longer due. A source is joined or not. */
async function takeRun(tx: Transaction, sync: SyncRow, staging: Staging): Promise<void> {
  await takeDue(tx, sync.no, sync.connector, seenTable({ staging }));
  if (sync.tasks.includes('map')) await noteUnjoined(tx, sync.no, staging);
}

/** The message goes to Temporal, the reason that a person gave does not. */
const holdOf = ({ watch, changes, first }: FoundAgain): Hold[] =>
  changes === 0
    ? []
    : [
        {
          code: 'undone-again',
          scope: 'connector',
          message: `${amount(changes, 'change')} would make again what the revert ${watch.id} undid.`,
          revert: { syncId: watch.id, reason: watch.reason, changes, first },
        },
      ];
