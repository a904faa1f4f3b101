import type { CauseCode, ErrorEffect, HoldCode, RowCode, SyncErrorCode } from './codes.ts';

/** The words of a sync (model.md, api.md), as the API answers them and Postgres stores them. */

export const syncModes = ['complete', 'incremental'] as const;
export type SyncMode = (typeof syncModes)[number];

export const tasks = ['export', 'prepare', 'synchronize', 'update-expressions'] as const;
export type Task = (typeof tasks)[number];

export const syncStatuses = [
  'queued',
  'running',
  'held',
  'completed',
  'completed-with-errors',
  'rejected',
  'failed',
  'cancelled',
  'skipped',
  'superseded',
] as const;
export type SyncStatus = (typeof syncStatuses)[number];

/** Whether nothing more happens to a sync of this status. */
export const hasEnded = (status: SyncStatus): boolean => !['queued', 'running', 'held'].includes(status);

export const triggers = ['manual', 'high-priority', 'scheduled', 'event', 'poll', 'force', 'revert', 'purge'] as const;
export type Trigger = (typeof triggers)[number];

export const priorities = ['high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

export const operations = ['insert', 'update', 'delete'] as const;
export type Operation = (typeof operations)[number];

export const decisionActions = ['resume', 'reject', 'supersede'] as const;
export type DecisionAction = (typeof decisionActions)[number];

export type ChangeState = 'proposed' | 'applied' | 'overtaken' | 'refused';

/** What a sync is limited to; a part left out is not limited. Keys are arrays of strings in the order of the file. */
export interface SyncScope {
  entityTypes?: string[];
  keys?: Record<string, string[][]>;
  operations?: Operation[];
  /** Only managed resources, and the links that lead from them. */
  managedOnly?: true;
  /**
   * `leave`: existing resources of `users: true` types keep their attributes. `only`: nothing but the attributes of existing
   * resources of such types; `entityTypes` and `operations` say so as well.
   */
  users?: UsersScope;
}

export const usersScopes = ['leave', 'only'] as const;
export type UsersScope = (typeof usersScopes)[number];

export interface LinkCounters {
  /** Before the sync. */
  stored: number;
  inserted: number;
  updated: number;
  deleted: number;
  rejected: number;
}

/** stored = updated + deleted + unchanged; rows read = accepted + rejected + duplicates + filtered. */
export interface EntityCounters {
  stored: number;
  inserted: number;
  updated: number;
  deleted: number;
  unchanged: number;
  read: number;
  rejected: number;
  duplicates: number;
  filtered: number;
  /** Deletes of resources that were withheld; left out where there are none. */
  withheld?: number;
  links: Record<string, LinkCounters>;
}

/** By name of entity type; also types of other connectors whose links are deleted with a resource. */
export type Counters = Record<string, EntityCounters>;

export interface ThresholdVerdict {
  /** `connector`, `<Type>` or `<Type>.<navigation property>`. */
  scope: string;
  name: string;
  /** As configured: lines, or a percentage. */
  limit: number;
  /** The limit in lines. */
  limitLines: number;
  stored: number;
  actual: number;
  exceeded: boolean;
}

export interface Hold {
  code: HoldCode;
  scope: string;
  message: string;
}

export interface Cause {
  code: CauseCode;
  entityType: string;
  property?: string;
  lines: number;
  message: string;
  /** Names of columns or properties, never row data. */
  examples: string[];
}

export interface Decision {
  action: DecisionAction;
  by: string;
  at: string;
  reason: string | null;
  digest: string;
}

export interface SyncFailure {
  code: SyncErrorCode;
  message: string;
  table?: string;
  line?: number;
  column?: string;
  offset?: number;
}

/** What a sync that has not ended waits for. */
export interface Waiting {
  /** `approval`: a decision of a person. `rate-limit`: the limits of a source. */
  reason: 'approval' | 'rate-limit';
  since: string;
  /** `rate-limit`: of which connection, by which of its limits, and in words. */
  connection?: string;
  limit?: 'concurrent' | 'requestsPerSecond';
  detail?: string;
}

/** A step of a sync failed in a way that another attempt may not meet. */
export interface Retry {
  /** The attempt that failed, from 1. */
  attempt: number;
  /** After which it is given up; null: it is tried for ever. */
  maximumAttempts: number | null;
  nextAt: string;
  code: SyncErrorCode;
  message: string;
}

/** By table, `<connection>/<table>` where two connections have one of this name: whether it was read to its end. */
export type Completeness = Record<
  string,
  {
    certified: boolean;
    reason?: string;
    /** An incremental sync left it out, since its connection cannot report changes; its rows and links are untouched. */
    skipped?: true;
  }
>;

/** When each task was at work. */
export type TaskTimes = Partial<Record<Task, { startedAt: string; endedAt?: string }>>;

/** One task of a sync: its status, when it ran, its counts. Counts exist once the task has them. */
export interface TaskResult {
  task: Task;
  status: SyncStatus;
  startedAt: string | null;
  endedAt: string | null;
  /** export: rows read; prepare: rows mapped. */
  rows?: number;
  /** prepare: rows that could not be used. */
  rejected?: number;
  /** synchronize and update-expressions: resources, and links, of the change set. */
  inserted?: number;
  updated?: number;
  deleted?: number;
  linksInserted?: number;
  linksUpdated?: number;
  linksDeleted?: number;
}

export interface RowError {
  entityType: string;
  table: string;
  line: number | null;
  column: string | null;
  property: string | null;
  key: string[] | null;
  code: RowCode;
  message: string;
  effect: ErrorEffect;
}

/** A sync as the API answers it. Times are RFC 3339 UTC. */
export interface Sync {
  id: string;
  connector: string;
  mode: SyncMode;
  requestedMode: SyncMode;
  tasks: Task[];
  scope: SyncScope | null;
  dryRun: boolean;
  status: SyncStatus;
  applied: boolean;
  trigger: Trigger;
  priority: Priority;
  job: string | null;
  executionId: string | null;
  syncedBy: string;
  configRevision: number;
  workflowId: string;
  runId: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** Until its work began; of one that is queued, until now. */
  queuedSeconds: number;
  phase: Task | null;
  /** Of each task that it has, in their order. */
  taskResults: TaskResult[];
  progress: { rowsExported: number; rowsPrepared: number; rowsRejected: number };
  completeness: Completeness;
  deletesWithheld: number;
  overtaken: number;
  digest: string | null;
  counters: Counters;
  thresholds: ThresholdVerdict[];
  holds: Hold[];
  causes: Cause[];
  waitingFor: Waiting | null;
  /** Set while a step that failed is to be tried again. */
  retry: Retry | null;
  decision: Decision | null;
  error: SyncFailure | null;
  /** When its changes, errors and log were removed, having been kept long enough. */
  changesRemovedAt: string | null;
}
