import { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createFromRequestActivities } from '../activities/from-request.ts';
import type { Config } from '../config.ts';
import { centralQueues } from '../domain/task-queues.ts';
import { openStore } from '../store/export-store.ts';
import { temporalConnection } from '../temporal-connection.ts';
import { namesOf } from '../workflows/names.ts';
import { FailureInterceptor } from './failures.ts';
import { createPackages } from './packages.ts';
import { showLife } from './sign-of-life.ts';

/**
 * A worker without a database: it reads the sources of connections that name a task queue of their own, and needs only Temporal and the
 * export store. Workers with the database do the rest.
 */
export async function serveFar(config: Config, log: Logger): Promise<void> {
  const queues = Object.entries(config.workerSlots).filter(
    ([queue, slots]) => slots > 0 && !centralQueues.some((each) => each === queue),
  );
  if (queues.length === 0) {
    log.fatal(
      'The worker has no SYNCLINE_DATABASE_URL (or PG*). Without a database it only reads connections with a taskQueue of their own: name their queues in SYNCLINE_WORKER_SLOTS, for example dmz=4.',
    );
    process.exit(1);
  }
  const connection = await NativeConnection.connect(await temporalConnection(config.temporal));
  const names = namesOf(config.installation);
  const activities = createFromRequestActivities({
    store: openStore(config.exportStore),
    packages: createPackages(config),
    secretFolders: config.secretFolders,
  });
  const workers: Worker[] = [];
  for (const [taskQueue, slots] of queues)
    workers.push(
      await Worker.create({
        connection,
        namespace: config.temporal.namespace,
        activities,
        interceptors: {
          activity: [
            (context) => ({
              inbound: new FailureInterceptor(context, (error) => log.error({ err: error }, 'a step failed')),
            }),
          ],
        },
        shutdownGraceTime: '10 seconds',
        taskQueue: names.queue(taskQueue),
        maxConcurrentActivityTaskExecutions: slots,
      }),
    );
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      log.info('stopping');
      for (const worker of workers) worker.shutdown();
    });
  const running = Promise.all(workers.map((worker) => worker.run()));
  log.info({ queues: Object.fromEntries(queues) }, 'ready');
  const endSigns = showLife(config.dataDir, workers, (error) => {
    log.warn({ err: error }, 'no sign of life could be written: a health check of the worker will fail');
  });
  await running;
  endSigns();
  await connection.close();
}
