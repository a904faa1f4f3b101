import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { builtEntry } from '../../local/built.ts';
import { cliCacheDir, obtainTemporalCli } from '../../local/temporal-cli.ts';
import { startPostgres } from '../../local/postgres.ts';
import { startTemporal } from '../../local/temporal.ts';
import { migrate } from '../../repository/migrate.ts';
import { buildContract } from './built-contract.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the superuser, to make databases with. */
    databaseAdminUrl: string;
    /** Of the role that owns them, on the migrated template that they are copies of. */
    databaseTemplateUrl: string;
    /** What the server writes its log to. */
    databaseLog: string;
    temporalAddress: string;
    temporalCli: string;
  }
}

export const template = 'syncline_template';

/** One Postgres and one Temporal server for the whole run, both real, both gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-test-'));
  const search = {
    configured: process.env['SYNCLINE_TEMPORAL_CLI'],
    cacheDir: cliCacheDir(process.env),
    path: process.env['PATH'] ?? '',
  };
  let said = '';
  const cli = await obtainTemporalCli(search, (note) => {
    const what = note.replace(/[\d.]+/g, '');
    if (what !== said) process.stdout.write(`Temporal: ${note}\n`);
    said = what;
  });
  mkdirSync(join(folder, 'postgres'));
  await Promise.all([builtEntry('api'), builtEntry('worker'), buildContract()]);
  const [postgres, temporal] = await Promise.all([
    startPostgres({
      dataDir: join(folder, 'postgres'),
      port: 0,
      logFile: join(folder, 'postgres.log'),
      durable: false,
    }),
    startTemporal({
      cli: cli.path,
      dbFile: undefined,
      port: 0,
      uiPort: undefined,
      namespace: 'default',
      logFile: join(folder, 'temporal.log'),
    }),
  ]);
  // A run that is broken off does not come to the end below.
  const kill = () => {
    temporal.kill();
    postgres.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', kill);
  const templateUrl = new URL(postgres.url);
  templateUrl.pathname = `/${template}`;
  await createTemplate(postgres.adminUrl, templateUrl.href);
  project.provide('databaseAdminUrl', postgres.adminUrl);
  project.provide('databaseTemplateUrl', templateUrl.href);
  project.provide('databaseLog', join(folder, 'postgres.log'));
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalCli', cli.path);
  return async () => {
    await Promise.all([temporal.stop(), postgres.stop()]);
    process.removeListener('exit', kill);
    rmSync(folder, { recursive: true, force: true });
  };
}

async function createTemplate(adminUrl: string, templateUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`create database ${template} owner ${new URL(templateUrl).username}`);
  } finally {
    await admin.end();
  }
  await migrate(templateUrl);
}
