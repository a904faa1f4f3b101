import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { builtFlags, entryOf } from '../../local/built.ts';
import { freePort } from '../../local/ports.ts';
import { ApiClient, sleep } from './api-client.ts';
import { createTestDatabase, deleteJobs } from './database.ts';

const root = join(import.meta.dirname, '..', '..');

/** A real API and a real worker as processes of their own, on a database and a Temporal namespace of their own. */
export class Stack extends ApiClient {
  readonly folder: string;
  readonly files: string;
  readonly api: string;
  readonly temporal: Client;
  readonly databaseUrl: string;
  readonly namespace: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #drop: () => Promise<void>;
  readonly #build: string | undefined;
  readonly #processes = new Map<'api' | 'worker', ChildProcess>();
  #output = '';
  #heard: (text: string) => void = () => undefined;

  private constructor(
    folder: string,
    port: number,
    temporal: Client,
    database: { url: string; drop: () => Promise<void> },
    build: string | undefined,
    environment: NodeJS.ProcessEnv,
  ) {
    super();
    this.folder = folder;
    this.files = join(folder, 'files');
    this.api = `http://127.0.0.1:${String(port)}`;
    this.temporal = temporal;
    this.databaseUrl = database.url;
    this.namespace = temporal.options.namespace;
    this.#drop = database.drop;
    this.#build = build;
    this.#environment = environment;
  }

  /**
   * @param more environment
   * @param heard told all that the processes say, of which the stack itself keeps the end
   * @param defaultJobs keep the jobs out of the box: without, no test meets a sync that it did not ask for at the hour
   * @param build the folder with the built processes, where they are not those that everybody runs
   */
  static async start(
    more: NodeJS.ProcessEnv = {},
    {
      defaultJobs = false,
      build,
      heard,
    }: { defaultJobs?: boolean; build?: string; heard?: (text: string) => void } = {},
  ): Promise<Stack> {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-stack-'));
    await mkdir(join(folder, 'files'));
    const address = inject('temporalAddress');
    const namespace = `test-${crypto.randomUUID().slice(0, 8)}`;
    const connection = await Connection.connect({ address });
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const database = await createTestDatabase();
    if (!defaultJobs) await deleteJobs(database.url);
    const port = await freePort();
    const stack = new Stack(folder, port, new Client({ connection, namespace }), database, build, {
      ...process.env,
      SYNCLINE_DATA_DIR: folder,
      SYNCLINE_API_PORT: String(port),
      SYNCLINE_DATABASE_URL: database.url,
      SYNCLINE_TEMPORAL_ADDRESS: address,
      SYNCLINE_TEMPORAL_NAMESPACE: namespace,
      SYNCLINE_FILE_ROOTS: join(folder, 'files'),
      SYNCLINE_RECONCILE_SECONDS: '1',
      SYNCLINE_LOG_FORMAT: 'json',
      ...more,
    });
    if (heard) stack.#heard = heard;
    stack.launch('api');
    stack.launch('worker');
    await stack.ready();
    return stack;
  }

  /** Another API over the same tables, in an environment that differs. @returns its address, and how to end it */
  async launchApi(more: NodeJS.ProcessEnv): Promise<{ api: string; stop: () => Promise<void> }> {
    const port = await freePort();
    const child = spawn(process.execPath, [...builtFlags, entryOf('api', this.#build)], {
      cwd: root,
      env: { ...this.#environment, SYNCLINE_API_PORT: String(port), ...more },
      stdio: 'ignore',
    });
    const api = `http://127.0.0.1:${String(port)}`;
    await this.until(async () => (await fetch(`${api}/healthz`).catch(() => undefined))?.ok === true);
    return {
      api,
      stop: async () => {
        child.kill('SIGTERM');
        await once(child, 'exit');
      },
    };
  }

  /** Another worker beside the first, in an environment that differs. @returns when it polls: how to kill and how to end it */
  async launchWorker(more: NodeJS.ProcessEnv): Promise<{ kill: () => Promise<void>; stop: () => Promise<void> }> {
    const child = spawn(process.execPath, [...builtFlags, entryOf('worker', this.#build)], {
      cwd: root,
      env: { ...this.#environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let ready = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        this.#output = (this.#output + text.toString()).slice(-1_000_000);
        ready ||= text.includes('"msg":"ready"');
      });
    const end = async (signal: NodeJS.Signals) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(timer);
    };
    await this.until(() => Promise.resolve(ready), 120);
    return { kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
  }

  /** A worker that is not to start, in an environment that differs. @returns its exit code and what it said */
  async refusedWorker(more: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [...builtFlags, entryOf('worker')], {
      cwd: root,
      env: { ...this.#environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        said += text.toString();
      });
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    await once(child, 'exit');
    clearTimeout(timer);
    return { code: child.exitCode, said };
  }

  launch(which: 'api' | 'worker'): void {
    const child = spawn(process.execPath, [...builtFlags, entryOf(which, this.#build)], {
      cwd: root,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        this.#heard(text.toString());
        this.#output = (this.#output + text.toString()).slice(-1_000_000);
      });
    this.#processes.set(which, child);
  }

  /** SIGSTOP: it neither works nor dies. @returns how to let it go on, how to end it, and how to have it end in order */
  freeze(which: 'api' | 'worker'): { thaw: () => void; end: () => Promise<void>; stop: () => Promise<void> } {
    const child = this.#processes.get(which);
    if (!child) throw new Error(`${which} does not run`);
    child.kill('SIGSTOP');
    return {
      thaw: () => child.kill('SIGCONT'),
      end: async () => {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      },
      stop: async () => {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      },
    };
  }

  /** SIGKILL, as a crash would. */
  async kill(which: 'api' | 'worker'): Promise<void> {
    const child = this.#processes.get(which);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  get output(): string {
    return this.#output.slice(-20_000);
  }

  /** Lines that the processes have logged with this message, JSON taken apart; the log level has to let them. */
  logged(message: string): Record<string, unknown>[] {
    return this.#output
      .split('\n')
      .filter((line) => line.includes(`"msg":"${message}"`))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async ready(): Promise<void> {
    const until = Date.now() + 90_000;
    let said = 'it does not listen';
    for (;;) {
      try {
        const answer = await fetch(`${this.api}/readyz`);
        said = await answer.text();
        if (answer.ok) return;
      } catch {
        // not listening yet
      }
      if (Date.now() > until) throw new Error(`the stack did not get ready: ${said}\n${this.#output}`);
      await sleep(200);
    }
  }

  async stop(): Promise<void> {
    for (const child of this.#processes.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      const gone = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(timer);
    }
    await this.temporal.connection.close();
    await this.#drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Puts files where connectors read them; a text replaces the file, null removes it. */
  async place(directory: string, files: Record<string, string | Buffer | null>): Promise<void> {
    const folder = join(this.files, directory);
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      if (content === null) await rm(join(folder, name), { force: true });
      else await writeFile(join(folder, name), content);
    }
  }

  async placeFolder(directory: string, source: string): Promise<void> {
    const folder = join(this.files, directory);
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(source)) await copyFile(join(source, name), join(folder, name));
  }

  /** The history of a workflow as Temporal's own tool shows it, JSON. */
  async showHistory(workflowId: string, runId?: string): Promise<string> {
    const { stdout } = await promisify(execFile)(
      inject('temporalCli'),
      [
        ...['workflow', 'show', '--address', inject('temporalAddress'), '--namespace', this.namespace],
        ...['--workflow-id', workflowId, ...(runId === undefined ? [] : ['--run-id', runId]), '--output', 'json'],
      ],
      { maxBuffer: 1 << 26 },
    );
    return stdout;
  }

  async readFile(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }
}
