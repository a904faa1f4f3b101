import { z } from 'zod';
import { cronFault, timeZoneFault } from '../../domain/cron.ts';
import { allConnectors, executionStatuses, executionTriggers, overlaps } from '../../domain/job.ts';
import { modeSchema, statusSchema, timeSchema } from './words.ts';

export const executionStatusSchema = z.enum(executionStatuses);

/** Name of a job; part of the ids of its schedule and workflows. */
export const jobNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'a job is named with small letters, digits and -, at most 63, a letter first');

const noteSchema = z.string().max(2000, 'a note has at most 2,000 characters');

/** Reports a fault with the message of the check itself. */
export const saying = (schema: z.ZodString, fault: (text: string) => string | undefined) =>
  schema.superRefine((text, context) => {
    const message = fault(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const connectorsSchema = z
  .array(z.string().min(1).max(63))
  .min(1, 'name connectors, or ["*"] for all active ones')
  .max(10_000)
  .superRefine((names, context) => {
    if (names.includes(allConnectors) && names.length > 1)
      context.addIssue({
        code: 'custom',
        message: '"*" means all active connectors: name no other connector beside it',
      });
    if (new Set(names).size !== names.length)
      context.addIssue({ code: 'custom', message: 'name each connector only once' });
  });

export const jobRequestSchema = z
  .strictObject({
    mode: modeSchema,
    connectors: connectorsSchema.describe('Names, or ["*"]: every connector that is active when it runs'),
    managedOnly: z.boolean().default(false).describe('Only managed resources'),
    cron: saying(z.string().max(200), cronFault).describe(
      'Five fields: minute, hour, day of month, month, day of week',
    ),
    timezone: saying(z.string().max(64), timeZoneFault).default('UTC').describe('A time zone of the IANA database'),
    overlap: z
      .enum(overlaps)
      .default('skip')
      .describe(
        'If another execution of the job is running: skip ends the new one as skipped, wait lets it wait for the end of the other',
      ),
    paused: z.boolean().default(false),
    pauseNote: noteSchema
      .nullable()
      .optional()
      .describe('Why it is paused; kept until it is unpaused, and shown in Temporal'),
  })
  .meta({ id: 'JobRequest' });
export type JobBody = z.output<typeof jobRequestSchema>;

export const pauseSchema = z.strictObject({ note: noteSchema.optional() });

export const jobSchema = z
  .object({
    name: z.string(),
    mode: modeSchema,
    connectors: z.array(z.string()),
    managedOnly: z.boolean(),
    cron: z.string(),
    timezone: z.string(),
    overlap: z.enum(overlaps),
    paused: z.boolean(),
    pauseNote: z.string().nullable(),
    builtin: z.boolean().describe('Whether the job came with Syncline'),
    revision: z.int().describe('The number of the revision; the ETag'),
    nextRuns: z.array(timeSchema).describe('The next five times; empty while the job is paused'),
    lastExecution: z
      .object({ id: z.string(), status: executionStatusSchema, createdAt: timeSchema, endedAt: timeSchema.nullable() })
      .nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
    self: z.string(),
  })
  .meta({ id: 'Job' });

export const executionSchema = z
  .object({
    id: z.string(),
    job: z.string(),
    mode: modeSchema.nullable().describe('null until it has begun'),
    managedOnly: z.boolean(),
    status: executionStatusSchema,
    trigger: z.enum(executionTriggers),
    startedBy: z.string(),
    scheduledAt: timeSchema.nullable().describe('When it was due by the schedule; null if a person started it'),
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    reason: z.string().nullable().describe('The code that says why it was skipped or failed'),
    metExecutionId: z.string().nullable().describe('The other execution that was in the way'),
    workflowId: z.string().nullable(),
    results: z.array(
      z.object({
        connector: z.string(),
        syncId: z.string().nullable(),
        status: statusSchema.describe('The status of the sync when it ended or was held'),
        reason: z
          .string()
          .nullable()
          .describe('A code. If another sync was in the way, its id follows: sync-held: 0195…'),
        metSyncId: z.string().nullable().describe('The sync that was in the way'),
        metStatus: statusSchema.nullable(),
      }),
    ),
    self: z.string(),
  })
  .meta({ id: 'Execution' });
