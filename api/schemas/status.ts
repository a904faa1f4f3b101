import { z } from 'zod';
import { breakerStates } from '../../domain/breaker.ts';
import { needsCompleteCodes } from '../../domain/needs-complete.ts';
import { clearings } from '../../repository/open-errors-list.ts';
import { causeSchema, retrySchema, waitingForSchema } from './sync.ts';
import {
  keySchema,
  modeSchema,
  openErrorCodeSchema,
  prioritySchema,
  statusSchema,
  taskSchema,
  timeSchema,
  triggerSchema,
} from './words.ts';

export const openEffectSchema = z.enum(['row-rejected', 'link-rejected', 'sync-failed']);
const clearedBySchema = z
  .enum(clearings)
  .describe(
    'What clears it: `read`, an applied sync that reads its object without the error; `any-sync`, a successful sync; `whole-sync`, one of everything; `complete-sync`, a complete one of everything',
  );

export const openErrorSchema = z
  .object({
    firstSeen: timeSchema.describe('Since when the error is open'),
    lastSeen: timeSchema.describe('When the last sync with this error began to read, or failed'),
    connector: z.string(),
    entityType: z.string().optional().describe('Absent if a whole sync failed'),
    key: keySchema.optional().describe('Absent if the key of the row could not be read'),
    property: z.string().optional(),
    column: z.string().optional(),
    code: openErrorCodeSchema,
    message: z.string(),
    effect: openEffectSchema,
    clearedBy: clearedBySchema,
    occurrences: z.int().min(1).describe('The number of rows or links with this error when it was last seen'),
    table: z.string().optional(),
    line: z.int().optional().describe('The first line with this error; absent for sources without lines'),
    position: z
      .string()
      .optional()
      .describe('The first place with this error: `line 12`, `row 7`, a distinguished name'),
    syncId: z.string().describe('The last sync with this error'),
  })
  .meta({ id: 'SyncError' });

export const openErrorGroupSchema = z
  .object({
    code: openErrorCodeSchema,
    connector: z.string(),
    entityType: z.string().optional().describe('Absent if whole syncs failed'),
    property: z.string().optional().describe('Absent if the errors are of no property'),
    effects: z.array(openEffectSchema),
    clearedBy: z.array(clearedBySchema),
    errors: z.int().min(1),
    occurrences: z.int().min(1).describe('The number of rows or links with these errors when they were last seen'),
    firstSeen: timeSchema.describe('Since when the oldest of them is open'),
    lastSeen: timeSchema.describe('When the newest of them was last seen'),
  })
  .meta({ id: 'SyncErrorGroup' });

const count = z.int().min(0);

const mentionSchema = z.object({
  syncId: z.string(),
  at: timeSchema.describe('When it was applied or ended; else when it was started'),
  status: statusSchema,
  phase: taskSchema.nullable(),
  mode: modeSchema,
  trigger: triggerSchema.describe('How it was started: manual, high-priority, scheduled, …'),
  priority: prioritySchema,
  job: z.string().nullable(),
  executionId: z.string().nullable(),
  syncedBy: z.string().describe('The person who started it; system if nobody did'),
  applied: z.boolean(),
});

const causedSchema = mentionSchema.extend({
  causes: z.array(causeSchema).describe('Likely causes of its changes, the most likely first'),
});

export const nextSyncSchema = z
  .object({
    at: timeSchema,
    job: z.string().nullable(),
    connection: z.string().nullable().describe('The connection, if it is a poll'),
  })
  .nullable()
  .describe('The next job or poll that includes it; null if none is planned');

export const countsSchema = z.object({
  impacted: count.describe('Objects that syncs have read: succeeded + partial + failed'),
  succeeded: count.describe('Stored as the source has them'),
  unsynced: count.describe(
    'Stored, but not as the source has it: withheld deletes, refused changes, retired resources',
  ),
  partial: count.describe('Stored as the source has them, except for a rejected link'),
  failed: count.describe('Objects whose row is rejected; if the key is stored, the stored values are older'),
});

const breakerSchema = z.object({
  state: z.enum(breakerStates),
  failures: count.describe('Failures in a row'),
  retryAt: timeSchema.nullable().describe('If open: when one attempt is made'),
});

export const connectorStatusSchema = z
  .object({
    connector: z.string(),
    displayName: z.string(),
    active: z.boolean().describe('Whether scheduled jobs and polling include it'),
    lastSync: causedSchema.nullable().describe('The last sync that ended, without dry runs and skipped syncs'),
    lastSuccess: mentionSchema.nullable().describe('The last applied sync'),
    heldSince: timeSchema.nullable(),
    heldSync: causedSchema
      .extend({ waitingFor: waitingForSchema })
      .nullable()
      .describe('The sync that waits for a decision'),
    runningSync: mentionSchema.extend({ waitingFor: waitingForSchema, retry: retrySchema }).nullable(),
    lastResults: z
      .array(z.object({ syncId: z.string(), status: statusSchema }))
      .describe('Up to 14 syncs that are held or ended, the newest first, without dry runs and skipped syncs'),
    nextSync: nextSyncSchema,
    breaker: breakerSchema
      .nullable()
      .describe('The breaker in the worst state of its connections; null if none is polled'),
    connections: z
      .array(
        breakerSchema.extend({
          connection: z.string(),
          nextAt: timeSchema.nullable().describe('When the next poll begins'),
          lastError: z.object({ code: z.string(), message: z.string(), syncId: z.string() }).nullable(),
        }),
      )
      .describe('Polled connections'),
    quarantine: z
      .object({
        mode: modeSchema.describe('The mode whose jobs skip the connector; complete, if jobs of both modes do'),
        since: timeSchema.describe('The first of the failures in a row'),
        until: timeSchema.describe('Jobs skip the connector until this time'),
        failures: count.describe('Scheduled syncs that failed in a row'),
        reason: z.string(),
      })
      .nullable()
      .describe('Its scheduled syncs of one mode keep failing, so jobs try it once a day; one success ends it'),
    needsComplete: z
      .object({
        code: z
          .enum(needsCompleteCodes)
          .describe('deferred and refusal-ended: the next whole sync is complete, whatever was asked'),
        since: timeSchema.describe('When it arose: for link-target-moved, when the first sync that warned was applied'),
        syncId: z
          .string()
          .describe('The sync that warned of the links, whose changes were deferred, or of which a change was refused'),
      })
      .nullable()
      .describe('What only a complete sync of the whole connector can correct; null if nothing is known'),
    suppressed: z
      .object({
        changes: count,
        deletes: count.describe('Those of them that are deletes'),
        oldestSince: timeSchema.nullable().describe('When the oldest of them was refused'),
      })
      .describe('Changes that people refused, and that syncs leave out: see GET /v1/refusals'),
    openErrors: count.describe('See GET /v1/sync-errors'),
    counts: z.object({
      users: countsSchema.nullable().describe('Counts of entity types marked users; null if there are none'),
      groups: countsSchema
        .nullable()
        .describe('Counts of entity types with a multi-valued link to or from users; null if there are none'),
    }),
    entityTypes: z.array(
      z.object({
        entityType: z.string(),
        displayName: z.string(),
        kind: z.enum(['users', 'groups']).nullable(),
        retired: z.boolean(),
        lastSync: mentionSchema.nullable().describe('The last applied sync that read it, also if only some keys'),
        lastCompleteSync: mentionSchema.nullable().describe('The last applied sync that read all of it'),
        nextSync: nextSyncSchema,
        counts: countsSchema,
      }),
    ),
    self: z.string(),
  })
  .meta({ id: 'ConnectorStatus' });
