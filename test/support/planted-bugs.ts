import { mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { builtEntry } from '../../local/built.ts';

const root = join(import.meta.dirname, '..', '..');

interface PlantedBug {
  file: string;
  /** One line of the file, without its indent. */
  line: string;
  instead: string;
}

/** Lines without which the product would still seem to work: the fault tests must notice that one is missing. */
export const plantedBugs = {
  'no apply mark': {
    file: 'activities/apply.ts',
    line: 'if (hasEnded(sync.status) || sync.applied) return { outcome: { status: sync.status, applied: sync.applied } };',
    instead: 'if (hasEnded(sync.status)) return { outcome: { status: sync.status, applied: sync.applied } };',
  },
  'no check of the digest': {
    file: 'domain/apply-check.ts',
    line: "if (digest !== sync.digest) return 'The database has another change set than the one that was decided on.';",
    instead: '',
  },
  'no count of the change rows': {
    file: 'activities/apply.ts',
    line: 'if (done.changes !== sync.changeCount)',
    instead: 'if (sync.dryRun)',
  },
  'no rename': {
    file: 'store/files.ts',
    line: "const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;",
    instead: 'const temporary = path; void randomBytes;',
  },
  'no check of hashes': {
    file: 'store/export-store.ts',
    line: 'if (sha256 !== part.sha256) throw modified(part.name);',
    instead: 'void sha256;',
  },
  'no look at the marker of staging': {
    file: 'activities/synchronize.ts',
    line: "if (needsStaging && !(sync.preparation && (await isStaged(db, sync.preparation)))) return 'staging-lost';",
    instead: 'void needsStaging; void isStaged;',
  },
} satisfies Record<string, PlantedBug>;

export type PlantedBugName = keyof typeof plantedBugs;

/**
 * Builds API and worker with bugs in them.
 * @returns the folder of the build, and how to remove it
 * @throws where a line is not found once: whoever changes it says here what it has become
 */
export async function buildWithBugs(
  names: readonly PlantedBugName[],
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = join(root, 'dist', `planted-${crypto.randomUUID()}`);
  const missing = new Set(names);
  const edit = (path: string, source: string) => {
    let edited = source;
    for (const name of names) {
      const { file, line, instead } = plantedBugs[name];
      if (relative(root, path) !== file) continue;
      const found = source.split('\n').filter((each) => each.trim() === line).length;
      if (found !== 1) throw new Error(`${file} has the line of "${name}" ${String(found)} times: ${line}`);
      edited = edited.replace(line, () => instead);
      missing.delete(name);
    }
    return edited;
  };
  await mkdir(folder, { recursive: true });
  for (const name of ['api', 'worker'] as const) await builtEntry(name, folder, edit);
  if (missing.size > 0) throw new Error(`nothing of what is built has the lines of ${[...missing].join(', ')}`);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
