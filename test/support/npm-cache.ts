import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A copy of what npm has downloaded, which a test may clean, with the binary of better-sqlite3 that was built with this
 * installation: where none can be downloaded, each further installation would compile SQLite for minutes.
 * @returns variables by which npm uses it
 */
export async function copyNpmCache(to: string): Promise<Record<string, string>> {
  const own = process.env['npm_config_cache'] ?? join(homedir(), '.npm');
  await mkdir(to);
  if (existsSync(join(own, '_cacache'))) await run('cp', ['-a', join(own, '_cacache'), to]);
  const variables = { npm_config_cache: to, npm_config_prefer_offline: 'true' };
  await keepBuiltSqlite(variables);
  return variables;
}

/** prebuild-install looks here for a binary before it asks the network. */
async function keepBuiltSqlite(variables: Record<string, string>): Promise<void> {
  const description = createRequire(import.meta.url).resolve('better-sqlite3/package.json');
  const binary = join('build', 'Release', 'better_sqlite3.node');
  if (!existsSync(join(dirname(description), binary))) return;
  const script = `
    const util = require('prebuild-install/util');
    const { platform, arch } = process;
    console.log(util.cachedPrebuild(util.getDownloadUrl({ pkg: require('./package.json'), platform, arch, 'tag-prefix': 'v' })));`;
  const { stdout } = await run(process.execPath, ['-e', script], {
    cwd: dirname(description),
    env: { ...process.env, ...variables },
  });
  const kept = stdout.trim();
  await mkdir(dirname(kept));
  await run('tar', ['-czf', kept, '-C', dirname(description), binary]);
}
