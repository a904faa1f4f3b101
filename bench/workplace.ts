import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cleanup } from './cleanup.ts';
import { BenchPostgres } from './postgres.ts';

/** What a bench works with; all of it goes when it ends, also by a signal. */
export interface Workplace {
  /** Absolute path of a folder of its own. */
  folder: string;
  cleanup: Cleanup;
  postgres: BenchPostgres;
}

/** Gives a bench a folder and a Postgres of its own. @param name a part of the folder's name */
export async function inWorkplace<Result>(name: string, work: (place: Workplace) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), `syncline-${name}-`));
  // as root Postgres runs as another user, who has to get through
  chmodSync(folder, 0o711);
  const cleanup = new Cleanup();
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void cleanup.run().then(() => process.exit(130)));
  try {
    const postgres = await BenchPostgres.start(folder);
    cleanup.add(() => postgres.stop());
    return await work({ folder, cleanup, postgres });
  } finally {
    await cleanup.run();
  }
}
