import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ObtainOptions } from './temporal-download.ts';

const execute = promisify(execFile);

/**
 * Builds the CLI from its published source, where Go 1.25 or later is installed; minutes, once.
 * @returns the path of the CLI
 * @throws an Error that says why
 */
export async function buildCli({ version, cacheDir, note, signal }: ObtainOptions): Promise<string> {
  await checkGo();
  note('building the Temporal server with Go (about 5 minutes, only once)');
  mkdirSync(cacheDir, { recursive: true });
  const scratch = mkdtempSync(join(cacheDir, 'build-'));
  try {
    // A group of its own: the compilers it starts end with it.
    const go = spawn('go', ['install', `github.com/temporalio/cli/cmd/temporal@v${version}`], {
      detached: true,
      env: { ...process.env, GOBIN: scratch },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    go.stderr.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-2_000);
    });
    const abort = () => {
      try {
        if (go.pid !== undefined) process.kill(-go.pid, 'SIGTERM');
      } catch {
        // gone already
      }
    };
    signal?.addEventListener('abort', abort, { once: true });
    const [code] = (await once(go, 'close').finally(() => signal?.removeEventListener('abort', abort))) as [
      number | null,
    ];
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`go install failed: ${said.trim().split('\n').slice(-3).join(' ')}`);
    // Renaming makes the file appear complete. If two processes do this at once, both make the same file.
    const path = join(cacheDir, 'temporal');
    renameSync(join(scratch, 'temporal'), path);
    return path;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function checkGo(): Promise<void> {
  const { stdout } = await execute('go', ['version']).catch(() => ({ stdout: '' }));
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === undefined || minor === undefined) throw new Error('Go is not installed, so the CLI cannot be built');
  if (Number(major) === 1 && Number(minor) < 25) {
    throw new Error(`the CLI cannot be built: Go is ${major}.${minor}, but 1.25 or later is needed`);
  }
}
