import { hasIncremental } from '../connectors/registry.ts';
import { decideClaim } from '../domain/claim.ts';
import { executionStatus } from '../domain/execution-status.ts';
import { allConnectors, type ExecutionEnd, type LeftOut } from '../domain/job.ts';
import { linkOrder, type Step } from '../domain/link-order.ts';
import { hasManaged } from '../domain/managed.ts';
import type { SyncMode } from '../domain/sync.ts';
import type { Queryable } from '../repository/database.ts';
import {
  beginExecution,
  connectorsOfJob,
  endExecution,
  executionIn,
  findExecution,
  insertExecution,
  insertPlan,
  markWaiting,
  remainingSteps,
  resultsOf,
  setExecutionRun,
  settleRest,
  settleResults,
  type ExecutionRow,
  type JobConnector,
  type PlannedResult,
  type SettledResult,
} from '../repository/executions.ts';
import { installationId } from '../repository/installation.ts';
import { quarantinesOf } from '../repository/quarantine.ts';
import { coverUntil, findJob, lockJob, type JobRow } from '../repository/jobs.ts';
import type { Dependencies } from './dependencies.ts';

/** What an execution asks with; small words only, since it is in the history. */
export interface ClaimWish {
  executionId: string;
  job: string;
  workflowId: string;
  runId: string;
  /** When the schedule wanted it, null if a person asked; RFC 3339. */
  scheduledAt: string | null;
  /** The workflow's clock, which is that of the schedule. */
  now: string;
}

export type { SettledResult };

export type ClaimState = 'run' | 'wait' | { ended: ExecutionEnd };

/** What an execution does next: the connectors, each with those that it waits for. */
export interface ExecutionPlan {
  steps: Step[];
  /** There are more after these. */
  more: boolean;
  mode: SyncMode;
  managedOnly: boolean;
  /** How many connectors at once. */
  concurrency: number;
  /** UUID of the installation; absent in messages of older versions. */
  installation?: string;
  /** Who ran the job by hand; left out if its schedule ran it. */
  startedBy?: string;
}

/** Connectors of one run of the workflow, so that its history stays short for a job of any size. */
const stepsAtOnce = 250;

export function createExecutionActivities({ db, jobConcurrency }: Dependencies) {
  /**
   * Claims the job's row for an execution, and records the execution if it is not recorded. A repeat gives the same
   * answer until something has changed. An execution that waits asks again.
   */
  async function claimExecution(wish: ClaimWish): Promise<ClaimState> {
    return db.transaction(async (tx) => {
      const job = await lockJob(tx, wish.job);
      await insertExecution(tx, {
        id: wish.executionId,
        job: wish.job,
        trigger: 'scheduled',
        startedBy: 'system',
        workflowId: wish.workflowId,
        runId: wish.runId,
        scheduledAt: wish.scheduledAt,
      });
      await setExecutionRun(tx, wish.executionId, wish.runId);
      const execution = await findExecution(tx, wish.executionId);
      if (execution?.status === 'running') return 'run';
      if (execution && !['queued', 'waiting'].includes(execution.status))
        return { ended: execution.status as ExecutionEnd };
      const answer = decideClaim(job && { ...job, ...(await others(tx, wish)) }, wish.scheduledAt);
      if (answer.kind === 'skip') {
        await endExecution(tx, wish.executionId, 'skipped', answer.reason, answer.met);
        return { ended: 'skipped' };
      }
      if (answer.kind === 'wait') {
        await markWaiting(tx, wish.executionId, answer.met);
        return 'wait';
      }
      await beginExecution(tx, wish.executionId, job as JobRow);
      // a person's run takes no time of the schedule
      if (wish.scheduledAt !== null) await coverUntil(tx, wish.job, wish.now, wish.executionId);
      return 'run';
    });
  }

  async function others(tx: Queryable, { job, executionId }: ClaimWish) {
    return {
      running: (await executionIn(tx, job, 'running', executionId))?.id ?? null,
      waiting: (await executionIn(tx, job, 'waiting', executionId))?.id ?? null,
    };
  }

  /** Plans an execution if that is still to be done, and returns the connectors that are next. */
  async function planExecution(executionId: string): Promise<ExecutionPlan> {
    const execution = await findExecution(db, executionId);
    // the database was restored to an earlier state and no longer has the row: there is nothing to do
    if (!execution) return { steps: [], more: false, mode: 'complete', managedOnly: false, concurrency: 1 };
    if (!execution.planned)
      await db.transaction(async (tx) => {
        const job = await findJob(tx, execution.job);
        const connectors = job ? await connectorsFor(tx, job.connectors) : [];
        await insertPlan(tx, executionId, planOf(connectors, execution, await quarantined(tx, connectors, execution)));
      });
    const steps = await remainingSteps(db, executionId, stepsAtOnce + 1);
    return {
      steps: steps.slice(0, stepsAtOnce),
      more: steps.length > stepsAtOnce,
      mode: execution.mode ?? 'complete',
      managedOnly: execution.managedOnly,
      concurrency: jobConcurrency,
      installation: await installationId(db),
      ...(execution.trigger === 'manual' ? { startedBy: execution.startedBy } : {}),
    };
  }

  /**
   * Connectors whose scheduled syncs of this mode keep failing, with the reason. A job that a person runs takes all
   * connectors.
   */
  async function quarantined(
    tx: Queryable,
    connectors: (JobConnector | { name: string })[],
    execution: Pick<ExecutionRow, 'trigger' | 'mode'>,
  ): Promise<Map<string, string>> {
    const reasons = new Map<string, string>();
    if (execution.trigger === 'manual') return reasons;
    for (const connector of connectors) {
      const all = 'id' in connector && connector.active ? await quarantinesOf(tx, connector.id) : {};
      const found = all[execution.mode ?? 'complete'];
      if (found) reasons.set(connector.name, found.reason);
    }
    return reasons;
  }

  /** The connectors of the job, and the names in it that no connector has. */
  async function connectorsFor(tx: Queryable, names: string[]): Promise<(JobConnector | { name: string })[]> {
    if (names.includes(allConnectors)) return connectorsOfJob(tx, 'all');
    const found = await connectorsOfJob(tx, names);
    const known = new Set(found.map(({ name }) => name));
    return [...found, ...names.filter((name) => !known.has(name)).map((name) => ({ name }))];
  }

  /** Records how connectors came out. A repeat writes the same. */
  async function recordResults(executionId: string, results: SettledResult[]): Promise<void> {
    await settleResults(db, executionId, results);
  }

  /**
   * Ends an execution; how, its results say. A repeat changes nothing.
   * @returns how it ended, and the workflow of the execution that has waited for it
   */
  async function finishExecution(
    executionId: string,
    instead: { status: 'failed' | 'cancelled'; reason: string | null } | null,
  ): Promise<{ status: ExecutionEnd; next: string | null }> {
    return db.transaction(async (tx) => {
      const execution = await findExecution(tx, executionId);
      if (!execution) return { status: instead?.status ?? 'failed', next: null };
      await lockJob(tx, execution.job);
      const { status, reason } = await closeExecution(tx, executionId, instead);
      const next = await executionIn(tx, execution.job, 'waiting', executionId);
      return {
        status: (await endExecution(tx, executionId, status, reason)) ? status : (execution.status as ExecutionEnd),
        next: next?.workflowId ?? null,
      };
    });
  }

  return { claimExecution, planExecution, recordResults, finishExecution };
}

/** Settles what is open of its results. @returns how it ends and why */
export async function closeExecution(
  tx: Queryable,
  executionId: string,
  instead: { status: 'failed' | 'cancelled'; reason: string | null } | null,
): Promise<{ status: ExecutionEnd; reason: string | null }> {
  await settleRest(tx, executionId);
  if (instead) return instead;
  const results = await resultsOf(tx, executionId);
  const status = executionStatus(results);
  return { status, reason: status === 'skipped' ? (results.length === 0 ? 'no-connectors' : 'nothing-started') : null };
}

/** Deactivated connectors are in no job. The other connectors that are left out have a reason. */
function planOf(
  connectors: (JobConnector | { name: string })[],
  execution: Pick<ExecutionRow, 'mode' | 'managedOnly'>,
  quarantine: ReadonlyMap<string, string>,
): PlannedResult[] {
  const taken: { name: string; file: NonNullable<JobConnector['file']> }[] = [];
  const leftOut: PlannedResult[] = [];
  for (const connector of connectors) {
    if ('active' in connector && !connector.active) continue;
    const why = quarantine.get(connector.name);
    const reason = leftOutFor(connector, execution) ?? (why === undefined ? null : (`quarantined: ${why}` as const));
    if (reason !== null) leftOut.push({ connector: connector.name, after: [], leftOut: reason });
    else if ('file' in connector && connector.file) taken.push({ name: connector.name, file: connector.file });
  }
  return [...linkOrder(taken).map((step) => ({ ...step, leftOut: null })), ...leftOut];
}

function leftOutFor(
  connector: JobConnector | { name: string },
  execution: Pick<ExecutionRow, 'mode' | 'managedOnly'>,
): LeftOut | null {
  if (!('file' in connector)) return 'no-connector';
  if (!connector.file) return 'no-revision';
  if (execution.mode === 'incremental' && !hasIncremental(connector.file)) return 'no-incremental-mode';
  if (execution.managedOnly && !hasManaged(connector.file)) return 'no-managed-resources';
  return null;
}
