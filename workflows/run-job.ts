import {
  CancellationScope,
  TemporalFailure,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { ExecutionPlan, SettledResult } from '../activities/executions.ts';
import type { ExecutionEnd } from '../domain/job.ts';
import { syncIdAt } from '../domain/sync-id.ts';
import { childSyncs, type ChildOutcome } from './child-sync.ts';
import { jobFreeSignal, type JobInput } from './messages.ts';
import { scheduledStartTime } from './names.ts';
import { names } from './own-names.ts';

const recording = (summary: string) =>
  proxyActivities<Activities>({
    taskQueue: names.taskQueues.sync,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
    summary,
  });
const { claimExecution } = recording('Claim the job');
const { planExecution } = recording('Plan the connectors in the order of their links');
const { recordResults } = recording('Record how connectors came out');
const { finishExecution } = recording('Record how the execution ended');

/** Minutes until a waiting execution asks again by itself. It gets a signal when its turn comes, unless the other execution
 * was lost. */
const patience = [1, 2, 4, 8, 15];

/**
 * One execution of a job: claims the job, starts a sync of each connector in the order of their links, several at once, and
 * ends when each has ended or is held. It passes ids, names of connectors and small words.
 */
export async function runJob(input: JobInput): Promise<{ status: ExecutionEnd }> {
  const sync = childSyncs();
  const turn = { has: false };
  setHandler(jobFreeSignal, () => {
    turn.has = true;
  });
  const executionId = input.executionId ?? syncIdAt(Date.now(), uuid4());
  try {
    if (!input.claimed) {
      const claimed = await claim(input, executionId, turn);
      if (claimed !== 'run') {
        setCurrentDetails(`**${claimed.ended}**: execution \`${executionId}\` of the job \`${input.job}\``);
        return { status: claimed.ended };
      }
    }
    const plan = await planExecution(executionId);
    await takeSteps(input.job, executionId, plan, sync);
    if (plan.more) return await continueAsNew<typeof runJob>({ job: input.job, executionId, claimed: true });
    return await finish(input.job, executionId, null);
  } catch (error) {
    if (isCancellation(error)) {
      await CancellationScope.nonCancellable(() =>
        finish(input.job, executionId, { status: 'cancelled', reason: null }),
      );
      throw error;
    }
    if (error instanceof TemporalFailure)
      await finish(input.job, executionId, { status: 'failed', reason: 'internal' });
    throw error;
  }
}

/** Asks for the job until the execution has it, or must not run. */
async function claim(
  input: JobInput,
  executionId: string,
  turn: { has: boolean },
): Promise<'run' | { ended: ExecutionEnd }> {
  const { workflowId, runId, typedSearchAttributes } = workflowInfo();
  const scheduledAt = input.executionId === undefined ? typedSearchAttributes.get(scheduledStartTime) : undefined;
  for (let asked = 0; ; asked++) {
    const answer = await claimExecution({
      executionId,
      job: input.job,
      workflowId,
      runId,
      scheduledAt: scheduledAt?.toISOString() ?? null,
      now: new Date(Date.now()).toISOString(),
    });
    if (answer !== 'wait') return answer;
    setCurrentDetails(`**waiting** for another execution of the job \`${input.job}\` to end`);
    await condition(() => turn.has, (patience[Math.min(asked, patience.length - 1)] ?? 1) * 60_000);
    turn.has = false;
  }
}

/** Synchronises connectors, each when those that it waits for are settled and a slot is free. */
async function takeSteps(
  job: string,
  executionId: string,
  { steps, mode, managedOnly, concurrency, installation, startedBy }: ExecutionPlan,
  sync: ReturnType<typeof childSyncs>,
): Promise<void> {
  const results = recorder(executionId);
  const waiting = [...steps];
  const unsettled = new Set(steps.map(({ connector }) => connector));
  const running = new Map<string, Promise<void>>();
  const scope = managedOnly ? { scope: { managedOnly: true as const } } : {};
  const asked =
    startedBy === undefined
      ? ({ trigger: 'scheduled', priority: 'low' } as const)
      : ({ trigger: 'manual', priority: 'normal', syncedBy: startedBy } as const);
  const settle = async (connector: string) => {
    try {
      return resultOf(connector, await sync({ connector, mode, ...asked, job, executionId, installation, ...scope }));
    } catch (error) {
      // a sync that cannot be started must not stop the others
      if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
      return { ...unknownResult(connector), status: 'failed' as const, reason: 'internal' };
    }
  };
  const take = async (connector: string): Promise<void> => {
    results.add(await settle(connector));
    unsettled.delete(connector);
    running.delete(connector);
  };
  while (unsettled.size > 0) {
    while (running.size < concurrency) {
      const ready = waiting.findIndex(({ after }) => !after.some((each) => unsettled.has(each)));
      const [step] = ready < 0 ? [] : waiting.splice(ready, 1);
      if (!step) break;
      running.set(step.connector, take(step.connector));
    }
    setCurrentDetails(
      `**running**: ${String(steps.length - unsettled.size)} of ${String(steps.length)} connectors are settled` +
        [...running.keys()].map((connector) => `\n- \`${connector}\``).join(''),
    );
    await Promise.race(running.values());
  }
  await results.told();
}

/** Records results, all that have come since the last time at once. */
function recorder(executionId: string) {
  const untold: SettledResult[] = [];
  let telling: Promise<void> | undefined;
  async function tell(): Promise<void> {
    while (untold.length > 0) await recordResults(executionId, untold.splice(0));
    telling = undefined;
  }
  return {
    add(result: SettledResult): void {
      untold.push(result);
      telling ??= tell();
    },
    async told(): Promise<void> {
      await telling;
    },
  };
}

const unknownResult = (connector: string) => ({
  connector,
  syncId: null,
  reason: null,
  metSync: null,
  metStatus: null,
});

/** The result of a skipped connector says why, and names the other sync. */
function resultOf(connector: string, outcome: ChildOutcome): SettledResult {
  const result = { ...unknownResult(connector), syncId: outcome.syncId, status: outcome.status };
  if ('refused' in outcome) return { ...result, reason: outcome.refused };
  if (!('met' in outcome)) return result;
  const { met } = outcome;
  if (!met) return { ...result, reason: 'sync-running' };
  return {
    ...result,
    reason: `sync-${met.status === 'held' ? 'held' : 'running'}: ${met.syncId}`,
    metSync: met.syncId,
    metStatus: met.status,
  };
}

/** Ends the execution, and signals the waiting one that its turn has come. */
async function finish(
  job: string,
  executionId: string,
  instead: { status: 'failed' | 'cancelled'; reason: string | null } | null,
): Promise<{ status: ExecutionEnd }> {
  const { status, next } = await finishExecution(executionId, instead);
  setCurrentDetails(`**${status}**: execution \`${executionId}\` of the job \`${job}\``);
  if (next)
    try {
      await getExternalWorkflowHandle(next).signal(jobFreeSignal);
    } catch {
      // the waiting execution has ended, or asks again by itself
    }
  return { status };
}
