import { stat } from 'node:fs/promises';
import { loadConfig, type Config } from '../config.ts';
import { beatSeconds, signOfLife } from '../worker/sign-file.ts';

/**
 * The health check of a container, `health.ts api` or `health.ts worker`: ends with 0 if the process in the
 * container works; else it prints the reason and ends with 1. Only the process counts: a restart of the API does not repair a
 * Temporal that does not answer. `/readyz` says whether syncs can run.
 */

async function checkApi(config: Config): Promise<void> {
  const url = `http://127.0.0.1:${String(config.api.port)}/healthz`;
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`/healthz answers ${String(response.status)}`);
}

/** The worker shows every few seconds that it polls all its task queues. */
async function checkWorker(config: Config): Promise<void> {
  const file = signOfLife(config.dataDir);
  const found = await stat(file).catch(() => undefined);
  if (!found) throw new Error(`the worker has not polled its task queues yet: ${file} does not exist`);
  const seconds = (Date.now() - found.mtimeMs) / 1000;
  if (seconds > 6 * beatSeconds)
    throw new Error(`the worker has not polled its task queues for ${seconds.toFixed(0)} seconds`);
}

const checks: Record<string, (config: Config) => Promise<void>> = { api: checkApi, worker: checkWorker };

try {
  const check = checks[process.argv[2] ?? ''];
  if (!check) throw new Error('name the process to check: health.ts api, or health.ts worker');
  await check(loadConfig());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
