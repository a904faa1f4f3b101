import { SyncError } from '../domain/errors.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import type { Queryable } from '../repository/database.ts';
import { isDirectory } from '../domain/directory/directory-file.ts';
import { withJoinTypes } from '../domain/directory/join-types.ts';
import { rulesInUse } from '../repository/directory/rules.ts';
import { findRevision } from '../repository/connectors.ts';
import { hasEnded } from '../domain/sync.ts';
import { findSync, tooLate, type SyncRow } from '../repository/syncs.ts';

/**
 * A sync that a step is to go on with, and the revision it works by.
 * @throws SyncError `configuration` if either is gone, `sync-ended` if the sync has ended
 */
export async function loadSync(db: Queryable, syncId: string): Promise<{ sync: SyncRow; file: ConnectorFile }> {
  const sync = await findSync(db, syncId);
  if (!sync)
    throw new SyncError(
      'configuration',
      'The sync is not in the database: it was restored to an earlier state. Start a new sync.',
    );
  if (hasEnded(sync.status)) throw tooLate(sync.status);
  const revision = await findRevision(db, sync.connector, sync.configRevision);
  if (!revision)
    throw new SyncError('configuration', `Revision ${String(sync.configRevision)} of the connector no longer exists.`);
  const { file } = revision;
  if (!isDirectory(file)) return { sync, file };
  return { sync, file: withJoinTypes(file, (await rulesInUse(db))?.rules ?? []) };
}
