import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { createActivities } from '../activities/index.ts';
import { reconcileSchedules } from '../activities/reconcile-jobs.ts';
import { loadConfig } from '../config.ts';
import { careForKeepers, ensureKeepers } from '../keepers.ts';
import { openDatabase } from '../repository/database.ts';
import { installationId } from '../repository/installation.ts';
import { openProcessLog } from '../process-log.ts';
import { openStore } from '../store/export-store.ts';
import { temporalConnection } from '../temporal-connection.ts';
import { namesOf } from '../workflows/names.ts';
import { AttemptInterceptor } from './attempts.ts';
import { workflowBundle } from './bundle.ts';
import { watchExports } from '../activities/watch-exports.ts';
import { FailureInterceptor } from './failures.ts';
import { createPackages, createWritersOf } from './packages.ts';
import { serveFar } from './serve-far.ts';
import { findForeignWork, tellForeign } from './foreign.ts';
import { scheduleRegister, workflowRegister } from './register.ts';
import { registerSearchAttributes } from './search-attributes.ts';
import { showLife } from './sign-of-life.ts';
import { temporalLogger } from './temporal-logger.ts';

process.title = 'syncline-worker';

const config = loadConfig();
const log = openProcessLog('syncline-worker', config.log);
if (config.temporal.address === undefined) {
  log.fatal('The worker needs SYNCLINE_TEMPORAL_ADDRESS; npm start sets it.');
  process.exit(1);
}
const { version } = JSON.parse(await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  version: string;
};

Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });

if (config.databaseUrl === undefined) {
  await serveFar(config, log);
  process.exit(0);
}
const databaseUrl = config.databaseUrl;
const options = await temporalConnection(config.temporal);
const connection = await NativeConnection.connect(options);
const client = new Client({ connection: await Connection.connect(options), namespace: config.temporal.namespace });
let attributesTold: string | undefined;
const registerAttributes = () =>
  registerSearchAttributes(client, config.temporal.namespace, (message) => {
    if (message !== attributesTold) log.warn(message);
    attributesTold = message;
  });
await registerAttributes();

const db = openDatabase(databaseUrl, { applicationName: 'syncline-worker', poolSize: 16, statementTimeoutMs: 0 });
const names = namesOf(config.installation);
const owner = { names, id: await installation() };
const foreign = await findForeignWork(client, db, owner);
if (foreign) refuse(foreign);

/** Postgres may still be starting, or be migrated. */
async function installation(): Promise<string> {
  for (let told = false; ; told = true) {
    try {
      return await installationId(db);
    } catch (error) {
      if (!told) log.warn({ err: error }, 'the worker cannot read the id of the installation from Postgres, and waits');
      await sleep(1000);
    }
  }
}

function refuse(found: { workflowId: string; owner: string | undefined }): never {
  log.fatal(tellForeign(found, { ...owner, namespace: config.temporal.namespace }));
  process.exit(1);
}

const packages = createPackages(config);
const writers = createWritersOf(config);
const store = openStore(config.exportStore);
const workflows = workflowRegister(client, owner);
const activities = createActivities({
  db,
  databaseUrl,
  store,
  packages,
  writers,
  secretFolders: config.secretFolders,
  version,
  workflows,
  retention: config.retention,
  schedules: scheduleRegister(client, owner),
  jobConcurrency: config.jobConcurrency,
});
const interceptors = {
  activity: [
    (context: Context) => {
      const { activityType: step, taskQueue, attempt, priority } = context.info;
      log.debug({ step, taskQueue, attempt, priority }, 'a step begins');
      const warn = (error: unknown) => {
        log.warn({ err: error }, 'a retry could not be recorded in the sync');
      };
      return { inbound: new AttemptInterceptor(context, db, warn) };
    },
    (context: Context) => ({
      inbound: new FailureInterceptor(context, (error) => log.error({ err: error }, 'a step failed')),
    }),
  ],
};
const shared = {
  connection,
  namespace: config.temporal.namespace,
  activities,
  interceptors,
  shutdownGraceTime: '10 seconds',
};

const queues = Object.entries(config.workerSlots).filter(([, slots]) => slots > 0);
const workers: Worker[] = [];
for (const [taskQueue, slots] of queues)
  workers.push(
    await Worker.create({
      ...shared,
      taskQueue: names.queue(taskQueue),
      ...(taskQueue === 'sync' ? { workflowBundle: await workflowBundle() } : {}),
      maxConcurrentActivityTaskExecutions: slots,
    }),
  );

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    log.info('stopping');
    for (const worker of workers) worker.shutdown();
  });
}

// a worker of another installation that starts at the same moment may have been quicker
const quicker = await ensureKeepers(client, owner, config, { start: true, adjust: true });
if (quicker !== undefined) refuse({ workflowId: names.reconcileWorkflowId, owner: quicker });
const running = Promise.all(workers.map((worker) => worker.run()));
const care = careForKeepers({
  client,
  owner: () => Promise.resolve(owner),
  intervals: config,
  adjust: true,
  // a Temporal that was wiped has lost the search attributes, too
  looked: registerAttributes,
  warn: (error) => {
    log.warn({ err: error }, 'the worker could not check whether reconcile and clean-up run');
  },
});
// reconcile does the same from time to time, but its next run may be far away
await reconcileSchedules({ db, schedules: scheduleRegister(client, owner) }).catch((error: unknown) => {
  log.warn({ err: error }, 'the schedules of the jobs could not be compared with the jobs');
});
const watching = watchExports({ db, store, packages, workflows }, (error) => {
  log.warn({ err: error }, 'the reports of workers without a database could not be copied');
});
log.info({ queues: Object.fromEntries(queues) }, 'ready');
const endSigns = showLife(config.dataDir, workers, (error) => {
  log.warn({ err: error }, 'no sign of life could be written: a health check of the worker will fail');
});
await running;
endSigns();
care.stop();
await watching.stop();
await db.destroy();
await connection.close();
process.exit(0);
