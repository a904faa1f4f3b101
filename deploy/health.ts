import proto from '@temporalio/proto';
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadConfig, type Config } from '../config.ts';
import { namesOf } from '../workflows/names.ts';
import { temporalConnection } from '../temporal-connection.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

/**
 * The health check of a container, `health.ts api` or `health.ts worker`: ends with 0 where the process beside it is of
 * use, else says why and ends with 1.
 */

/** The process alone: starting it again does not bring back a Temporal that is away. `/readyz` says whether syncs can run. */
async function checkApi(config: Config): Promise<void> {
  const url = `http://127.0.0.1:${String(config.api.port)}/healthz`;
  const response = await fetch(url, { signal: AbortSignal.timeout(8000) });
  if (!response.ok) throw new Error(`/healthz answers ${String(response.status)}`);
}

/** Temporal knows a poller of this machine on every queue that it serves. */
async function checkWorker(config: Config): Promise<void> {
  const names = namesOf(config.installation);
  const connection = await Connection.connect({ ...(await temporalConnection(config.temporal)), connectTimeout: 8000 });
  try {
    for (const [name] of Object.entries(config.workerSlots).filter(([, slots]) => slots > 0)) {
      const { pollers } = await connection.withDeadline(Date.now() + 8000, () =>
        connection.workflowService.describeTaskQueue({
          namespace: config.temporal.namespace,
          taskQueue: { name: names.queue(name) },
          // workflows are polled for on the one queue, activities on all
          taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        }),
      );
      if (!pollers.some(({ identity }) => identity?.endsWith(`@${hostname()}`)))
        throw new Error(`no worker of ${hostname()} polls the task queue ${names.queue(name)}`);
    }
  } finally {
    await connection.close();
  }
}

const checks: Record<string, (config: Config) => Promise<void>> = { api: checkApi, worker: checkWorker };

try {
  const check = checks[process.argv[2] ?? ''];
  if (!check) throw new Error('say what to check: health.ts api, or health.ts worker');
  await check(loadConfig());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
