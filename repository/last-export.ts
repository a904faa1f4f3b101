import type { SyncMode } from '../domain/sync.ts';
import { row, type Queryable } from './database.ts';
import type { ExportReference } from './syncs.ts';

/** Condition of `syncline.sync`: applied, complete and about the whole connector. */
export const comparedWhole = `applied and preparation ->> 'mode' = 'complete' and scope is null and 'synchronize' = any(tasks)`;

/**
 * The newest sync with an export of tables, not of single resources alone; `applied`: the one whose export was compared
 * as a whole last, never a limited one.
 */
export function lastExport(
  db: Queryable,
  connector: number,
  applied: boolean,
): Promise<{ id: string; exportRef: ExportReference; mode: SyncMode } | undefined> {
  return row(
    db,
    applied
      ? `select e.id, s.preparation -> 'exportRef' as "exportRef", s.preparation ->> 'mode' as mode
         from (
           select preparation from syncline.sync where connector = ? and ${comparedWhole}
           order by applied_at desc limit 1
         ) s join syncline.sync e on e.id::text = s.preparation -> 'exportRef' ->> 'syncId'
         where e.export_removed_at is null`
      : `select id, export_ref as "exportRef", mode from syncline.sync
         where connector = ? and export_ref is not null and export_removed_at is null
           and not (mode = 'complete' and coalesce(scope \\? 'keys', false) and 'synchronize' = any(tasks))
         order by no desc limit 1`,
    [connector],
  );
}
