import type { SyncStatus } from '../domain/sync.ts';
import { rows, type Queryable } from './database.ts';

/** Syncs that should have a workflow. */
export function openSyncs(
  db: Queryable,
): Promise<
  { no: number; id: string; workflowId: string; runId: string | null; status: SyncStatus; ageSeconds: number }[]
> {
  return rows(
    db,
    `select no, id, workflow_id as "workflowId", run_id as "runId", status,
       extract(epoch from clock_timestamp() - created_at)::float as "ageSeconds"
     from syncline.sync where status in ('queued', 'running', 'held') order by no`,
  );
}
