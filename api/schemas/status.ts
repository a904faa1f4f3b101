import { z } from 'zod';
import { breakerStates } from '../../domain/breaker.ts';
import { retrySchema, waitingForSchema } from './sync.ts';
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

export const openErrorSchema = z
  .object({
    firstSeen: timeSchema.describe('Since when it has been there without a break'),
    lastSeen: timeSchema.describe('When the sync that saw it last began to read, or failed'),
    connector: z.string(),
    entityType: z.string().optional().describe('Left out where a whole sync failed'),
    key: keySchema.optional().describe('Left out where no object can be named: a row without a readable key'),
    property: z.string().optional(),
    column: z.string().optional(),
    code: openErrorCodeSchema,
    message: z.string(),
    effect: z.enum(['row-rejected', 'link-rejected', 'sync-failed']),
    occurrences: z.int().min(1).describe('Rows or links that it concerned when it was last seen'),
    table: z.string().optional(),
    line: z.int().optional().describe('The first'),
    syncId: z.string().describe('The sync that saw it last'),
  })
  .meta({ id: 'SyncError' });

const count = z.int().min(0);

const mentionSchema = z.object({
  syncId: z.string(),
  at: timeSchema.describe('When it was applied, or ended; of one that has not, when it was asked for'),
  status: statusSchema,
  phase: taskSchema.nullable(),
  mode: modeSchema,
  trigger: triggerSchema.describe('How: manual, high-priority, scheduled, …'),
  priority: prioritySchema,
  job: z.string().nullable(),
  executionId: z.string().nullable(),
  syncedBy: z.string().describe('system where nobody asked for it'),
  applied: z.boolean(),
});

export const nextSyncSchema = z
  .object({
    at: timeSchema,
    job: z.string().nullable(),
    connection: z.string().nullable().describe('Of a poll'),
  })
  .nullable()
  .describe('What comes first of the jobs and polls that take it along; null where nothing is planned');

export const countsSchema = z.object({
  impacted: count.describe('Objects that syncs have read: succeeded + partial + failed'),
  succeeded: count.describe('Stored as the source has them'),
  unsynced: count.describe('Stored, but no sync speaks for them: withheld deletes, what is retired'),
  partial: count.describe('Stored as the source has them, but for a link that was rejected'),
  failed: count.describe('Their row is rejected: what is stored under the key, if anything, is older'),
});

const breakerSchema = z.object({
  state: z.enum(breakerStates),
  failures: count.describe('In a row'),
  retryAt: timeSchema.nullable().describe('Open: when one attempt is let through'),
});

export const connectorStatusSchema = z
  .object({
    connector: z.string(),
    displayName: z.string(),
    active: z.boolean().describe('Part of scheduled jobs'),
    lastSync: mentionSchema.nullable().describe('The last that ended; dry runs and skipped ones are left out'),
    lastSuccess: mentionSchema.nullable().describe('The last that was applied'),
    heldSince: timeSchema.nullable(),
    heldSync: mentionSchema.nullable().describe('Waits for a decision'),
    runningSync: mentionSchema.extend({ waitingFor: waitingForSchema, retry: retrySchema }).nullable(),
    nextSync: nextSyncSchema,
    breaker: breakerSchema.nullable().describe('The worst of its connections; null where none is polled'),
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
        mode: modeSchema.describe('Jobs of this mode leave the connector out; where those of both do, complete'),
        since: timeSchema.describe('The first of the failures in a row'),
        until: timeSchema.describe('Jobs leave the connector out until then'),
        failures: count.describe('Scheduled syncs that failed in a row'),
        reason: z.string(),
      })
      .nullable()
      .describe('Its scheduled syncs of one mode keep failing, so jobs try it once a day; one success ends it'),
    openErrors: count.describe('See GET /v1/sync-errors'),
    counts: z.object({
      users: countsSchema.nullable().describe('Of entity types marked users; null where there is none'),
      groups: countsSchema
        .nullable()
        .describe('Of entity types with a multi-valued link to or from users; null where there is none'),
    }),
    entityTypes: z.array(
      z.object({
        entityType: z.string(),
        displayName: z.string(),
        kind: z.enum(['users', 'groups']).nullable(),
        retired: z.boolean(),
        lastSync: mentionSchema.nullable().describe('The last applied one that read it, also for some keys only'),
        lastCompleteSync: mentionSchema.nullable().describe('The last applied one that read all of it'),
        nextSync: nextSyncSchema,
        counts: countsSchema,
      }),
    ),
    self: z.string(),
  })
  .meta({ id: 'ConnectorStatus' });
