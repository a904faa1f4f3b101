import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { z } from 'zod';
import { entryOf } from '../local/built.ts';
import { startNodeChild } from '../local/node-child.ts';
import { freePort } from '../local/ports.ts';
import { commandLine } from '../local/process-identity.ts';
import { launch, type RunningProcess } from '../local/process.ts';
import { Api } from './api.ts';
import { childEnvironment } from './environment.ts';

const root = join(import.meta.dirname, '..');
const childrenSchema = z.array(z.object({ name: z.string(), pid: z.int() }));

/** What the configuration knows besides what is set below; empty, so that a `.env` of the checkout changes nothing. */
const unset = [
  ...['API_HOST', 'TRUST_NETWORK', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY', 'TEMPORAL_TLS_CA'],
  ...['TEMPORAL_TLS_CERT', 'TEMPORAL_TLS_KEY', 'TEMPORAL_TLS_SERVER_NAME', 'EXPORT_STORE', 'LOG_LEVEL', 'URL'],
  ...['RECONCILE_SECONDS', 'POSTGRES_PORT'],
];

/** The product as `npm start` starts it, with a data folder of its own, on a database that it is given. */
export class Product {
  readonly api: Api;
  readonly temporal: Client;
  readonly databaseUrl: string;
  readonly files: string;
  readonly #dataDir: string;
  readonly #process: RunningProcess;
  readonly #output: Output;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #workers: RunningProcess[] = [];
  #stopped: Promise<void> | undefined;

  private constructor(
    dataDir: string,
    files: string,
    databaseUrl: string,
    temporal: Client,
    running: RunningProcess,
    output: Output,
    environment: NodeJS.ProcessEnv,
  ) {
    this.#environment = environment;
    this.#dataDir = dataDir;
    this.files = files;
    this.api = new Api(output.address);
    this.databaseUrl = databaseUrl;
    this.temporal = temporal;
    this.#process = running;
    this.#output = output;
  }

  /** @param folder of this product alone: its data, and beside them the files that its connectors read */
  static async start(folder: string, databaseUrl: string, more: Record<string, string> = {}): Promise<Product> {
    const [dataDir, files] = [join(folder, 'data'), join(folder, 'files')];
    await mkdir(files, { recursive: true });
    const temporalPort = await freePort();
    const environment = childEnvironment({
      ...Object.fromEntries(unset.map((name) => [`SYNCLINE_${name}`, ''])),
      SYNCLINE_DATA_DIR: dataDir,
      SYNCLINE_DATABASE_URL: databaseUrl,
      SYNCLINE_API_PORT: '0',
      SYNCLINE_TEMPORAL_PORT: String(temporalPort),
      SYNCLINE_TEMPORAL_UI_PORT: '0',
      SYNCLINE_FILE_ROOTS: files,
      SYNCLINE_EXAMPLES: 'false',
      SYNCLINE_LOG_FORMAT: 'json',
      ...more,
    });
    const running = await launch({
      command: process.execPath,
      args: ['--import', 'tsx', join(root, 'local', 'start.ts')],
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      stopWith: [['SIGTERM', 60_000]],
    });
    try {
      const output = await untilReady(running);
      const address = `127.0.0.1:${String(temporalPort)}`;
      const client = new Client({ connection: await Connection.connect({ address }) });
      const own = { ...environment, SYNCLINE_TEMPORAL_ADDRESS: address };
      const product = new Product(dataDir, files, databaseUrl, client, running, output, own);
      // no sync that a schedule starts comes into what is measured
      const { items } = await product.api.call<{ items: { name: string }[] }>('GET', '/v1/jobs');
      for (const { name } of items) await product.api.call('DELETE', `/v1/jobs/${name}`);
      return product;
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  /** The number of the worker's process, as the supervisor wrote it down. */
  get workerPid(): number {
    const children = childrenSchema.parse(JSON.parse(readFileSync(join(this.#dataDir, 'children.json'), 'utf8')));
    const worker = children.find(({ name }) => name === 'worker');
    if (!worker || commandLine(worker.pid)?.startsWith('syncline-worker') === false)
      throw new Error('The worker does not run: it has died while it was measured.');
    return worker.pid;
  }

  /** Starts workers beside the supervisor's until there are so many, and waits until all of them are heard of. */
  async runWorkers(count: number): Promise<void> {
    while (this.#workers.length + 1 < count) {
      const name = `worker-${String(this.#workers.length + 2)}`;
      this.#workers.push(
        await startNodeChild({
          ...{ name, entry: entryOf('worker'), cwd: root, env: this.#environment },
          logFile: join(this.#dataDir, 'logs', `${name}.log`),
          say: () => undefined,
        }),
      );
    }
    const begun = Date.now();
    while ((await this.#polling()) < count) {
      if (Date.now() - begun > 60_000) throw new Error(`${String(count)} workers were to run, and do not`);
      await sleep(200);
    }
  }

  /** How many workers Temporal has heard of lately. */
  async #polling(): Promise<number> {
    const { pollers } = await this.temporal.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: 'prepare' },
      taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    });
    return new Set(pollers.map(({ identity }) => identity)).size;
  }

  /** The last words of its processes. */
  get said(): string {
    return this.#output.said;
  }

  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      await this.temporal.connection.close();
      await Promise.all(this.#workers.map((worker) => worker.stop()));
      await this.#process.stop();
    })();
    return this.#stopped;
  }
}

interface Output {
  address: string;
  said: string;
}

/** Waits for the line that says where the API is. */
async function untilReady(running: Awaited<ReturnType<typeof launch>>): Promise<Output> {
  const output: Output = { address: '', said: '' };
  const ready = new Promise<Output>((resolve) => {
    for (const stream of [running.stdout, running.stderr])
      stream?.on('data', (text: Buffer) => {
        // what comes later is read too, so that the pipe never fills up
        output.said = (output.said + text.toString()).slice(-4_000);
        const address = /^ready (http\S+)$/m.exec(output.said)?.[1];
        if (address === undefined || output.address !== '') return;
        output.address = address;
        resolve(output);
      });
  });
  const ended = running.exited.then(() => {
    throw new Error(`The product did not start:\n${output.said}`);
  });
  ended.catch(() => undefined);
  return Promise.race([ready, ended]);
}
