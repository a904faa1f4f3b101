import { homedir } from 'node:os';
import { join } from 'node:path';

/** Of the environment, what programs need that are started here; nothing of Syncline's or libpq's bends a measurement. */
export function childEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === 'SYNCLINE_TEMPORAL_CLI' || !/^(SYNCLINE_|PG[A-Z]|PYTHONPATH|VIRTUAL_ENV)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...more };
}

/** What is installed for the bench stays there for its next run. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'syncline', 'bench');
}
