import type { ModeReason } from './mode-reason.ts';
import type { SyncOverrides } from './thresholds/names.ts';
import type { CauseCode, CertificateCode, ErrorEffect, HoldCode, RowCode, SyncErrorCode } from './codes.ts';
import type { Trigger } from './trigger.ts';
import type { Compared } from './compared.ts';
import type { ReviewTimes } from './review/times.ts';

/** The words of a sync (model.md, api.md), as the API answers them and Postgres stores them. */

export const syncModes = ['complete', 'incremental'] as const;
export type SyncMode = (typeof syncModes)[number];

export const tasks = ['export', 'prepare', 'synchronize', 'update-expressions'] as const;
/** With those of syncs that have no source: `map` of the directory, `compute` and `provision` of targets. */
export const allTasks = [...tasks, 'map', 'compute', 'provision'] as const;
export type Task = (typeof allTasks)[number];

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

export { findsChangesItself, triggers, type Trigger } from './trigger.ts';

/** What happens to syncs that would make again what a revert undid. */
export const revertThens = ['hold', 'refuse', 'nothing'] as const;
export type RevertThen = (typeof revertThens)[number];

/**
 * Of an applied revert with `then: hold`. `open`: whole syncs that would make again what it undid are held. `resumed`: one of
 * them was resumed. `gone`: the source no longer says so. `reverted`: the revert was undone itself.
 */
export const undoneWatches = ['open', 'resumed', 'gone', 'reverted'] as const;
export type UndoneWatch = (typeof undoneWatches)[number];

export const priorities = ['high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

export const operations = ['insert', 'update', 'delete'] as const;
export type Operation = (typeof operations)[number];

/** What a held sync can be told. */
export const decisionActions = ['resume', 'reject', 'supersede'] as const;
export type DecisionAction = (typeof decisionActions)[number];

/** What may have been decided of a sync. */
export const decidedActions = [...decisionActions, 'expire', 'override'] as const;
export type DecidedAction = (typeof decidedActions)[number];

export const changeStates = [
  'proposed',
  'applied',
  'overtaken',
  'refused',
  'deferred',
  'suppressed',
  'withheld',
  'dropped',
] as const;
export type ChangeState = (typeof changeStates)[number];

/** How many rows of a change list have a fate of their own. A fate that no row has may be left out. */
export type FateCounts = Partial<Record<'overtaken' | 'refused' | 'deferred' | 'suppressed' | 'withheld', number>>;

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
  /** Deletes that were withheld; left out if there are none. */
  withheld?: number;
  /** Links that stay this time, because a value of their source newly matches nothing; left out if there are none. */
  kept?: number;
  /** Changes that are equal to refused ones; left out if there are none. */
  suppressed?: number;
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
  /** Deletes of resources that were withheld; left out if there are none. */
  withheld?: number;
  /** Changes that are equal to refused ones, updates and deletes among `unchanged`; left out if there are none. */
  suppressed?: number;
  links: Record<string, LinkCounters>;
}

/** By name of entity type; also types of other connectors whose links are deleted with a resource. */
export type Counters = Record<string, EntityCounters>;

/** A limit and what it was compared with. */
export interface ThresholdVerdict {
  /** `connector`, `<Type>` or `<Type>.<navigation property>`. */
  scope: string;
  /** A threshold as the connector file spells it, or `watch`. */
  name: string;
  /** As configured: lines, or a percentage. */
  limit: number;
  /** The limit in lines. */
  limitLines: number;
  /** What a percentage is of; for a window also what the period has deleted. */
  stored: number;
  actual: number;
  exceeded: boolean;
  /** The period, if the limit is one of a window. */
  window?: WindowPeriod;
  /** Of `actual`, what earlier syncs have deleted in the window. */
  earlier?: number;
  /** The watch, if the limit is one of a watch. */
  watch?: WatchLimit;
  /** The limit of the connector file, if the sync overrides it. */
  configured?: number;
}

/** Periods in which deletes add up. */
export const windowPeriods = ['24h', '7d'] as const;
export type WindowPeriod = (typeof windowPeriods)[number];

/** What a watch counts, as the connector file has it, and which of its limits this is. */
export interface WatchLimit {
  limit: 'maximumLines' | 'maxPercentageLines';
  /** Of entity types; a watch of a navigation property counts its links. */
  property?: string;
  /** Values, or keys of targets; a key of several parts is a list. */
  to: readonly (string | readonly string[])[];
  /** Only resources that had one of these values before. */
  from?: readonly string[];
}

export interface Hold {
  code: HoldCode;
  scope: string;
  message: string;
  /** `undone-again`: the revert, why it was asked for, how many changes would make again what it undid, and the first ids. */
  revert?: { syncId: string; reason: string; changes: number; first: string[] };
}

/** How often a change set that looks like this was meant: is the cause an accident, or was somebody at work? */
export const meantWords = ['hardly-ever', 'maybe', 'often'] as const;
export type Meant = (typeof meantWords)[number];

/**
 * A likely cause of a change set. `message`, `hint` and `examples` have names of the configuration and counts, never a value
 * of a row: values are read through the ids in `evidence.changes`.
 */
export interface Cause {
  /** Unique in its sync: `c1`, `c2`, … in their order. */
  id: string;
  code: CauseCode;
  entityType: string;
  property?: string;
  /** The proposed changes that it explains. Causes that are about rejected rows may explain none. */
  lines: number;
  /** `lines` of all proposed changes, 0 to 1. The shares of several causes may add up to more than 1. */
  share: number;
  message: string;
  /** Names of columns or properties, never row data. */
  examples: string[];
  evidence: {
    /** What was counted, by its name. */
    counts: Record<string, number>;
    /** At most three ids of changes, as `r123` or `l45`. */
    changes: string[];
  };
  /** What to do, in a sentence or two. */
  hint: string;
  meant: Meant;
  /** The earlier sync that it is about. */
  syncId?: string;
}

/** How many rows of a change set do what: the six figures that a decision confirms. */
export interface ChangeCounts {
  deleted: number;
  updated: number;
  inserted: number;
  linksDeleted: number;
  linksUpdated: number;
  linksInserted: number;
}

export interface Decision {
  action: DecidedAction;
  /** `user:…`, `system`, or `temporal` for a bare signal. */
  by: string;
  byName: string;
  at: string;
  reason: string | null;
  /** Of what was decided on: the change set, or a draft. */
  digest: string;
  draftId: string | null;
  /** What the digest of a resume applies. */
  counts: ChangeCounts | null;
}

export interface SyncFailure {
  code: SyncErrorCode;
  message: string;
  table?: string;
  line?: number;
  column?: string;
  offset?: number;
}

/** How far a held sync is: whether it has reminded, and whether it has escalated. */
export const holdStages = ['waiting', 'reminded', 'escalated'] as const;
export type HoldStage = (typeof holdStages)[number];

/** What a sync that has not ended waits for. */
export interface Waiting extends Partial<ReviewTimes> {
  /** `approval`: a decision of a person. `rate-limit`: the limits of a source. */
  reason: 'approval' | 'rate-limit';
  since: string;
  /** `approval`; syncs that an earlier version held have neither this nor the times. */
  stage?: HoldStage;
  /** `rate-limit`: of which connection, by which of its limits (`source`: the source says that it is busy), and in words. */
  connection?: string;
  limit?: 'concurrent' | 'requestsPerSecond' | 'source';
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

/** By table (`<connection>/<table>` if two connections have a table of this name): whether it was read to its end. */
export type Completeness = Record<
  string,
  {
    certified: boolean;
    code?: CertificateCode;
    reason?: string;
    /** How it was read. */
    mode?: SyncMode;
    /** Where the next incremental read can begin, if the sync is applied; when the read began. */
    checkpoint?: { name: string; at: string };
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
  /** null for sources without lines. */
  line: number | null;
  /** `line 12`, `row 7`, a distinguished name. */
  position: string | null;
  column: string | null;
  property: string | null;
  key: string[] | null;
  value: string | null;
  code: RowCode;
  message: string;
  effect: ErrorEffect;
}

/** What became of the rows of a change list. */
export interface Outcome {
  applied: number;
  overtaken: number;
  refused: number;
  deferred: number;
  suppressed: number;
  withheld: number;
}

/** A sync as the API answers it. Times are RFC 3339 UTC. */
export interface Sync {
  id: string;
  connector: string;
  mode: SyncMode;
  requestedMode: SyncMode;
  modeReason: ModeReason | null;
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
  /** Id of the held sync that this one is to take the place of, or has. */
  refreshes: string | null;
  /** Its changes beside those of that sync. */
  compared: Compared | null;
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
  /** Of what was applied; null if nothing was. */
  appliedCounters: Counters | null;
  /** Null before there is a change set. */
  outcome: Outcome | null;
  thresholds: ThresholdVerdict[];
  holds: Hold[];
  causes: Cause[];
  waitingFor: Waiting | null;
  /** Set while a step that failed is to be tried again. */
  retry: Retry | null;
  decision: Decision | null;
  /** Limits for this sync alone. */
  overrides: SyncOverrides | null;
  error: SyncFailure | null;
  /** A revert: ids of the syncs that it undoes, in the order in which they were applied. Empty for any other sync. */
  reverts: string[];
  /** A revert: what happens to syncs that would make again what it undoes. */
  then: RevertThen | null;
  /** A revert: why it was asked for. */
  reason: string | null;
  undoneWatch: UndoneWatch | null;
  /** Id of the applied revert that undid the sync, as long as that revert is not undone itself. */
  revertedBy: string | null;
  /** When its changes, errors and log were removed, having been kept long enough. */
  changesRemovedAt: string | null;
}
