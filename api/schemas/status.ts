import { z } from 'zod';
import { keySchema, openErrorCodeSchema, timeSchema } from './words.ts';

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
