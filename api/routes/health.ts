import proto from '@temporalio/proto';
import { z } from 'zod';
import { row } from '../../repository/database.ts';
import { pendingMigrations } from '../../repository/migrate.ts';
import type { Dependencies } from '../dependencies.ts';
import { requireOwnNames } from '../own-names.ts';
import { route } from '../route.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

const patience = 3_000;

interface Check {
  ok: boolean;
  message: string;
}

async function checked(look: () => Promise<string>): Promise<Check> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error('no answer within 3 seconds'));
    }, patience).unref();
  });
  try {
    return { ok: true, message: await Promise.race([look(), late]) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown error' };
  }
}

/** The parts that syncs need, each with a check. */
async function readiness(deps: Dependencies): Promise<Record<string, Check>> {
  const { namespace } = deps.config.temporal;
  const service = deps.temporal.workflowService;
  const [temporal, postgres, fileStore, worker] = await Promise.all([
    checked(async () => {
      await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
        service.describeNamespace({ namespace }),
      );
      return `namespace ${namespace}`;
    }),
    checked(async () => {
      await row(deps.reserve, 'select 1');
      const pending = await pendingMigrations(deps.reserve);
      if (pending.length > 0) throw new Error(`migrations are missing: ${pending.join(', ')}`);
      return 'reachable, migrated';
    }),
    checked(async () => {
      await deps.store.check();
      return 'writable';
    }),
    checked(async () => {
      requireOwnNames(deps);
      const { pollers } = await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
        service.describeTaskQueue({
          namespace,
          taskQueue: { name: deps.names.taskQueues.sync },
          taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        }),
      );
      if (pollers.length === 0) throw new Error(`no worker polls the task queue ${deps.names.taskQueues.sync}`);
      return 'polling';
    }),
  ]);
  return { temporal, postgres, fileStore, worker };
}

const checkSchema = z.object({ ok: z.boolean(), message: z.string() });
const readySchema = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.object({ temporal: checkSchema, postgres: checkSchema, fileStore: checkSchema, worker: checkSchema }),
});

export const healthRoute = route({
  method: 'get',
  path: '/healthz',
  tag: 'operation',
  summary: 'Whether the process is alive',
  answers: {
    200: { description: 'The process is alive', schema: z.object({ status: z.literal('ok'), version: z.string() }) },
  },
  handle: ({ deps }) => Promise.resolve({ status: 200, body: { status: 'ok', version: deps.version } }),
});

export const readyRoute = route({
  method: 'get',
  path: '/readyz',
  tag: 'operation',
  summary: 'Whether syncs can run: Temporal, Postgres, file store, worker',
  answers: {
    200: { description: 'Syncs can run', schema: readySchema },
    503: { description: 'Syncs cannot run; the checks say why', schema: readySchema },
  },
  async handle({ deps }) {
    const checks = await readiness(deps);
    const ready = Object.values(checks).every((check) => check.ok);
    return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not-ready', checks } };
  },
});
