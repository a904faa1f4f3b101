import { nowInUtc, row, type Queryable } from './database.ts';
import type { SyncScope } from '../domain/sync.ts';
import type { NeedsCompleteCode } from '../domain/needs-complete.ts';

/** What only a complete sync can correct. */
export interface NeedsComplete {
  code: NeedsCompleteCode;
  since: string;
  syncId: string;
}

/** In the transaction that applies the sync: if it warned of moved targets, the connector needs a complete sync. */
export async function noteMovedTargets(
  tx: Queryable,
  sync: { no: number; id: string; connector: number },
): Promise<void> {
  await tx.raw(
    `update syncline.connector set needs_complete = jsonb_build_object(
       'code', 'link-target-moved', 'since', ${nowInUtc}, 'syncId', ?::text)
     where id = ? and needs_complete is null
       and exists (select from syncline.sync_error where sync = ? and code = 'link-target-moved')`,
    [sync.id, sync.connector, sync.no],
  );
}

/**
 * What was deferred, or is no longer refused, comes again with the next whole sync: that one is complete, and nothing that an
 * earlier sync has read speaks for it. The newest need counts. The caller holds the lock of the connector.
 * @param scope of the sync whose changes were deferred: one with the same scope reads them again
 */
export async function needComplete(
  tx: Queryable,
  connector: number,
  code: Exclude<NeedsCompleteCode, 'link-target-moved'>,
  syncId: string,
  scope: SyncScope | null = null,
): Promise<void> {
  await tx.raw(
    `update syncline.connector set unchanged_base = null, needs_complete = jsonb_build_object(
       'code', ?::text, 'since', ${nowInUtc}, 'syncId', ?::text, 'scope', ?::jsonb)
     where id = ?`,
    [code, syncId, scope === null ? null : JSON.stringify(scope), connector],
  );
}

/** Whether a whole sync of this scope has to be complete, whatever was asked. */
export async function mustBeComplete(db: Queryable, connector: number, scope: SyncScope | null): Promise<boolean> {
  const found = await row<{ due: boolean }>(
    db,
    `select needs_complete ->> 'code' <> 'link-target-moved'
       and (?::jsonb is null or ?::jsonb = needs_complete -> 'scope') as due
     from syncline.connector where id = ? and needs_complete is not null`,
    [...twice(scope), connector],
  );
  return found?.due ?? false;
}

/**
 * A complete sync was applied, of the whole connector or of the scope that the need names. It counts if it began to read after
 * the need arose.
 */
export async function clearNeedsComplete(
  tx: Queryable,
  sync: { no: number; connector: number; scope: SyncScope | null },
): Promise<void> {
  await tx.raw(
    `update syncline.connector c set needs_complete = null from syncline.sync s
     where c.id = ? and s.no = ? and (c.needs_complete ->> 'since')::timestamptz < s.export_started_at
       and (?::jsonb is null or ?::jsonb = c.needs_complete -> 'scope')`,
    [sync.connector, sync.no, ...twice(sync.scope)],
  );
}

function twice(scope: SyncScope | null): [string | null, string | null] {
  const text = scope === null ? null : JSON.stringify(scope);
  return [text, text];
}
