import type { SyncMode, SyncStatus } from './sync.ts';

/** The words of jobs and executions (model.md, api.md), as the API answers them and Postgres stores them. */

export const overlaps = ['skip', 'wait'] as const;
/** What an execution does if another execution of its job is running: end as skipped, or wait for its turn. */
export type Overlap = (typeof overlaps)[number];

export const executionStatuses = [
  'queued',
  'waiting',
  'running',
  'completed',
  'completed-with-errors',
  'failed',
  'cancelled',
  'skipped',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];
export type ExecutionEnd = Exclude<ExecutionStatus, 'queued' | 'waiting' | 'running'>;

export const executionTriggers = ['scheduled', 'manual'] as const;
export type ExecutionTrigger = (typeof executionTriggers)[number];

/** In a job's list of connectors: every connector that is active when it runs. */
export const allConnectors = '*';

/** What a job is, as a person sets it. */
export interface JobDefinition {
  mode: SyncMode;
  /** Names, or `*` alone. */
  connectors: string[];
  managedOnly: boolean;
  /** Five fields, in the time zone. */
  cron: string;
  /** IANA name. */
  timezone: string;
  overlap: Overlap;
  paused: boolean;
  /** Why it is paused. */
  pauseNote: string | null;
}

/** What a schedule is made of. */
export interface ScheduledJob extends Pick<JobDefinition, 'cron' | 'timezone' | 'paused' | 'pauseNote'> {
  name: string;
}

/** Why a connector of an execution has no sync that ran, or how its sync went wrong, begins with one of these. */
export type LeftOut =
  'no-connector' | 'no-revision' | 'no-incremental-mode' | 'no-managed-resources' | `quarantined: ${string}`;

export interface ExecutionResult {
  connector: string;
  syncId: string | null;
  status: SyncStatus;
  reason: string | null;
}
