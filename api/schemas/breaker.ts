import { z } from 'zod';
import { breakerStates } from '../../domain/breaker.ts';
import { timeSchema } from './words.ts';

export const breakerSchema = z
  .object({
    connector: z.string(),
    connection: z.string(),
    state: z.enum(breakerStates),
    failures: z.int().describe('In a row'),
    retryAt: timeSchema.nullable().describe('Open only: when one attempt, a complete sync, is let through'),
    nextAt: timeSchema
      .nullable()
      .describe('When the next sync begins, or the one that runs should have; null while nothing is known of it'),
    lastError: z
      .object({ code: z.string(), message: z.string(), syncId: z.string() })
      .nullable()
      .describe('Of the last failed sync; null once one has succeeded after it'),
  })
  .meta({ id: 'Breaker' });
