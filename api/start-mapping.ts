import { directoryName } from '../domain/directory/directory-file.ts';
import { rulesInUse } from '../repository/directory/rules.ts';
import type { Dependencies } from './dependencies.ts';
import { startRun } from './start-run.ts';

/** Maps everything if a file that was saved has changed the mappings in use. */
export async function startMapping(deps: Dependencies, by: string): Promise<void> {
  const inUse = await rulesInUse(deps.db);
  if (!inUse || inUse.rules.length === 0) return;
  const { id, activeRevision, newestRevision } = inUse.directory;
  const connector = { id, name: directoryName };
  const revision = activeRevision ?? newestRevision;
  await startRun(deps, { connector, revision, rules: inUse.hash, tasks: ['map'] }, by);
}
