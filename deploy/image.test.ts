import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../local/ports.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { copyContext, FolderImage, readDockerfile } from '../test/support/dockerfile.ts';
import { copyNpmCache } from '../test/support/npm-cache.ts';

const root = join(import.meta.dirname, '..');
interface Service {
  command: string[];
  environment: Record<string, string>;
  healthcheck: { test: string[] };
}
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8').replace(
  /\$\{[A-Z_]+:-([^}]*)\}/g,
  (_, fallback: string) => fallback,
);
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
const service = (name: string): Service => {
  const found = services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
};

describe('the image, followed without an engine', { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-image-'));
  const context = join(folder, 'context');
  const image = new FolderImage(folder, context);
  const running: ChildProcess[] = [];
  let paths: string[];
  let env: NodeJS.ProcessEnv;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;

  beforeAll(async () => {
    paths = await copyContext(root, context);
    const cache = await copyNpmCache(join(folder, 'npm'));
    const dockerfile = readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
    await image.build(dockerfile, { ...process.env, ...cache });
    database = await createTestDatabase();
    const url = new URL(database.url);
    const namespace = `image-${crypto.randomUUID().slice(0, 8)}`;
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await connection.close();
    mkdirSync(join(folder, 'data'));
    // as compose sets it, but for the places of what compose would start beside it
    env = {
      PATH: process.env['PATH'],
      SYNCLINE_DATA_DIR: join(folder, 'data'),
      SYNCLINE_EXPORT_STORE: `file:${join(folder, 'data', 'exports')}`,
      SYNCLINE_FILE_ROOTS: join(root, 'examples'),
      SYNCLINE_TEMPORAL_ADDRESS: inject('temporalAddress'),
      SYNCLINE_TEMPORAL_NAMESPACE: namespace,
      SYNCLINE_API_PORT: String(await freePort()),
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGDATABASE: url.pathname.slice(1),
      PGUSER: url.username,
      PGPASSWORD: url.password,
    };
  }, 900_000);
  afterAll(async () => {
    for (const child of running) {
      if (child.exitCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    // a build that failed has no database
    await (database as typeof database | undefined)?.drop();
    await image.remove();
  });

  const environment = (name: string) => ({ ...service(name).environment, ...image.environment, ...env });
  const health = (name: string) => {
    const [, program = '', ...more] = service(name).healthcheck.test;
    expect(program).toBe('node');
    return spawnSync(process.execPath, more, { cwd: image.at('.'), env: environment(name), encoding: 'utf8' });
  };
  function start(name: string): void {
    const [, ...more] = service(name).command;
    const child = spawn(process.execPath, more, { cwd: image.at('.'), env: environment(name), stdio: 'ignore' });
    running.push(child);
  }
  async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
    const end = Date.now() + 90_000;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error('it did not come to pass');
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  it('has in its context the sources that are built, and nothing that was installed, built, kept or tested', () => {
    expect(paths).toContain('worker/main.ts');
    for (const path of paths)
      expect(path).not.toMatch(/(^|\/)(node_modules|dist|\.git|\.syncline|\.env)(\/|$)|\.test\.ts$/);
  });

  it('starts the API and the worker as compose does, and tells their health', async () => {
    const migrate = service('migrate').command.slice(1);
    const migrated = spawnSync(process.execPath, migrate, { cwd: image.at('.'), env: environment('migrate') });
    expect(migrated.status).toBe(0);
    expect(health('api').status).toBe(1);
    expect(health('worker').status).toBe(1);
    start('api');
    await until(() => health('api').status === 0);
    const api = `http://127.0.0.1:${env['SYNCLINE_API_PORT'] ?? ''}`;
    // the process is healthy, and says that it is not ready for syncs
    expect((await fetch(`${api}/readyz`)).status).toBe(503);
    start('worker');
    await until(async () => (await fetch(`${api}/readyz`)).ok);
    await until(() => health('worker').status === 0);
  });

  it('has the command line, without packages for development', () => {
    expect(existsSync(image.at('node_modules/vitest'))).toBe(false);
    const url = `http://127.0.0.1:${env['SYNCLINE_API_PORT'] ?? ''}`;
    const { stdout, status } = spawnSync(image.at('syncline'), ['status', '--url', url], { encoding: 'utf8', env });
    expect(stdout).toContain('There are no connectors yet');
    expect(status).toBe(0);
  });
});
