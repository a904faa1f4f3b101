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
  stored: count.describe('Before the sync'),
  inserted: count,
  updated: count,
  deleted: count,
  rejected: count,
});

const entityCountersSchema = z.object({
  stored: count.describe('Before the sync: updated + deleted + unchanged'),
  inserted: count,
  updated: count,
  deleted: count,
  unchanged: count,
  read: count.describe('Rows read: accepted + rejected + duplicates + filtered'),
  rejected: count,
  duplicates: count,
  filtered: count,
  withheld: count.optional().describe('Deletes of resources that were withheld; left out where there are none'),
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
    .describe('Keys by entity type: only these resources, as an item sync beside any other'),
  operations: z.array(operationSchema).min(1).optional(),
  managedOnly: z.boolean().optional().describe('Only managed resources, and the links that lead from them'),
  users: usersScopeSchema
    .optional()
    .describe(
      'leave: existing resources of `users: true` types keep their attributes; only: nothing but those attributes is updated',
    ),
});

const taskResultSchema = z
  .object({
    task: taskSchema,
    status: statusSchema.describe(
      'queued: its turn has not come; skipped: it was not needed, or an earlier one failed',
    ),
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    rows: count.optional().describe('export: read; prepare: mapped'),
    rejected: count.optional().describe('prepare: rows that could not be used'),
    inserted: count.optional().describe('Resources of the change set; after a task that found one'),
    updated: count.optional(),
    deleted: count.optional(),
    linksInserted: count.optional(),
    linksUpdated: count.optional(),
    linksDeleted: count.optional(),
  })
  .meta({ id: 'TaskResult' });

/** What keeps a sync from going on. */
export const waitingForSchema = z
  .object({
    reason: z.enum(['approval', 'rate-limit']),
    since: timeSchema,
    connection: z.string().optional(),
    limit: z.enum(['concurrent', 'requestsPerSecond']).optional(),
    detail: z.string().optional(),
  })
  .nullable()
  .describe('rate-limit: the limits of a connection allow no more just now; the others tell which');

export const retrySchema = z
  .object({
    attempt: z.int().describe('The attempt that failed, from 1'),
    maximumAttempts: z.int().nullable().describe('null: it is tried for ever'),
    nextAt: timeSchema,
    code: syncErrorCodeSchema,
    message: z.string(),
  })
  .nullable()
  .describe('Set while a step that failed is to be tried again');

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
    queuedSeconds: z.number().min(0).describe('Until its work began; of one that is queued, until now'),
    phase: taskSchema.nullable(),
    taskResults: z.array(taskResultSchema).describe('Of each of its tasks, in their order'),
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
            .describe('An incremental sync left it out: its connection cannot tell changes'),
        }),
      )
      .describe('By table: whether the source proved that it was read to its end'),
    deletesWithheld: count,
    overtaken: count,
    digest: z.string().nullable().describe('Of the exact changes; resume and reject name it'),
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
    changesRemovedAt: timeSchema
      .nullable()
      .describe('When its changes, errors and log were removed, having been kept long enough'),
    self: z.string(),
  })
  .meta({ id: 'Sync' });

export const syncRequestSchema = z
  .strictObject({
    mode: modeSchema.default('complete'),
    tasks: z.array(taskSchema).min(1).max(4).optional().describe('All Tasks when left out'),
    scope: scopeSchema.optional(),
    dryRun: z.boolean().default(false).describe('As far as the verdicts; nothing is held or applied'),
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
    before: z.unknown().describe('Values before, of an update only those that differ; a link: its target'),
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
    connectors: z.array(z.string()).min(1).max(1000).optional().describe('All active connectors when left out'),
  })
  .meta({ id: 'SeveralRequest' });

export const startedSchema = z
  .object({
    items: z.array(
      z.object({
        connector: z.string(),
        syncId: z.string().nullable(),
        status: statusSchema.describe('Of the sync that was started; skipped where there is none'),
        sync: z.union([syncSchema, z.null()]),
        reason: z.string().nullable().describe('Why there is none: a problem code'),
        detail: z.string().nullable(),
        met: z.string().nullable().describe('Id of the sync that is in the way'),
      }),
    ),
    nextCursor: z.string().nullable().describe('null: they are all here'),
  })
  .meta({ id: 'StartedSyncs' });
