import type { ConnectorPackage } from '../connectors/package.ts';
import type { WritePackage } from '../connectors/write-package.ts';
import type { ScheduledJob } from '../domain/job.ts';
import type { Retention } from '../domain/retention.ts';
import type { DecisionAction, Priority, SyncMode, Task, Trigger } from '../domain/sync.ts';
import type { Database } from '../repository/database.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { PendingStep } from './pending-step.ts';

/** What the activities work with; the worker's entry makes it. */
export interface Dependencies {
  db: Database;
  /** For connections outside the pool, which `COPY` needs. */
  databaseUrl: string;
  store: ExportStore;
  packages: { get(name: string): ConnectorPackage };
  /** The write sides of packages; undefined: the package writes nothing. */
  writers: { get(name: string): WritePackage | undefined };
  /** Absolute folders whose files connectors may name as secrets. */
  secretFolders: readonly string[];
  /** Version of the product: another one may map the same files to something else. */
  version: string;
  workflows: WorkflowRegister;
  retention: Retention;
  schedules: ScheduleRegister;
  /** Connectors that an execution of a job synchronises at once. */
  jobConcurrency: number;
}

/** Temporal's schedules of our jobs. */
export interface ScheduleRegister {
  /** Names of the jobs that have one. */
  list(): Promise<string[]>;
  /** Makes a job's schedule equal to the job, if it differs. @returns whether it differed */
  put(job: ScheduledJob): Promise<boolean>;
  remove(job: string): Promise<void>;
}

/** A decision as the workflow of a held sync takes it. */
export interface AskedDecision {
  action: DecisionAction;
  digest: string;
  decisionId: string;
}

/** A recorded sync of the whole of a connector, whose workflow is to be started. */
export interface NewSync {
  syncId: string;
  connector: string;
  mode: SyncMode;
  tasks: Task[];
  trigger: Trigger;
  priority: Priority;
}

/** What reconcile and refreshes ask Temporal. */
export interface WorkflowRegister {
  /** Whether this run is still going on; a run id of null means any run of the id. */
  isOpen(workflowId: string, runId: string | null): Promise<boolean>;
  /** What Temporal knows of a step of a workflow that has not ended; undefined if it does not wait for such a step. */
  pendingStep(workflowId: string, runId: string, type: string): Promise<PendingStep | undefined>;
  /** Open syncs that this installation started, as Temporal lists them, which may be a little late. */
  openSyncs(): Promise<{ workflowId: string; runId: string; syncId: string }[]>;
  /**
   * Open polls as Temporal lists them, which may be a little late; `own`: whether this installation started it, null if
   * its version did not tell.
   */
  openPolls(): Promise<{ connector: string; connection: string; own: boolean | null }[]>;
  /** Wakes a poll, so that it reads the tables. A poll that does not run is started if `start` is true. */
  wakePoll(connector: string, connection: string, start: boolean): Promise<void>;
  /** The workflow id of the syncs of a connector. */
  syncWorkflowId(connector: string): string;
  /** Starts the workflow of a recorded sync. @returns false if another sync has the workflow id */
  startSync(workflowId: string, sync: NewSync): Promise<boolean>;
  /** Sees that the orders of a target are sent. @param target number of the connector that keeps its profiles, and the name of the target's */
  nudgeOrders(target: { id: number; connector: string }): Promise<void>;
  /** Asks the workflow of a held sync for a decision. A refusal is no error: Postgres has what counts. */
  decide(workflowId: string, runId: string | null, updateId: string, decision: AskedDecision): Promise<void>;
  /** A workflow that has ended by itself is as good as terminated. */
  terminate(workflowId: string, runId: string, reason: string): Promise<void>;
}
