import { chmodSync, mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '../local/stack-error.ts';
import { ArgumentError, readArguments, usage, type Arguments } from './arguments.ts';
import { Cleanup } from './cleanup.ts';
import { report } from './report.ts';
import { faultsOf, type Results } from './results.ts';
import { runBench } from './run.ts';

const began = performance.now();
const say = (line: string) => {
  process.stdout.write(`[${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s] ${line}\n`);
};

async function main(options: Arguments): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-bench-'));
  // as root Postgres runs as another user, who has to get through
  chmodSync(folder, 0o711);
  const cleanup = new Cleanup();
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stopping.signal.aborted) return;
      say('Stopping …');
      stopping.abort(new Error('stopped'));
      void cleanup.run().then(() => process.exit(130));
    });
  try {
    const results = await runBench({ options, folder, cleanup, signal: stopping.signal, say });
    const text = report(results);
    process.stdout.write(`\n${text}\n\n`);
    if (options.write) await writeResults(results, text);
    return faultsOf(results).length > 0 ? 1 : 0;
  } catch (error) {
    // what is torn down under the work makes it fail, too
    if (stopping.signal.aborted) return 130;
    throw error;
  } finally {
    await cleanup.run();
  }
}

async function writeResults(results: Results, text: string): Promise<void> {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${results.size}.json`), `${JSON.stringify(results, rounded, 1)}\n`);
  await writeFile(join(folder, `${results.size}.md`), `${text}\n`);
  say(`written: bench/results/${results.size}.md and .json`);
}

/** A tenth of a millisecond is more than is known. */
const rounded = (_name: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * 1e4) / 1e4 : value;

if (process.argv.includes('--help')) {
  process.stdout.write(`${usage}\n`);
} else {
  try {
    process.exitCode = await main(readArguments(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(error instanceof ArgumentError ? `${error.message}\n\n${usage}\n` : `${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
}
