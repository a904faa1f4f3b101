import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { ApiClient, sleep } from './api-client.ts';

const root = join(import.meta.dirname, '..', '..');

export type Part = 'worker' | 'api' | 'temporal' | 'postgres';

/** What `npm start` starts, with Temporal and Postgres of its own: for killing its parts. */
export class LocalStack extends ApiClient {
  readonly folder: string;
  readonly api: string;
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(folder: string, port: number, environment: NodeJS.ProcessEnv) {
    super();
    this.folder = folder;
    this.api = `http://127.0.0.1:${String(port)}`;
    this.#environment = environment;
  }

  static async create(more: NodeJS.ProcessEnv = {}): Promise<LocalStack> {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-local-'));
    const port = await freePort();
    await mkdir(join(folder, 'files'));
    return new LocalStack(folder, port, {
      ...process.env,
      SYNCLINE_DATA_DIR: join(folder, 'data'),
      SYNCLINE_API_PORT: String(port),
      SYNCLINE_TEMPORAL_PORT: String(await freePort()),
      SYNCLINE_TEMPORAL_UI_PORT: String(await freePort()),
      SYNCLINE_TEMPORAL_CLI: inject('temporalCli'),
      SYNCLINE_FILE_ROOTS: join(folder, 'files'),
      SYNCLINE_EXAMPLES: 'false',
      SYNCLINE_RECONCILE_SECONDS: '2',
      ...more,
    });
  }

  get output(): string {
    return this.#output;
  }

  get temporalAddress(): string {
    return `127.0.0.1:${this.#environment['SYNCLINE_TEMPORAL_PORT'] ?? ''}`;
  }

  /** Starts it and waits for the line `ready`. */
  async start(): Promise<void> {
    this.#output = '';
    const child = this.launch();
    const ended = once(child, 'exit');
    while (!/^ready http/m.test(this.#output)) {
      if (child.exitCode !== null) throw new Error(`the stack ended:\n${this.#output}`);
      await Promise.race([sleep(50), ended]);
    }
    // no test is to meet a sync that it did not ask for, at the hour
    for (const { name } of await this.all<{ name: string }>('/v1/jobs')) await this.call('DELETE', `/v1/jobs/${name}`);
  }

  launch(more: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'local', 'start.ts')], {
      cwd: root,
      env: { ...this.#environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        this.#output += text.toString();
      });
    this.#process = child;
    return child;
  }

  /** Ends it as Ctrl-C does. @returns its exit code */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Process numbers of the parts, as the supervisor wrote them down. */
  async parts(): Promise<Map<string, number>> {
    const text = await readFile(join(this.folder, 'data', 'children.json'), 'utf8');
    return new Map((JSON.parse(text) as { name: string; pid: number }[]).map(({ name, pid }) => [name, pid]));
  }

  /** SIGKILL, as a crash would. @returns once the supervisor has started it again */
  async kill(part: Part): Promise<void> {
    const before = (await this.parts()).get(part);
    if (before === undefined) throw new Error(`${part} does not run`);
    process.kill(before, 'SIGKILL');
    await this.until(async () => {
      const now = (await this.parts()).get(part);
      return now !== undefined && now !== before;
    });
  }

  async place(directory: string, files: Record<string, string>): Promise<void> {
    await mkdir(join(this.folder, 'files', directory), { recursive: true });
    for (const [name, content] of Object.entries(files))
      await writeFile(join(this.folder, 'files', directory, name), content);
  }

  read(path: string): Promise<string> {
    return readFile(path, 'utf8');
  }

  /** The address of its database. */
  async databaseUrl(): Promise<string> {
    const access = JSON.parse(await readFile(join(this.folder, 'data', 'postgres', 'access.json'), 'utf8')) as {
      port: number;
      password: string;
    };
    return `postgresql://syncline:${access.password}@127.0.0.1:${String(access.port)}/syncline`;
  }
}
