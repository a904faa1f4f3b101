import { isOfEverything } from '../domain/spoken-for.ts';
import type { Queryable } from './database.ts';
import type { SyncRow } from './syncs.ts';

/** An applied sync has ended that has read its source: it is the last one of the entity types in its scope. */
export async function noteSynced(
  tx: Queryable,
  sync: Pick<SyncRow, 'no' | 'connector' | 'mode' | 'scope' | 'preparation'>,
): Promise<void> {
  const { entityTypes, keys, managedOnly, users } = sync.scope ?? {};
  // a sync that does not read all objects of the type is not its last sync
  const complete = sync.mode === 'complete' && !keys && !managedOnly && users !== 'only';
  const names = isOfEverything(sync) ? null : keys ? Object.keys(keys) : (entityTypes ?? []);
  await tx.raw(
    `insert into syncline.entity_type_sync (entity_type, last_sync, complete_sync)
     select t.id, ?::bigint, ?::bigint from syncline.entity_type t
     where t.connector = ? and not t.retired and (?::text[] is null or t.name = any(?))
       and (?::text[] is null or t.name = any(?)) and t.name <> all(?)
     on conflict (entity_type) do update set last_sync = excluded.last_sync,
       complete_sync = coalesce(excluded.complete_sync, entity_type_sync.complete_sync)`,
    [
      sync.no,
      complete ? sync.no : null,
      sync.connector,
      names,
      names,
      entityTypes ?? null,
      entityTypes ?? null,
      sync.preparation?.skipped?.entityTypes ?? [],
    ],
  );
}
