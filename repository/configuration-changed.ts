import { changedConfiguration } from '../domain/changed-configuration.ts';
import { changedTargets } from './changed-targets.ts';
import { findRevision } from './connectors.ts';
import { ofSync } from './change-parts.ts';
import { row, rows, type Queryable } from './database.ts';
import type { SyncRow } from './syncs.ts';

/**
 * What of the proposed rows of a sync was retired or changed since the revision that the sync works by; see
 * domain/changed-configuration.ts. Also targets of other connectors.
 * @returns names, `<Type>` or `<Type>.<navigation property>`; empty if the change set may be applied
 */
export async function configurationChanges(
  db: Queryable,
  sync: Pick<SyncRow, 'no' | 'connector' | 'configRevision' | 'counters' | 'createdAt'>,
): Promise<string[]> {
  const connector = await row<{ revision: number }>(
    db,
    'select active_revision as revision from syncline.connector where id = ?',
    [sync.connector],
  );
  const changed = await linksToChanged(db, sync);
  if (!connector || connector.revision === sync.configRevision) return changed;
  const found = await findRevision(db, sync.connector, sync.configRevision);
  const now = await findRevision(db, sync.connector, connector.revision);
  if (!found || !now) return changed;
  return [...changedConfiguration(found.file, now.file, sync.counters), ...changed];
}

/** Link properties by which links come that lead to a changed entity type of another connector. */
async function linksToChanged(
  db: Queryable,
  { no, connector, createdAt }: Pick<SyncRow, 'no' | 'connector' | 'createdAt'>,
): Promise<string[]> {
  const targets = await changedTargets(db, connector, createdAt);
  if (targets.length === 0) return [];
  const found = await rows<{ property: number }>(
    db,
    `select id as property from unnest(?::integer[]) id
     where exists (select from syncline.link_change l
       where ${ofSync(no, 'l')} and l.property = id and l.operation in ('i', 'u') and l.fate is null)`,
    [targets.map(({ property }) => property)],
  );
  const properties = new Set(found.map(({ property }) => property));
  return targets.flatMap(({ property, name }) => (properties.has(property) ? [name] : []));
}
