import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

/** What the activities of a sync belong to; the time between them is the engine's and the API's. */
export const phases = ['check', 'export', 'prepare', 'compare', 'apply', 'settle'] as const;
export type Phase = (typeof phases)[number];

const phaseOf: Record<string, Phase> = {
  isUnchanged: 'check',
  exportConnection: 'export',
  prepareExport: 'prepare',
  computeChanges: 'compare',
  applyChanges: 'apply',
};

/** What Temporal has of one sync. */
export interface History {
  events: number;
  bytes: number;
  /** Seconds in which a worker was at it. */
  phases: Record<Phase, number>;
  /** Attempts beyond the first: with any, the times are not those of an undisturbed sync. */
  retries: number;
}

type Timestamp = temporal.api.history.v1.IHistoryEvent['eventTime'];
const secondsOf = (time: Timestamp) => Number(time?.seconds?.toString() ?? 0) + (time?.nanos ?? 0) / 1e9;

/** Reads the history of a sync's workflow once it has ended. */
export async function readHistory(client: Client, workflowId: string, runId: string): Promise<History> {
  const handle = client.workflow.getHandle(workflowId, runId);
  // the tables say that it has ended before the workflow itself has; how, is told elsewhere
  await handle.result().catch(() => undefined);
  const { raw } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const found: History = {
    events: Number(raw.workflowExecutionInfo?.historyLength?.toString() ?? 0),
    bytes: Number(raw.workflowExecutionInfo?.historySizeBytes?.toString() ?? 0),
    phases: { check: 0, export: 0, prepare: 0, compare: 0, apply: 0, settle: 0 },
    retries: 0,
  };
  const types = new Map<string, string>();
  const started = new Map<string, number>();
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const start = event.activityTaskStartedEventAttributes;
    const end = event.activityTaskCompletedEventAttributes;
    if (scheduled) types.set(String(event.eventId), scheduled.activityType?.name ?? '');
    if (start) {
      started.set(String(start.scheduledEventId), secondsOf(event.eventTime));
      found.retries += (start.attempt ?? 1) - 1;
    }
    if (end) {
      const id = String(end.scheduledEventId);
      const phase = phaseOf[types.get(id) ?? ''] ?? 'settle';
      found.phases[phase] += secondsOf(event.eventTime) - (started.get(id) ?? NaN);
    }
  }
  return found;
}
