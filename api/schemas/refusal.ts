import { z } from 'zod';
import { refusalEndings } from '../../domain/refusals.ts';
import { keySchema, operationSchema, timeSchema } from './words.ts';

export const refusalSchema = z
  .object({
    id: z.string(),
    connector: z.string(),
    entityType: z.string().describe('Of the resource, or of the source of the link'),
    kind: z.enum(['resource', 'link']),
    operation: operationSchema,
    key: keySchema,
    property: z.string().optional().describe('Links only: the navigation property'),
    target: z
      .object({ entityType: z.string(), key: keySchema })
      .optional()
      .describe('Links only: where it leads, or would move to'),
    label: z.string().nullable().describe('Of the resource, when its change was refused'),
    by: z.string(),
    byName: z.string().nullable(),
    at: timeSchema,
    reason: z.string().nullable(),
    syncId: z.string().describe('The sync of which the change was refused'),
    because: z.string().nullable().describe('The refusal that it followed: it ends with that one'),
    expiresAt: timeSchema,
    lastSeenAt: timeSchema.nullable().describe('When a sync last suppressed the change; null if none has yet'),
    endedAt: timeSchema.nullable(),
    endedBy: z
      .enum(refusalEndings)
      .nullable()
      .describe(
        'changed: the change was proposed in another form; gone: a complete sync no longer found it; expired; lifted: by a person',
      ),
  })
  .meta({ id: 'Refusal' });
