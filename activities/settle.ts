import { amount } from '../domain/amount.ts';
import { byName } from '../domain/chosen-names.ts';
import { reached } from '../domain/marked-points.ts';
import { timesOf, timesIn, type ReviewTimes } from '../domain/review/times.ts';
import {
  hasEnded,
  type Counters,
  type DecidedAction,
  type SyncFailure,
  type SyncStatus,
  type Waiting,
} from '../domain/sync.ts';
import { endOf } from '../domain/sync-end.ts';
import { taskOf } from '../domain/task-results.ts';
import { entityTypesOf, linkPropertiesOf } from '../repository/catalog.ts';
import { findUnchangedBase } from '../repository/applied-base.ts';
import { findRevision, lockConnectorRow } from '../repository/connectors.ts';
import type { Transaction } from '../repository/database.ts';
import { acceptedDecision } from '../repository/decisions.ts';
import { endSync } from '../repository/end-sync.ts';
import { seeErrors } from '../repository/open-errors.ts';
import { dropStaging } from '../repository/staging.ts';
import { countLinks, countResources } from '../repository/stored.ts';
import { repeatErrors } from '../repository/row-errors.ts';
import { previousSync } from '../repository/summary/earlier.ts';
import { logSync } from '../repository/sync-log.ts';
import {
  changeStatus,
  countRejections,
  findSyncByNumber,
  leavePhase,
  lockOpenSync,
  lockSync,
  markApplied,
  updateSync,
  type ExportReference,
  type SyncRow,
} from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { writeErrorFile } from './error-file.ts';
import { whileBeating } from './heartbeat.ts';

/** The status of a sync that was to be held. */
export interface HoldOutcome {
  status: SyncStatus;
  /** The decision that was made already, if the workflow of the sync runs this step a second time. */
  decided: DecidedAction | null;
  /** The digest that it names. Absent in histories of earlier versions. */
  digest?: string | null;
  /** When the timers of the hold are due, by the revision of the sync. Absent in histories of earlier versions. */
  times?: ReviewTimes;
}

export function createSettleActivities(dependencies: Dependencies) {
  const { db, version } = dependencies;

  /** Names the completed export. A repeat writes the same; once the sync has its change set it changes nothing. */
  async function recordExport(syncId: string, attempts: ExportReference['attempts']): Promise<void> {
    await db.transaction(async (tx) => {
      const sync = await lockOpenSync(tx, syncId);
      if (sync.digest !== null) return;
      await updateSync(tx, sync.no, { exportRef: { syncId, attempts } });
      await leavePhase(tx, sync.no, 'export');
    });
  }

  /**
   * Holds a sync that has a change set. A repeat changes nothing; nor does a step that hung until the sync had been decided
   * on, or had ended.
   */
  async function holdSync(syncId: string): Promise<HoldOutcome> {
    return whileBeating(async () => {
      const outcome = await db.transaction(async (tx): Promise<HoldOutcome> => {
        const sync = await lockSync(tx, syncId);
        if (!sync) return { status: 'failed', decided: null };
        const winner = await acceptedDecision(tx, sync.no);
        const decided = winner?.action ?? null;
        if (hasEnded(sync.status) || winner) return { status: sync.status, decided, digest: winner?.digest ?? null };
        // restored to an earlier state: there is nothing that could be decided on
        if (sync.digest === null || sync.applied) return { status: sync.status, decided };
        if (sync.status === 'held') return { status: 'held', decided, times: timesIn(sync.waitingFor) };
        const since = new Date();
        const revision = await findRevision(tx, sync.connector, sync.configRevision);
        const times = timesOf(revision?.file.review, since);
        const waitingFor: Waiting = { reason: 'approval', since: since.toISOString(), stage: 'waiting', ...times };
        await updateSync(tx, sync.no, { waitingFor });
        // the sync may wait for days, so its errors are recorded as open now
        await seeErrors(tx, sync);
        await changeStatus(tx, sync.no, 'held');
        for (const { message } of sync.holds)
          await logSync(tx, sync.no, taskOf(sync, 'synchronize'), 'warn', `Held: ${message}`);
        await tellPrevious(tx, sync);
        return { status: 'held', decided, times };
      });
      await reached('hold/recorded');
      return outcome;
    });
  }

  /** Says once a day that the same changes were found before. The reason of a decision is a person's words, so it is not logged. */
  async function tellPrevious(tx: Transaction, sync: SyncRow): Promise<void> {
    const previous = await previousSync(tx, sync);
    if (!previous?.tell) return;
    const { syncId, status } = previous;
    const words = `The sync ${syncId} had the same changes. Its status is ${status}.`;
    await logSync(tx, sync.no, taskOf(sync, 'synchronize'), 'warn', words);
  }

  /**
   * Ends the sync in the tables and drops its staging, unless a later task is to take it. The end is judged by the row
   * under its lock. A repeat, or an end that another was first to record, changes nothing.
   * @returns the status that Postgres has
   */
  async function finishSync(syncId: string, wished: SyncStatus, failure: SyncFailure | null): Promise<SyncStatus> {
    return whileBeating(async () => {
      await reached('settle/begun');
      const ended = await db.transaction(async (tx) => {
        const sync = await lockSync(tx, syncId);
        if (!sync || hasEnded(sync.status)) return sync;
        return { ...sync, status: await endAs(tx, sync, wished, failure) };
      });
      await reached('settle/ended');
      // the database was restored to an earlier state and no longer has the row
      if (!ended) return 'failed';
      const { status, preparation } = ended;
      const keeps = status.startsWith('completed') && preparation !== null && !preparation.consumed;
      if (!keeps) await dropStaging(db, ended.no);
      return status;
    });
  }

  async function endAs(
    tx: Transaction,
    sync: SyncRow,
    wished: SyncStatus,
    failed: SyncFailure | null,
  ): Promise<SyncStatus> {
    const { status, failure } = endOf({ ...sync, rejections: await countRejections(tx, sync.no) }, wished, failed);
    await endSync(tx, sync, { status, failure });
    await logSync(
      tx,
      sync.no,
      null,
      failure ? 'error' : 'info',
      failure ? `Failed: ${failure.code}. ${failure.message}` : `Ended: ${status}.`,
    );
    return status;
  }

  /**
   * Ends a sync whose files are those of the last applied one, in one transaction: there is nothing to compare or apply.
   * @returns the status that Postgres has; `changed` if another sync has written since the files were compared, so that
   * equal files do not show that nothing has changed
   */
  async function settleUnchanged(syncId: string): Promise<SyncStatus | 'changed'> {
    return whileBeating(async () => {
      const ended = await db.transaction(async (tx) => {
        const sync = await lockSync(tx, syncId);
        if (!sync) return 'failed';
        if (hasEnded(sync.status)) return sync;
        // the same locks as in apply, so that another sync writes either before or after
        await lockConnectorRow(tx, sync.connector);
        const base = await findUnchangedBase(tx, sync.connector, sync.configRevision, version);
        if (!base || sync.dryRun || sync.digest !== null) return 'changed';
        const errors = await repeatErrors(tx, sync.no, base.sync);
        const read = errors > 0 ? (await findSyncByNumber(tx, base.sync))?.counters : undefined;
        const counters = await unchangedCounters(tx, sync.connector, read);
        await updateSync(tx, sync.no, { counters, changeCount: 0 });
        await markApplied(tx, sync.no);
        await logSync(
          tx,
          sync.no,
          taskOf(sync, 'export'),
          'info',
          'The files are the same as in the last applied complete sync, so nothing changed' +
            (errors > 0
              ? ` and ${errors === 1 ? 'its error is' : `its ${amount(errors, 'error')} are`} listed again.`
              : '.'),
        );
        return { ...sync, status: await endAs(tx, { ...sync, applied: true }, 'completed', null) };
      });
      if (typeof ended === 'string') return ended;
      await writeErrorFile(dependencies, ended);
      return ended.status;
    });
  }

  /** @param read the counters of the sync that read the same files, where some of their rows have errors */
  async function unchangedCounters(tx: Transaction, connector: number, read?: Counters): Promise<Counters> {
    const counters: Counters = byName();
    const links = (await linkPropertiesOf(tx, connector)).filter((link) => !link.retired);
    for (const type of (await entityTypesOf(tx, connector)).filter((each) => !each.retired)) {
      const stored = await countResources(tx, type.id);
      const own: Counters[string]['links'] = byName();
      for (const link of links.filter((each) => each.entityType === type.id))
        own[link.name] = {
          stored: (own[link.name]?.stored ?? 0) + (await countLinks(tx, link.id)),
          inserted: 0,
          updated: 0,
          deleted: 0,
          rejected: read?.[type.name]?.links[link.name]?.rejected ?? 0,
        };
      const { read: rows = 0, rejected = 0, duplicates = 0, filtered = 0 } = read?.[type.name] ?? {};
      counters[type.name] = {
        stored,
        inserted: 0,
        updated: 0,
        deleted: 0,
        unchanged: stored,
        read: rows,
        rejected,
        duplicates,
        filtered,
        links: own,
      };
    }
    return counters;
  }

  return { recordExport, holdSync, finishSync, settleUnchanged };
}
