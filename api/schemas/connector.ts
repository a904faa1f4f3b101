import { z } from 'zod';
import { resumptions } from '../../connectors/package.ts';
import { connectorFileSchema } from '../../domain/connector-file.ts';
import { directoryFileSchema } from '../../domain/directory/directory-file.ts';
import { modeSchema, prioritySchema, statusSchema, syncErrorCodeSchema, timeSchema, triggerSchema } from './words.ts';

const briefSchema = z.object({
  id: z.string(),
  status: statusSchema,
  mode: modeSchema,
  applied: z.boolean(),
  trigger: triggerSchema,
  priority: prioritySchema,
  createdAt: timeSchema,
  endedAt: timeSchema.nullable(),
});

export const connectorSchema = z
  .object({
    name: z.string(),
    displayName: z.string(),
    revision: z.int().describe('The newest revision'),
    activeRevision: z.int().nullable().describe('The revision that syncs use'),
    active: z.boolean().describe('Whether scheduled jobs and polling include it'),
    modes: z.array(modeSchema),
    lastSync: briefSchema.nullable(),
    runningSync: briefSchema.nullable().describe('Running or held'),
    createdAt: timeSchema,
    self: z.string(),
  })
  .meta({ id: 'Connector' });

export const connectorWithFileSchema = connectorSchema
  .extend({
    fileRevision: z.int().describe('The revision of this file'),
    file: z.union([connectorFileSchema, directoryFileSchema]).describe('As it was saved, defaults filled in'),
    checkpoints: z
      .array(
        z.object({
          connection: z.string(),
          table: z.string(),
          name: z.string().describe('For people, like `cookie of 09:14`'),
          storedAt: timeSchema,
          syncId: z.string().nullable().describe('The sync that left it; null if that sync is no longer kept'),
        }),
      )
      .describe('How far tables have been read: the next incremental sync goes on from there'),
    quarantine: z
      .object({
        mode: modeSchema.describe('The mode whose jobs skip the connector; complete, if jobs of both modes do'),
        failures: z.int().describe('Scheduled syncs that failed in a row'),
        since: timeSchema,
        last: timeSchema,
        until: timeSchema.describe('Jobs skip the connector until this time'),
        reason: z.string(),
        error: z
          .object({ code: z.string(), message: z.string(), syncId: z.string() })
          .describe('The error of the last failure'),
      })
      .nullable()
      .describe('Its scheduled syncs of one mode keep failing, so jobs try it once a day; one success ends it'),
  })
  .meta({ id: 'ConnectorWithFile' });

export const revisionSchema = z.object({
  revision: z.int(),
  active: z.boolean(),
  createdBy: z.string(),
  createdAt: timeSchema,
});

export const savedSchema = z.object({
  name: z.string(),
  revision: z.int(),
  activeRevision: z.int().nullable(),
  changed: z.boolean().describe('false: the file is equal to the newest revision'),
});

export const findingSchema = z.object({
  connection: z.string(),
  ok: z.boolean(),
  message: z.string(),
  code: syncErrorCodeSchema.optional(),
});

export const discoverySchema = z.object({
  connection: z.string(),
  ok: z.boolean().optional(),
  code: syncErrorCodeSchema.optional(),
  message: z.string().optional(),
  tables: z.array(
    z.object({
      table: z.string(),
      columns: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          multiValued: z.boolean().optional().describe('Whether a row can have several values'),
          nullable: z.boolean().optional().describe('Whether a row can have none'),
        }),
      ),
      key: z.array(z.string()).optional().describe('The columns that make the key, if the source knows them'),
      identity: z.string().optional().describe('The column that stays the same if a row is renamed'),
      links: z
        .array(z.object({ column: z.string(), table: z.string(), by: z.string() }))
        .optional()
        .describe('Columns whose values name a row of another table, by one of its columns'),
      bytes: z.int().optional(),
      modifiedAt: timeSchema.optional(),
      problem: z.string().optional(),
      proposed: z
        .object({
          settings: z.record(z.string(), z.unknown()).optional(),
          reason: z.string().optional(),
          columns: z.array(z.string()).optional().describe('The columns that have values'),
        })
        .optional()
        .describe('What the package proposes for a first file: settings of the table, and why'),
    }),
  ),
});

export const packageSchema = z
  .object({
    name: z.string(),
    displayName: z.string(),
    description: z.string(),
    settings: z.record(z.string(), z.unknown()).describe('JSON Schema'),
    capabilities: z.object({
      complete: z.boolean(),
      incremental: z.boolean(),
      targeted: z.boolean(),
      events: z.boolean(),
      write: z.boolean(),
      groups: z.boolean(),
    }),
    inbound: z.boolean(),
    outbound: z.boolean(),
    syncFrequency: z.string(),
    resume: z
      .enum(resumptions)
      .describe('Where a retry of a read goes on: after the last page, with the next table, or from the beginning'),
    cells: z
      .enum(['text', 'structured'])
      .describe('Whether cells are texts, or have types; then columns may be paths into them'),
    poll: z
      .object({ interval: z.string(), failures: z.int(), reset: z.string() })
      .optional()
      .describe('The defaults of `poll`; absent if the system cannot be polled'),
    limits: z
      .object({ requestsPerSecond: z.number().optional(), concurrent: z.int().optional() })
      .describe('The limits of connections that set none'),
  })
  .meta({ id: 'Package' });
