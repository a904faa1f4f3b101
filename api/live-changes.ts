import { hasEnded } from '../domain/sync.ts';
import type { LiveState, LiveSync, Seen } from '../repository/live-state.ts';

/** One hint: what has changed, never data of people. */
export type LiveChange =
  | {
      type: 'sync';
      data: Pick<LiveSync, 'id' | 'connector' | 'status' | 'phase' | 'progress'> & { changed: SyncPart[] };
    }
  | { type: 'job'; data: { job: string; executionId: string | null; status: string | null } }
  | { type: 'connector'; data: { connector: string } };

const syncParts = ['status', 'phase', 'progress', 'waiting'] as const;
type SyncPart = (typeof syncParts)[number] | 'more';

/** What differs between two looks. */
export function changesBetween(before: LiveState, now: LiveState): LiveChange[] {
  const connectors = differing(before.connectors, now.connectors).map((connector): LiveChange => ({
    type: 'connector',
    data: { connector },
  }));
  const jobs = differing(before.jobs, now.jobs).map((job): LiveChange => ({
    type: 'job',
    data: { job, executionId: null, status: null },
  }));
  const executionsBefore = byNumber(before.executions);
  const executions = now.executions.flatMap((execution): LiveChange[] => {
    const { no, id, job, status, results } = execution;
    const earlier = executionsBefore.get(no);
    if (earlier?.status === status && earlier.results === results) return [];
    return [{ type: 'job', data: { job, executionId: id, status } }];
  });
  const syncsBefore = byNumber(before.syncs);
  const syncs = now.syncs.flatMap((sync): LiveChange[] => {
    const changed = partsThatDiffer(syncsBefore.get(sync.no), sync);
    if (changed.length === 0) return [];
    const { id, connector, status, phase, progress } = sync;
    return [{ type: 'sync', data: { id, connector, status, phase, progress, changed } }];
  });
  return [...connectors, ...jobs, ...executions, ...syncs];
}

function partsThatDiffer(before: LiveSync | undefined, now: LiveSync): SyncPart[] {
  if (!before) return ['status'];
  const parts = syncParts.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(now[part]));
  return parts.length === 0 && before.version !== now.version ? ['more'] : parts;
}

const byNumber = <Row extends { no: number }>(rows: readonly Row[]) => new Map(rows.map((row) => [row.no, row]));

function differing(before: Record<string, string>, now: Record<string, string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]);
}

const newest = (before: number | null, rows: readonly { no: number }[]) =>
  Math.max(before ?? 0, ...rows.map(({ no }) => no));

/** What the next look has to see again. */
export const seenAfter = (seen: Seen, { syncs, executions }: LiveState): Seen => ({
  openSyncs: syncs.filter(({ status }) => !hasEnded(status)).map(({ no }) => no),
  newestSync: newest(seen.newestSync, syncs),
  openExecutions: executions.filter(({ results }) => results !== null).map(({ no }) => no),
  newestExecution: newest(seen.newestExecution, executions),
});

export const seenNothing: Seen = { openSyncs: [], newestSync: null, openExecutions: [], newestExecution: null };
