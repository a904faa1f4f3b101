import { modeReasonCodes } from '../../domain/mode-reason.ts';
import { z } from 'zod';
import { decidedActions, holdStages, meantWords, windowPeriods } from '../../domain/sync.ts';
import { whatMaySchema } from './may.ts';
import { overridesSchema } from './overrides.ts';
import {
  causeCodeSchema,
  certificateCodeSchema,
  changeStateSchema,
  effectSchema,
  holdCodeSchema,
  keySchema,
  kindSchema,
  modeSchema,
  operationSchema,
  prioritySchema,
  revertThenSchema,
  rowCodeSchema,
  statusSchema,
  syncErrorCodeSchema,
  taskSchema,
  timeSchema,
  triggerSchema,
  undoneWatchSchema,
  usersScopeSchema,
} from './words.ts';

const count = z.int().min(0);

const linkCountersSchema = z.object({
  stored: count.describe('Stored before the sync'),
  inserted: count,
  updated: count,
  deleted: count,
  rejected: count,
  withheld: count.optional().describe('Withheld deletes; absent if there are none'),
  kept: count.optional().describe('Links that stay since a value newly matches nothing; absent if there are none'),
  suppressed: count.optional().describe('Changes that are equal to refused ones; absent if there are none'),
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
  suppressed: count.optional().describe('Changes equal to refused ones, among unchanged; absent if there are none'),
  links: z.record(z.string(), linkCountersSchema).describe('By navigation property'),
});

/** The six counts of a change set. */
export const changeCountsSchema = z.object({
  deleted: count,
  updated: count,
  inserted: count,
  linksDeleted: count,
  linksUpdated: count,
  linksInserted: count,
});

export const decisionSchema = z.object({
  action: z.enum(decidedActions),
  by: z.string(),
  byName: z.string(),
  at: timeSchema,
  reason: z.string().nullable(),
  digest: z.string().describe('Of what was decided on: the change set, or a draft'),
  draftId: z.string().nullable().describe('The draft that was decided on'),
  counts: changeCountsSchema.nullable().describe('resume: what the digest applies'),
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

export const thresholdVerdictSchema = z
  .object({
    scope: z.string().describe('connector, an entity type, or <Type>.<navigation property>'),
    name: z.string().describe('A threshold as the connector file spells it, or watch'),
    limit: z.number(),
    limitLines: z.number().describe('The limit in lines or links'),
    stored: count.describe('What a percentage is of; for a window also what the period has deleted'),
    actual: count,
    exceeded: z.boolean(),
    window: z.enum(windowPeriods).optional().describe('The period, if this is the limit of a window'),
    earlier: count.optional().describe('Of actual: deleted by earlier syncs in the window'),
    watch: z
      .object({
        limit: z.enum(['maximumLines', 'maxPercentageLines']).describe('Which limit of the watch this is'),
        property: z.string().optional().describe('Absent at navigation properties: there, links are counted'),
        to: z.array(z.union([z.string(), z.array(z.string())])).describe('The watched values, or keys of targets'),
        from: z.array(z.string()).optional(),
      })
      .optional(),
    configured: z.number().optional().describe('The limit of the connector file, if this sync overrides it'),
  })
  .meta({ id: 'ThresholdVerdict' });

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
    stage: z.enum(holdStages).optional().describe('approval: how far the wait has come'),
    remindAt: timeSchema.nullable().optional().describe('approval: when the sync reminds; null: it does not'),
    escalateAt: timeSchema.nullable().optional().describe('approval: when the sync escalates; null: it does not'),
    expiresAt: timeSchema.nullable().optional().describe('approval: when the sync is rejected; null: it is not'),
    connection: z.string().optional(),
    limit: z
      .enum(['concurrent', 'requestsPerSecond', 'source'])
      .optional()
      .describe('source: the source itself says that it is busy'),
    detail: z.string().optional(),
  })
  .nullable()
  .describe(
    'Why the sync waits. approval: for a decision, with the times of its reminder, escalation and expiry. rate-limit: the limits of a connection are reached; the other fields name the connection and the limit',
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

export const causeSchema = z
  .object({
    id: z.string().describe('Unique in its sync'),
    code: causeCodeSchema,
    entityType: z.string(),
    property: z.string().optional(),
    lines: count.describe('The number of proposed changes that it explains'),
    share: z.number().min(0).max(1).describe('lines of all proposed changes; shares may add up to more than 1'),
    message: z.string(),
    examples: z.array(z.string()),
    evidence: z.object({
      counts: z.record(z.string(), z.number()).describe('What was counted, by its name'),
      changes: z.array(z.string()).max(3).describe('Ids of changes that it explains'),
    }),
    hint: z.string().describe('What to do'),
    meant: z.enum(meantWords).describe('How often such a change set was meant'),
    syncId: z.string().optional().describe('The earlier sync that it is about'),
  })
  .meta({ id: 'Cause' });

export const holdSchema = z.object({
  code: holdCodeSchema,
  scope: z.string(),
  message: z.string(),
  revert: z
    .object({ syncId: z.string(), reason: z.string(), changes: count, first: z.array(z.string()) })
    .optional()
    .describe(
      'undone-again: the revert, its reason, how many changes would make again what it undid, and the ids of the first 100',
    ),
});

/** The changes of a sync beside those of the held sync that it refreshes. */
export const comparedSchema = z
  .object({
    with: z.string().describe('The held sync'),
    same: count,
    new: count.describe('Only this sync has them'),
    gone: count.describe('Only the held sync had them'),
    changed: count.describe('The same resource or link with another outcome'),
  })
  .describe('Its proposed changes beside those of the sync that it refreshes; null if it refreshes none');

export const syncSchema = z
  .object({
    id: z.string(),
    connector: z.string(),
    kind: kindSchema,
    mode: modeSchema.describe('The mode it ran in'),
    requestedMode: modeSchema,
    modeReason: z
      .object({ code: z.enum(modeReasonCodes), message: z.string() })
      .nullable()
      .describe('Why an incremental sync became complete; else null'),
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
    refreshes: z.string().nullable().describe('The held sync that this one replaces, read again'),
    compared: comparedSchema.nullable(),
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
          code: certificateCodeSchema.optional().describe('Why it is not certified, or a remark on the proof'),
          reason: z.string().optional(),
          mode: modeSchema.optional().describe('How the table was read'),
          checkpoint: z
            .object({ name: z.string(), at: timeSchema })
            .optional()
            .describe('Where the next incremental read can begin if the sync is applied, and when this read began'),
          skipped: z
            .literal(true)
            .optional()
            .describe(
              'Whether an incremental sync did not read the table, because its source cannot report changes of it',
            ),
        }),
      )
      .describe('By table: whether the source proved that it was read to its end'),
    deletesWithheld: count,
    overtaken: count,
    digest: z.string().nullable().describe('The digest of the exact changes; resume and reject need it'),
    counters: z.record(z.string(), entityCountersSchema).describe('By entity type, of the proposed changes'),
    appliedCounters: z
      .record(z.string(), entityCountersSchema)
      .nullable()
      .describe('The same of what was applied; null if nothing was'),
    outcome: z
      .object({
        applied: count,
        overtaken: count,
        refused: count,
        deferred: count,
        suppressed: count,
        withheld: count,
      })
      .nullable()
      .describe('How many changes of the list have which state; null before there is a change set'),
    thresholds: z.array(thresholdVerdictSchema),
    holds: z.array(holdSchema),
    causes: z.array(causeSchema).describe('Likely causes of its changes, the most likely first'),
    waitingFor: waitingForSchema,
    retry: retrySchema,
    decision: decisionSchema.nullable(),
    overrides: overridesSchema.nullable().describe('Limits for this sync alone, and why'),
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
    reverts: z.array(z.string()).describe('A revert: ids of the syncs that it undoes, the oldest first; else empty'),
    then: revertThenSchema.nullable().describe('A revert: what happens to syncs that would make again what it undid'),
    reason: z.string().nullable().describe('A revert: why it was asked for'),
    undoneWatch: undoneWatchSchema
      .nullable()
      .describe(
        'An applied revert with `then: hold`: open while syncs that would make again what it undid are held; then why that ended',
      ),
    revertedBy: z.string().nullable().describe('Id of the applied revert that undid this sync'),
    changesRemovedAt: timeSchema.nullable().describe('When its changes, errors and log were removed by the clean-up'),
    may: whatMaySchema,
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
    overrides: overridesSchema
      .optional()
      .describe(
        'Limits for this sync alone. Its deletes count in windows. Windows, watches and the holds that no limit decides stay as they are',
      ),
    supersede: z.uuid('the id of a held sync').optional().describe('The held sync that this one replaces'),
  })
  .meta({ id: 'SyncRequest' });
export type SyncBody = z.output<typeof syncRequestSchema>;

const labelSchema = z.string().nullable().describe('The label at the time of the sync; null if there is none');
const targetSchema = z.object({ entityType: z.string(), key: keySchema, label: labelSchema });

export const changeSchema = z
  .object({
    id: z.string().describe('Unique in its sync'),
    entityType: z.string(),
    kind: z.enum(['resource', 'link']),
    operation: operationSchema,
    key: keySchema,
    label: labelSchema,
    property: z.string().optional().describe('Links: the navigation property'),
    target: targetSchema.optional(),
    before: z.unknown().describe('The values before; for an update only those that differ; for a link its target'),
    after: z.unknown(),
    state: changeStateSchema,
    decision: z.enum(['apply', 'refuse', 'defer']).optional().describe('With `draft`: what it decides of the change'),
  })
  .meta({ id: 'Change' });

export const rowErrorSchema = z
  .object({
    entityType: z.string(),
    table: z.string(),
    line: z.int().nullable().describe('null for sources without lines'),
    position: z
      .string()
      .nullable()
      .describe('Where people find it in the source: `line 12`, `row 7`, a distinguished name'),
    column: z.string().nullable(),
    property: z.string().nullable(),
    key: keySchema.nullable(),
    value: z.string().nullable().describe('Of a link: the value that matches nothing, or several; null for all others'),
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
