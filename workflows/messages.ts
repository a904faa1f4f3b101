import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Breaker } from '../domain/breaker.ts';
import type { DecisionAction, Priority, SyncMode, SyncStatus, Task, Trigger } from '../domain/sync.ts';

/** What a sync is started with: ids and small words only, never keys, names or rows. */
export interface SyncInput {
  syncId: string;
  connector: string;
  mode: SyncMode;
  tasks: Task[];
  dryRun: boolean;
  /** All steps in one activity, as far as nothing has to be waited for. Absent in histories of earlier versions. */
  shortWay?: true;
  /**
   * The workflow that started the sync. It gets `syncHeldSignal` when the sync is held, and sees the end of the sync by
   * itself.
   */
  parent?: { workflowId: string; runId: string };
}

/** What a refresh is started with: the sync that is to take the place of a held one. */
export interface RefreshInput extends SyncInput {
  /** The workflow that the sync has once it takes the place. */
  workflowId: string;
  trigger: Trigger;
  priority: Priority;
  syncedBy: string;
}

export interface DecisionMessage {
  /** The digest of the change set that was reviewed. */
  digest: string;
  /** Id of the decision's row in Postgres, which has who and why; absent when Temporal is signalled directly. */
  decisionId?: string;
}

/** `temporal workflow signal --workflow-id sync:hr --name resume --input '{"digest":"sha256:…"}'` */
export const resumeSignal = defineSignal<[DecisionMessage]>('resume');
export const rejectSignal = defineSignal<[DecisionMessage]>('reject');

/**
 * The same decision with an answer: it is refused with an ApplicationFailure of the type `sync-not-held`, `stale-digest`,
 * `forbidden` or `invalid`.
 */
export const decideUpdate = defineUpdate<void, [DecisionMessage & { action: DecisionAction }]>('decide');

/** A sync sends this to the workflow that started it when it is held: it may take days now, and needs no slot. */
export const syncHeldSignal = defineSignal<[{ syncId: string }]>('syncHeld');

/** What an execution of a job is started with. */
export interface JobInput {
  job: string;
  /** Given if a person asked for the execution; a schedule gives none. */
  executionId?: string;
  /** The execution has the job already, and continues as a new run. */
  claimed?: boolean;
}

/** The execution that was waited for has ended. */
export const jobFreeSignal = defineSignal('jobFree');

/** The status of a sync. */
export interface SyncStanding {
  status: SyncStatus;
  phase: Task | null;
  digest: string | null;
}
export const standingQuery = defineQuery<SyncStanding>('standing');

/** The input of an inspection. The file and the findings are in the inspection's row in Postgres. */
export interface InspectInput {
  inspectionId: string;
  kind: 'test' | 'schema';
  /** Of a file that is not saved: what is found is not kept as the discovery of a connector. */
  unsaved?: boolean;
  /** Each connection and the task queue of the worker that reaches it; `apart`: a worker that may have no database. */
  connections: { name: string; taskQueue: string; apart?: boolean }[];
}

/** What a poll is started with. */
export interface PollInput {
  connector: string;
  connection: string;
  /** The state from an earlier run of the same poll. Without it the poll continues from the state in Postgres. */
  carried?: {
    breaker: Breaker;
    /** Milliseconds since 1970. */
    nextAt: number;
    interval: number;
    revision: number;
  };
}

/** The state of a poll: `temporal workflow query --workflow-id poll:hr:files --type breaker` */
export interface PollStanding extends Pick<Breaker, 'state' | 'failures' | 'retryAt'> {
  /** When the next sync begins, or the one that runs should have. */
  nextAt: string | null;
}
export const breakerQuery = defineQuery<PollStanding>('breaker');

/** `temporal workflow signal --workflow-id poll:hr:files --name resetBreaker` */
export const resetBreakerSignal = defineSignal('resetBreaker');

/** The new interval of a workflow without an end: reconcile or clean-up. */
export const intervalSignal = defineSignal<[{ everySeconds: number }]>('interval');

/** A target whose orders are sent: `id` is the number of the connector that keeps its profiles. */
export interface OrdersInput {
  id: number;
  connector: string;
}

/** There may be new orders. */
export const nudgeOrdersSignal = defineSignal('nudge');

/** The settings of a poll may have changed. The poll reads the tables at once. */
export const wakePollSignal = defineSignal('wake');
