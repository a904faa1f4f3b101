import { amount } from '../domain/amount.ts';
import { baseVersion, type AppliedBase } from '../domain/applied-base.ts';
import { whyNotApplied } from '../domain/apply-check.ts';
import { SyncError } from '../domain/errors.ts';
import { reached } from '../domain/marked-points.ts';
import { nameOf } from '../domain/people.ts';
import { readFingerprint } from '../domain/read-fingerprint.ts';
import { coversTable } from '../domain/scope.ts';
import { hasEnded, type FateCounts, type SyncStatus } from '../domain/sync.ts';
import { taskOf } from '../domain/task-results.ts';
import { appliedCounters } from '../repository/applied-counters.ts';
import { applyChanges as executeChanges, isUndisturbed, type ApplyResult } from '../repository/apply.ts';
import { countWrite, setUnchangedBase } from '../repository/applied-base.ts';
import { currentRules } from '../repository/derived-rules.ts';
import { markStale, markStaleProfiles, noteDue } from '../repository/directory/due.ts';
import { noteAwaited } from '../repository/directory/unjoined.ts';
import { followMatches, isDirectoryConnector, lockRules, useRules } from '../repository/directory/rules.ts';
import { makeOrders } from '../repository/provisioning/make-orders.ts';
import { storeCheckpoints } from '../repository/checkpoint.ts';
import { ofSync } from '../repository/change-parts.ts';
import { configurationChanges } from '../repository/configuration-changed.ts';
import { rememberDangling, type MatchedLink } from '../repository/dangling-links.ts';
import { hasKeepingErrors } from '../repository/row-errors.ts';
import { acceptFilters } from '../repository/filters.ts';
import { entityTypesOf, linkPropertiesOf, targetTypes } from '../repository/catalog.ts';
import { lockConnectorRow } from '../repository/connectors.ts';
import { acceptedDecision, type DecisionRow } from '../repository/decisions.ts';
import { sharingConnectors } from '../repository/diff.ts';
import { allowWork, row, type Transaction } from '../repository/database.ts';
import { suppressedIn } from '../domain/suppressed.ts';
import { clearNeedsComplete, noteMovedTargets } from '../repository/needs-complete.ts';
import { settleGone } from '../repository/refusals/end.ts';
import { rememberDraft } from '../repository/refusals/of-draft.ts';
import { markLeftOut } from '../repository/draft-outcome.ts';
import { findDraft, type Draft } from '../repository/drafts/drafts.ts';
import { countFates } from '../repository/fate.ts';
import { settleRevert, settleWatches } from '../repository/revert/settle.ts';
import { logSync } from '../repository/sync-log.ts';
import {
  countRejections,
  lockSync,
  markApplied,
  updateSync,
  type Preparation,
  type SyncRow,
} from '../repository/syncs.ts';
import { noteDeletes } from '../repository/windows.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';
import { leadsOf } from './plan-diff.ts';

/** What Postgres has of the sync after apply, no matter which worker applied or ended it. */
export interface ApplyOutcome {
  status: SyncStatus;
  applied: boolean;
}

interface Done {
  outcome: ApplyOutcome;
  /** Entity types and link properties that need new statistics. */
  grown?: ApplyResult['grown'];
}

export function createApplyActivities({ db, version }: Dependencies) {
  /**
   * Executes exactly the change rows of the sync, stores the source checkpoint and marks the sync applied. All of this is
   * one transaction. It first checks in Postgres: the sync has not ended, it has the change set with this digest and all of
   * its rows, and if it was held it has a decision to apply them, or the rows that a draft applies. A repeat finds the mark
   * and does nothing. A worker that hung until the sync had ended waits for the lock, and then does nothing.
   * @param digest of what was decided on, the change set or a draft, or of a change set that needed no decision; absent in a workflow of version 0.1.0,
   * for which the decision counts that the sync's own row has
   * @throws SyncError `change-set-altered`
   */
  async function applyChanges(syncId: string, digest?: string): Promise<ApplyOutcome> {
    return whileBeating(async () => {
      await reached('apply/begun');
      const done = await db.transaction(async (tx): Promise<Done> => {
        const sync = await lockSync(tx, syncId);
        if (!sync) return { outcome: { status: 'failed', applied: false } };
        if (hasEnded(sync.status) || sync.applied) return { outcome: { status: sync.status, applied: sync.applied } };
        const accepted = (await acceptedDecision(tx, sync.no)) ?? null;
        const draft = accepted?.draft ? await findDraft(tx, sync.no, accepted.draft) : undefined;
        const decision = digest === undefined ? sync.decision : accepted;
        const decided = { ...sync, digest: draft?.digest ?? sync.digest, decision };
        const refusal = whyNotApplied(decided, digest ?? sync.digest ?? '');
        if (refusal !== undefined) throw new SyncError('change-set-altered', `${refusal} Nothing was applied.`);
        return applyLocked(tx, sync, draft && { ...draft, decision: accepted });
      });
      await reached('apply/committed');
      if (done.grown) await refreshStatistics(done.grown);
      return done.outcome;
    });
  }

  async function applyLocked(
    tx: Transaction,
    sync: SyncRow,
    draft: (Draft & { decision: DecisionRow | null }) | undefined,
  ): Promise<Done> {
    await allowWork(tx);
    // in name order, so that connectors with links to each other never wait in a circle
    const sharing = await sharingConnectors(tx, sync.connector);
    for (const { id } of sharing) await lockConnectorRow(tx, id);
    const changed = await configurationChanges(tx, sync);
    if (changed.length > 0)
      throw new SyncError(
        'configuration',
        `A later revision has retired or changed ${changed.slice(0, 10).join(', ')}. Nothing was applied. Start the sync again.`,
      );
    if (draft) {
      await markLeftOut(tx, sync.no, draft.no);
      const { by, reason } = draft.decision ?? { by: draft.by, reason: null };
      await rememberDraft(tx, sync, draft, { by, byName: nameOf(by), reason });
      if (draft.counts.apply === 0) return leaveAll(tx, sync);
    }
    const stale = await beforeMapping(tx, sync);
    const undisturbed = stale === 0 && (await isUndisturbed(tx, sync.diffBasis ?? {}));
    const done = await executeChanges(tx, sync.no, undisturbed);
    if (done.changes !== sync.changeCount)
      throw new SyncError(
        'change-set-altered',
        `The database has ${amount(done.changes, 'change')} of this sync, but the sync counted ${String(sync.changeCount)}. Nothing was applied.`,
      );
    const fates = await countFates(tx, sync.no);
    await updateSync(tx, sync.no, { overtaken: sync.overtaken + done.overtaken, fates });
    if (draft || done.overtaken > 0)
      await updateSync(tx, sync.no, { appliedCounters: await appliedCounters(tx, sync.no, sync.counters) });
    await markApplied(tx, sync.no);
    if (await isDirectoryConnector(tx, sync.connector)) {
      await lockRules(tx);
      await noteAwaited(tx, sync.no);
      await followMatches(tx, sync.no);
      await noteAwaited(tx, sync.no);
    }
    if (sync.tasks.includes('provision')) await makeOrders(tx, sync);
    else await noteDue(tx, sync.no);
    if (sync.preparation?.rules !== undefined && sync.mode === 'complete')
      await useRules(tx, sync.connector, sync.preparation.rules);
    await noteDeletes(tx, sync.no, done);
    await acceptFilters(tx, sync.no, (fates.refused ?? 0) + (fates.deferred ?? 0) > 0);
    if (sync.preparation?.mode === 'complete') await rememberDangling(tx, sync.no, await matchedLinks(tx, sync));
    await settleGone(tx, sync);
    await storeProgress(tx, sync, fates, undisturbed, sharing);
    await logSync(
      tx,
      sync.no,
      taskOf(sync, 'synchronize'),
      'info',
      `Applied: resources ${told(done.resources)}; links ${told(done.links)}` +
        (done.overtaken > 0 ? `; ${String(done.overtaken)} overtaken by later changes` : '') +
        (draft ? `; ${String(draft.counts.refuse)} refused, ${String(draft.counts.defer)} deferred` : ''),
    );
    await reached('apply/before-commit');
    return { outcome: { status: sync.status, applied: true }, grown: done.grown };
  }

  /**
   * A sync of the directory, or of what it provisions, counts only under the rules that it was computed by. What has changed at its sources since then is
   * left out. @returns how many change rows are
   */
  async function beforeMapping(tx: Transaction, sync: SyncRow): Promise<number> {
    const { no, preparation, tasks } = sync;
    if (preparation?.rules === undefined) return 0;
    if ((await currentRules(tx, sync)) !== preparation.rules)
      throw new SyncError(
        'configuration',
        tasks.includes('map')
          ? 'The mappings or the directory have changed since. Nothing was applied. Everything is mapped again.'
          : 'The provisioning has changed since. Nothing was applied. Everything is computed again.',
      );
    return tasks.includes('map') ? markStale(tx, no) : markStaleProfiles(tx, no);
  }

  /** A draft that applies nothing: the sync ends as if its changes had been rejected. */
  async function leaveAll(tx: Transaction, sync: SyncRow): Promise<Done> {
    await updateSync(tx, sync.no, { fates: await countFates(tx, sync.no) });
    await setUnchangedBase(tx, sync.connector, null);
    await settleWatches(tx, sync, false);
    await logSync(tx, sync.no, taskOf(sync, 'synchronize'), 'info', 'The decision refuses or defers every change.');
    return { outcome: { status: sync.status, applied: false } };
  }

  /** How far the source has been read, and whether equal files from now on mean that nothing changed. */
  async function storeProgress(
    tx: Transaction,
    sync: SyncRow,
    { overtaken = 0, refused = 0, deferred = 0 }: FateCounts,
    undisturbed: boolean,
    sharing: { id: number }[],
  ): Promise<void> {
    const whole = sync.scope === null && sync.tasks.includes('synchronize') && sync.preparation !== null;
    if (sync.tasks.includes('synchronize') && sync.preparation) {
      const { file } = await loadSync(tx, sync.id);
      const covers = (connection: string, table: string) => coversTable(file, sync.scope, connection, table);
      const fingerprintOf = (connection: string, table: string) => readFingerprint(file, connection, table);
      await storeCheckpoints(tx, sync, sync.preparation, { covers, fingerprintOf, deferred: deferred > 0 });
    }
    if (sync.preparation?.mode === 'incremental') await noteMovedTargets(tx, sync);
    const left = overtaken + sync.overtaken + sync.deletesWithheld;
    // what a person has kept out comes again with equal files
    const kept = refused + deferred + suppressedIn(sync.counters);
    const errors = await countRejections(tx, sync.no);
    const clean = left + kept === 0 && (errors === 0 || (await isRepeatable(tx, sync)));
    const certified = sync.preparation?.tables.every((table) => table.certified) ?? false;
    const readToItsEnd =
      sync.tasks.includes('synchronize') && certified && sync.preparation?.mode === 'complete' && left + deferred === 0;
    if (readToItsEnd) await clearNeedsComplete(tx, sync);
    if (sync.trigger === 'revert') await settleRevert(tx, sync);
    else await settleWatches(tx, sync, whole && readToItsEnd);
    // another sync may have written since the comparison, or while the export waited; our files do not show that
    const standsForAll =
      whole && clean && certified && undisturbed && sync.tasks.length === 4 && sync.mode === 'complete';
    const base = standsForAll && sync.preparation ? await baseOf(tx, sync, sync.preparation, errors) : null;
    const changed = await row(
      tx,
      `select 1 from syncline.change where ${ofSync(sync.no)} and fate is null
       union all select 1 from syncline.link_change where ${ofSync(sync.no)} and fate is null
       union all select 1 from syncline.managed_change where sync = ? limit 1`,
      [sync.no],
    );
    if (changed)
      await countWrite(
        tx,
        sync,
        sharing.map(({ id }) => id),
        base,
      );
    else if (base) await setUnchangedBase(tx, sync.connector, base);
  }

  /** What this sync has read, as the next complete sync is compared with it. */
  async function baseOf(
    tx: Transaction,
    sync: SyncRow,
    preparation: Preparation,
    errors: number,
  ): Promise<AppliedBase> {
    const { file } = await loadSync(tx, sync.id);
    const catalog = {
      types: await entityTypesOf(tx, sync.connector),
      links: await linkPropertiesOf(tx, sync.connector),
    };
    const leads = leadsOf(file, catalog, await targetTypes(tx));
    return {
      sync: sync.no,
      revision: sync.configRevision,
      version: baseVersion(version),
      ...(errors > 0 ? { errors } : {}),
      // such a link goes with the next sync over the same files
      ...(hasKept(sync) ? { due: true as const } : {}),
      leads: leads.map(({ id, target, by, several }) => ({
        property: id,
        target,
        by,
        ...(several ? { several: true as const } : {}),
      })),
      linked: preparation.linked ?? {},
      tables: preparation.tables.map(({ connection, table, state }) => ({ connection, table, state })),
    };
  }

  /** After a first load the planner has no statistics until autovacuum runs. Readers should not wait for that. */
  async function refreshStatistics({ types, properties }: ApplyResult['grown']): Promise<void> {
    // of keys only: statistics of the attributes cost ten times as much and serve no plan
    for (const type of types) await db.raw(`analyze syncline.resource_${String(type)} (entity_type, key)`);
    for (const property of properties) await db.raw(`analyze syncline.link_${String(property)}`);
  }

  return { applyChanges };
}

/**
 * Whether another sync over the same files, which have errors, would list errors of the same rows and not be held. What a rejected
 * row or an ambiguous value keeps may have another row, which no error names. A sync over the limits of rejected rows, or without
 * rows, is held each time.
 */
async function isRepeatable(tx: Transaction, sync: SyncRow): Promise<boolean> {
  const heldAgain = sync.holds.some(({ code }) => code === 'rejected-rows' || code === 'zero-rows');
  return !heldAgain && sync.overrides === null && !(await hasKeepingErrors(tx, sync.no));
}

/** Whether links stayed since a value that now matches nothing may be the new name of their target. */
const hasKept = (sync: SyncRow): boolean =>
  Object.values(sync.counters).some(({ links }) => Object.values(links).some((each) => each.kept));

/** Link properties of the revision of a sync that match another property than the key of their target. */
async function matchedLinks(tx: Transaction, sync: SyncRow): Promise<MatchedLink[]> {
  const { file } = await loadSync(tx, sync.id);
  return file.entityTypes.flatMap(({ name: entityType, navigationProperties }) =>
    Object.entries(navigationProperties).flatMap(([name, { by }]) =>
      by === undefined ? [] : [{ entityType, name, by }],
    ),
  );
}

const told = (counts: { inserted: number; updated: number; deleted: number }) =>
  `${String(counts.inserted)} inserted, ${String(counts.updated)} updated, ${String(counts.deleted)} deleted`;
