import { v7 as uuidv7 } from 'uuid';
import type { ExecutionView } from '../repository/execution-views.ts';
import { insertExecution, setExecutionRun, withdrawExecution } from '../repository/executions.ts';
import { installationId } from '../repository/installation.ts';
import type { runJob } from '../workflows/index.ts';
import type { JobInput } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway } from './failures.ts';
import { requireOwnNames } from './own-names.ts';
import { requireExecution } from './job-body.ts';

const patience = 10_000;

/**
 * Records an execution that a person asks for and starts its workflow, which claims the job like a scheduled one.
 * @throws Problem `workflow-id-taken`, `unavailable`
 */
export async function startExecution(deps: Dependencies, job: string, by: string): Promise<ExecutionView> {
  requireOwnNames(deps);
  const installation = await installationId(deps.db);
  const id = uuidv7();
  const workflowId = deps.names.jobRunWorkflowId(job, id);
  await insertExecution(deps.db, {
    id,
    job,
    trigger: 'manual',
    startedBy: by,
    workflowId,
    runId: null,
    scheduledAt: null,
  });
  const input: JobInput = { job, executionId: id };
  try {
    const handle = await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
      deps.temporal.workflow.start<typeof runJob>('runJob', {
        workflowId,
        taskQueue: deps.names.taskQueues.sync,
        memo: { installation },
        args: [input],
        staticSummary: `The job ${job}, run by hand`,
      }),
    );
    await setExecutionRun(deps.db, id, handle.firstExecutionRunId);
  } catch (error) {
    // if Temporal did not answer, the workflow may still have started: its first step, or reconcile, records this
    if (!(isTemporalAway(error) && (await isStarted(deps, workflowId)))) {
      await withdrawExecution(deps.db, id);
      throw error;
    }
  }
  return requireExecution(deps.db, id);
}

async function isStarted(deps: Dependencies, workflowId: string): Promise<boolean> {
  try {
    await deps.temporal.connection.withDeadline(Date.now() + 1_000, () =>
      deps.temporal.workflow.getHandle(workflowId).describe(),
    );
    return true;
  } catch {
    return false;
  }
}
