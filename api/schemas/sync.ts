import { z } from 'zod';
import {
  causeCodeSchema,
  changeStateSchema,
  effectSchema,
  holdCodeSchema,
  keySchema,
  modeSchema,
  operationSchema,
  prioritySchema,
  rowCodeSchema,
  statusSchema,
  syncErrorCodeSchema,
  taskSchema,
  timeSchema,
  triggerSchema,
  usersScopeSchema,
} from './words.ts';

const count = z.int().min(0);

const linkCountersSchema = z.object({
  stored: count.describe('Stored before the sync'),
  inserted: count,
  updated: count,
  deleted: count,
  rejected: count,
});

const entityCountersSchema = z.object({
  stored: count.describe('Stored before the sync: updated + deleted + unchanged'),
  inserted: count,
  updated: count,
  deleted: count,
  unchanged: count,
  read: count.describe('Rows read: accepted + rejected + duplicates + filtered'),
  rejected: count,
  duplicates: count,
  filtered: count,
  withheld: count.optional().describe('Withheld deletes of resources; absent if there are none'),
  links: z.record(z.string(), linkCountersSchema).describe('By navigation property'),
});

export const decisionSchema = z.object({
  action: z.enum(['resume', 'reject', 'supersede']),
  by: z.string(),
  at: timeSchema,
  reason: z.string().nullable(),
  digest: z.string(),
});

export const scopeSchema = z.strictObject({
  entityTypes: z.array(z.string()).min(1).optional(),
  keys: z
    .record(z.string(), z.array(keySchema).min(1).max(1000))
    .optional()
    .describe('Keys by entity type: an item sync of only these resources, which may run beside any other sync'),
  operations: z.array(operationSchema).min(1).optional(),
  managedOnly: z.boolean().optional().describe('Only managed resources, and the links that lead from them'),
  users: usersScopeSchema
    .optional()
    .describe(
      'leave: existing resources of `users: true` types keep their attributes; only: the sync updates only those attributes',
    ),
});

const taskResultSchema = z
  .object({
    task: taskSchema,
    status: statusSchema.describe('queued: it has not begun; skipped: it was not needed, or an earlier task failed'),
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    rows: count.optional().describe('export: read; prepare: mapped'),
    rejected: count.optional().describe('prepare: rows that could not be used'),
    inserted: count.optional().describe('Resources of the change set, after a task that made one'),
    updated: count.optional(),
    deleted: count.optional(),
    linksInserted: count.optional(),
    linksUpdated: count.optional(),
    linksDeleted: count.optional(),
  })
  .meta({ id: 'TaskResult' });

/** What a sync waits for. */
export const waitingForSchema = z
  .object({
    reason: z.enum(['approval', 'rate-limit']),
    since: timeSchema,
    connection: z.string().optional(),
    limit: z.enum(['concurrent', 'requestsPerSecond']).optional(),
    detail: z.string().optional(),
  })
  .nullable()
  .describe(
    'Why the sync waits. rate-limit: the limits of a connection are reached; the other fields name the connection and the limit',
  );

export const retrySchema = z
  .object({
    attempt: z.int().describe('The attempt that failed, from 1'),
    maximumAttempts: z.int().nullable().describe('null: no limit'),
    nextAt: timeSchema,
    code: syncErrorCodeSchema,
    message: z.string(),
  })
  .nullable()
  .describe('Set while a failed step waits for its next attempt');

export const syncSchema = z
  .object({
    id: z.string(),
    connector: z.string(),
    mode: modeSchema.describe('The mode it ran in'),
    requestedMode: modeSchema,
    tasks: z.array(taskSchema),
    scope: scopeSchema.nullable(),
    dryRun: z.boolean(),
    status: statusSchema,
    applied: z.boolean().describe('true once apply has committed, also with nothing to change'),
    trigger: triggerSchema,
    priority: prioritySchema,
    job: z.string().nullable(),
    executionId: z.string().nullable(),
    syncedBy: z.string(),
    configRevision: z.int(),
    workflowId: z.string(),
    runId: z.string().nullable(),
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    queuedSeconds: z.number().min(0).describe('Until its first step began; while it is queued, until now'),
    phase: taskSchema.nullable(),
    taskResults: z.array(taskResultSchema).describe('The result of each task, in order'),
    progress: z.object({ rowsExported: count, rowsPrepared: count, rowsRejected: count }),
    completeness: z
      .record(
        z.string(),
        z.object({
          certified: z.boolean(),
          reason: z.string().optional(),
          skipped: z
            .literal(true)
            .optional()
            .describe(
              'Whether an incremental sync did not read the table, because its connection cannot report changes',
            ),
        }),
      )
      .describe('By table: whether the source proved that it was read to its end'),
    deletesWithheld: count,
    overtaken: count,
    digest: z.string().nullable().describe('The digest of the exact changes; resume and reject need it'),
    counters: z.record(z.string(), entityCountersSchema).describe('By entity type'),
    thresholds: z.array(
      z.object({
        scope: z.string().describe('connector, an entity type, or <Type>.<navigation property>'),
        name: z.string(),
        limit: z.number(),
        limitLines: z.number(),
        stored: count,
        actual: count,
        exceeded: z.boolean(),
      }),
    ),
    holds: z.array(z.object({ code: holdCodeSchema, scope: z.string(), message: z.string() })),
    causes: z.array(
      z.object({
        code: causeCodeSchema,
        entityType: z.string(),
        property: z.string().optional(),
        lines: count,
        message: z.string(),
        examples: z.array(z.string()),
      }),
    ),
    waitingFor: waitingForSchema,
    retry: retrySchema,
    decision: decisionSchema.nullable(),
    error: z
      .object({
        code: syncErrorCodeSchema,
        message: z.string(),
        table: z.string().optional(),
        line: z.int().optional(),
        column: z.string().optional(),
        offset: z.int().optional(),
      })
      .nullable(),
    changesRemovedAt: timeSchema.nullable().describe('When its changes, errors and log were removed by the clean-up'),
    self: z.string(),
  })
  .meta({ id: 'Sync' });

export const syncRequestSchema = z
  .strictObject({
    mode: modeSchema.default('complete'),
    tasks: z.array(taskSchema).min(1).max(4).optional().describe('Default: All Tasks'),
    scope: scopeSchema.optional(),
    dryRun: z.boolean().default(false).describe('Stop after the verdicts; nothing is held or applied'),
    priority: prioritySchema.default('normal'),
    supersede: z.uuid('the id of a held sync').optional().describe('The held sync that this one replaces'),
  })
  .meta({ id: 'SyncRequest' });
export type SyncBody = z.output<typeof syncRequestSchema>;

const targetSchema = z.object({ entityType: z.string(), key: keySchema });

export const changeSchema = z
  .object({
    entityType: z.string(),
    kind: z.enum(['resource', 'link']),
    operation: operationSchema,
    key: keySchema,
    property: z.string().optional().describe('Links: the navigation property'),
    target: targetSchema.optional(),
    before: z.unknown().describe('The values before; for an update only those that differ; for a link its target'),
    after: z.unknown(),
    state: changeStateSchema,
  })
  .meta({ id: 'Change' });

export const rowErrorSchema = z
  .object({
    entityType: z.string(),
    table: z.string(),
    line: z.int().nullable(),
    column: z.string().nullable(),
    property: z.string().nullable(),
    key: keySchema.nullable(),
    code: rowCodeSchema,
    message: z.string(),
    effect: effectSchema,
  })
  .meta({ id: 'RowError' });

export const logLineSchema = z
  .object({
    seq: z.int(),
    at: timeSchema,
    task: taskSchema.nullable(),
    level: z.enum(['info', 'warn', 'error']),
    message: z.string(),
  })
  .meta({ id: 'LogLine' });

export const severalRequestSchema = z
  .strictObject({
    connectors: z.array(z.string()).min(1).max(1000).optional().describe('Default: all active connectors'),
  })
  .meta({ id: 'SeveralRequest' });

export const startedSchema = z
  .object({
    items: z.array(
      z.object({
        connector: z.string(),
        syncId: z.string().nullable(),
        status: statusSchema.describe('The status of the started sync; skipped if none was started'),
        sync: z.union([syncSchema, z.null()]),
        reason: z.string().nullable().describe('If no sync was started: the problem code'),
        detail: z.string().nullable(),
        met: z.string().nullable().describe('Id of the sync that is in the way'),
      }),
    ),
    nextCursor: z.string().nullable().describe('Always null: the list is complete'),
  })
  .meta({ id: 'StartedSyncs' });
