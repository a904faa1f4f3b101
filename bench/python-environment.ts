import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, childEnvironment } from './environment.ts';

const execute = promisify(execFile);
const oldest = { major: 3, minor: 9 };

export interface PythonEnvironment {
  /** Folder of its programs. */
  bin: string;
  python: string;
  /** Folder of its packages. */
  packages: string;
}

/**
 * Makes a Python environment with packages, once, in the user's cache folder.
 * @param requirements as pip takes them, each with its version
 * @throws an Error that says why there is none
 */
export async function pythonEnvironment(
  name: string,
  requirements: readonly string[],
  signal: AbortSignal,
): Promise<PythonEnvironment> {
  const { command, version } = await findPython();
  const hash = createHash('sha256')
    .update(JSON.stringify([version, requirements]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder(), `${name}-${hash}`);
  const complete = join(folder, 'complete');
  const bin = join(folder, 'bin');
  const python = join(bin, 'python');
  if (!existsSync(complete)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(cacheFolder(), { recursive: true });
    const options = { env: childEnvironment(), signal, timeout: 10 * 60_000, maxBuffer: 1 << 26 };
    await run(() => execute(command, ['-m', 'venv', folder], options));
    const quietly = ['--quiet', '--no-input', '--disable-pip-version-check'];
    await run(() => execute(python, ['-m', 'pip', 'install', ...quietly, ...requirements], options));
    writeFileSync(complete, `${requirements.join('\n')}\n`);
  }
  const where = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const { stdout } = await execute(python, ['-c', where], { env: childEnvironment() });
  return { bin, python, packages: stdout.trim() };
}

async function findPython(): Promise<{ command: string; version: string }> {
  for (const command of ['python3', 'python']) {
    const { stdout } = await execute(command, ['--version'], { env: childEnvironment() }).catch(() => ({ stdout: '' }));
    const [, version, major, minor] = /Python ((\d+)\.(\d+)\S*)/.exec(stdout) ?? [];
    if (version !== undefined && Number(major) === oldest.major && Number(minor) >= oldest.minor)
      return { command, version };
  }
  throw new Error(`there is no Python ${String(oldest.major)}.${String(oldest.minor)} or later on the PATH`);
}

/** What a program wrote last says more than that it failed. */
async function run(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    const reason = said.split('\n').slice(-3).join(' ') || (cause instanceof Error ? cause.message : '');
    throw new Error(`its packages could not be installed: ${reason}`, { cause });
  }
}
