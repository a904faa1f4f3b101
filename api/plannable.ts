import { findConnector } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { filesInUse } from '../repository/files-in-use.ts';
import { breakersOf } from '../repository/polls.ts';
import { quarantinesOf } from '../repository/quarantine.ts';
import type { Plannable } from './next-sync.ts';

/** The data of one connector from which its next sync follows. */
export async function plannableOf(db: Queryable, name: string, now: Date): Promise<Plannable | undefined> {
  const connector = await findConnector(db, name);
  if (!connector) return undefined;
  const { id, active } = connector;
  return {
    connector: name,
    active,
    file: (await filesInUse(db, [id])).get(id),
    quarantines: await quarantinesOf(db, id, now.getTime()),
    breakers: await breakersOf(db, id),
  };
}
