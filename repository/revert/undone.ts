import type { ConnectorFile } from '../../domain/connector-file.ts';
import { rows, type Queryable } from '../database.ts';

/** A sync that is to be undone. */
export interface UndoneSync {
  no: number;
  id: string;
  applied: boolean;
  changesRemoved: boolean;
}

const columns = `no, id, applied, changes_removed_at is not null as "changesRemoved"`;
/** Syncs of one connector are applied one after the other: they hold the lock of its row. */
const inOrder = 'coalesce(applied_at, ended_at), no';

/** In the order in which they were applied. */
export function undoneSyncs(db: Queryable, ids: readonly string[]): Promise<UndoneSync[]> {
  return rows(db, `select ${columns} from syncline.sync where id = any(?::uuid[]) order by ${inOrder}`, [[...ids]]);
}

/**
 * The applied syncs of a connector that changed something, the newest first.
 * @param after only those that were applied after this sync
 */
export function appliedSyncs(
  db: Queryable,
  connector: number,
  { after, limit }: { after?: string; limit: number },
): Promise<UndoneSync[]> {
  return rows(
    db,
    `select ${columns} from syncline.sync s
     where connector = ? and applied and change_count > 0
       ${after === undefined ? '' : `and (${inOrder}) > (select ${inOrder} from syncline.sync where id = ?)`}
     order by coalesce(applied_at, ended_at) desc, no desc limit ?`,
    [connector, ...(after === undefined ? [] : [after]), limit],
  );
}

/** The files of the revisions by which syncs ran, each once. */
export async function filesOf(db: Queryable, ids: readonly string[]): Promise<ConnectorFile[]> {
  const found = await rows<{ file: ConnectorFile }>(
    db,
    `select file from syncline.connector_revision where (connector, revision) in (
       select connector, config_revision from syncline.sync where id = any(?::uuid[]))`,
    [[...ids]],
  );
  return found.map(({ file }) => file);
}
