import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StackError } from './stack-error.ts';

const root = join(import.meta.dirname, '..');
const builds = join(root, '.syncline', 'web');
const kept = 3;

/**
 * The console as files for a browser, `.syncline/web/<hash of its sources>`: built once for each state of the sources, since
 * a build takes seconds.
 * @param note told that it is being built
 * @returns the absolute path of the folder of the built console
 */
export async function builtConsole(note: (text: string) => void = () => undefined): Promise<string> {
  const target = join(builds, await hashSources());
  if (existsSync(join(target, 'index.html'))) return target;
  note('building the console');
  const temporary = join(builds, `.${String(process.pid)}`);
  // a process of its own: what the builder takes in memory goes with it
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
      ...['build', '--config', join(root, 'web', 'vite.config.ts'), '--outDir', temporary, '--logLevel', 'warn'],
    ],
    // tests have an environment of their own, in which React would be that of development
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4_000);
    });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new StackError(`The console could not be built:\n${said}`);
  await rename(temporary, target).catch(async (error: unknown) => {
    // another process was faster
    if (!existsSync(join(target, 'index.html'))) throw error;
    await rm(temporary, { recursive: true, force: true });
  });
  await removeOld();
  return target;
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(join(root, 'package-lock.json')));
  const web = join(root, 'web');
  const files = await readdir(web, { recursive: true, withFileTypes: true });
  for (const path of files.flatMap((file) => (file.isFile() ? [join(file.parentPath, file.name)] : [])).sort())
    if (!path.endsWith('.test.ts')) hash.update(path.slice(web.length)).update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

/** Keeps the newest builds: an API that is still running serves one of them. */
async function removeOld(): Promise<void> {
  const found = await Promise.all(
    (await readdir(builds)).map(async (name) => ({ name, at: (await stat(join(builds, name))).mtimeMs })),
  );
  for (const { name } of found.sort((a, b) => b.at - a.at).slice(kept))
    await rm(join(builds, name), { recursive: true, force: true });
}
