import { join } from 'node:path';
import type { Config } from '../config.ts';
import { migrate } from '../repository/migrate.ts';
import { builtConsole } from './built-console.ts';
import { builtEntry } from './built.ts';
import type { DataFolder } from './data-folder.ts';
import { startNodeChild } from './node-child.ts';
import { claimPort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import type { Progress } from './progress.ts';
import { untilReady } from './readiness.ts';
import { reasonOf, StackError } from './stack-error.ts';
import type { Supervisor } from './supervisor.ts';
import { cliCacheDir, obtainTemporalCli } from './temporal-cli.ts';
import { startTemporal } from './temporal.ts';

const root = join(import.meta.dirname, '..');

interface Ports {
  api: number;
  temporal: number;
  temporalUi: number;
  postgres: number;
}

export interface RunningStack {
  api: string;
  temporalUi: string | undefined;
}

/** Starts what the configuration does not name already, then worker and API, and waits until syncs can run. */
export async function startStack(
  config: Config,
  folder: DataFolder,
  supervisor: Supervisor,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunningStack> {
  const ports = await claimPorts(config);
  const [consoleDir, temporalAddress, databaseUrl] = await Promise.all([
    process.env['SYNCLINE_CONSOLE_DIR'] ?? consoleFiles(progress),
    config.temporal.address ?? temporal(config, folder, ports, supervisor, progress, signal),
    config.databaseUrl ?? postgres(folder, ports, supervisor, progress),
  ]);
  await progress.step('Database schema', async (note) => {
    const { applied } = await migrate(databaseUrl).catch((error: unknown) => {
      // what Postgres says of a migration that failed may hold rows
      const reason = error instanceof Error && error.cause !== undefined ? error.message : reasonOf(error);
      throw new StackError(`The migrations cannot be applied: ${reason}`);
    });
    note(applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`);
  });
  signal.throwIfAborted();
  const ownTemporal = config.temporal.address === undefined;
  const temporalUi = ownTemporal ? `http://127.0.0.1:${String(ports.temporalUi)}` : undefined;
  const uiUrl = config.temporal.uiUrl ?? temporalUi;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SYNCLINE_DATA_DIR: config.dataDir,
    SYNCLINE_API_PORT: String(ports.api),
    SYNCLINE_CONSOLE_DIR: consoleDir,
    SYNCLINE_TEMPORAL_ADDRESS: temporalAddress,
    ...(uiUrl === undefined ? {} : { SYNCLINE_TEMPORAL_UI_URL: uiUrl }),
    SYNCLINE_LOG_FORMAT: 'json',
    ...(databaseUrl === '' ? {} : { SYNCLINE_DATABASE_URL: databaseUrl }),
  };
  const host = config.api.host === '::1' ? '[::1]' : config.api.host === '0.0.0.0' ? '127.0.0.1' : config.api.host;
  const api = `http://${host}:${String(ports.api)}`;
  await progress.step('Worker and API', async (note) => {
    for (const name of ['worker', 'api'] as const) {
      const entry = await builtEntry(name);
      const logFile = join(folder.logs, `${name}.log`);
      await supervisor.start({
        name,
        logFile,
        start: ({ spawned }) =>
          startNodeChild({
            name,
            entry,
            cwd: root,
            env,
            logFile,
            spawned,
            say: (line) => {
              progress.say(line);
            },
          }),
      });
    }
    await Promise.race([
      untilReady(
        api,
        (missing) => {
          note(`waiting for ${missing}`);
        },
        signal,
      ),
      supervisor.failed,
    ]);
    note('');
  });
  return { api, temporalUi };
}

/** Checked before anything is started: a port that is in use is reported at once. */
async function claimPorts(config: Config): Promise<Ports> {
  const { local } = config;
  const own = (what: string, variable: string, port: number) => claimPort({ what, variable, host: '127.0.0.1', port });
  const api = await claimPort({ what: 'the API', variable: 'SYNCLINE_API_PORT', ...config.api });
  const temporalNeeded = config.temporal.address === undefined;
  return {
    api,
    temporal: temporalNeeded ? await own('Temporal', 'SYNCLINE_TEMPORAL_PORT', local.temporalPort) : 0,
    temporalUi: temporalNeeded
      ? await own('the Temporal Web UI', 'SYNCLINE_TEMPORAL_UI_PORT', local.temporalUiPort)
      : 0,
    // 0 stays: then the port of the last start is used
    postgres:
      config.databaseUrl === undefined && local.postgresPort !== 0
        ? await own('Postgres', 'SYNCLINE_POSTGRES_PORT', local.postgresPort)
        : 0,
  };
}

/** Without the console, everything else works: the page of the API says what is missing. */
async function consoleFiles(progress: Progress): Promise<string | undefined> {
  return progress.step('Console', async (note) => {
    try {
      return await builtConsole(note);
    } catch (error) {
      progress.say(reasonOf(error));
      return undefined;
    }
  });
}

async function temporal(
  config: Config,
  folder: DataFolder,
  ports: Ports,
  supervisor: Supervisor,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  return progress.step('Temporal', async (note) => {
    const search = {
      configured: config.local.temporalCli,
      cacheDir: cliCacheDir(process.env),
      path: process.env['PATH'] ?? '',
    };
    const cli = await obtainTemporalCli(search, note, signal);
    note('starting the server');
    const logFile = join(folder.logs, 'temporal.log');
    const running = await supervisor.start({
      name: 'temporal',
      logFile,
      start: (context) =>
        startTemporal({
          ...context,
          cli: cli.path,
          dbFile: join(folder.temporal, 'temporal.db'),
          port: ports.temporal,
          uiPort: ports.temporalUi,
          namespace: config.temporal.namespace,
          logFile,
        }),
    });
    note(`${running.address}, CLI ${cli.version}`);
    return running.address;
  });
}

async function postgres(folder: DataFolder, ports: Ports, supervisor: Supervisor, progress: Progress): Promise<string> {
  return progress.step('Postgres', async (note) => {
    const logFile = join(folder.logs, 'postgres.log');
    let port = ports.postgres;
    const running = await supervisor.start({
      name: 'postgres',
      logFile,
      start: async (context) => {
        const started = await startPostgres({ ...context, dataDir: folder.postgres, port, logFile });
        // after a restart it has the same port, which worker and API use
        port = started.port;
        return started;
      },
    });
    note(`127.0.0.1:${String(running.port)}, version ${running.version}`);
    return running.url;
  });
}
