import { z } from 'zod';
import { breakerStates } from '../../domain/breaker.ts';
import { timeSchema } from './words.ts';

export const breakerSchema = z
  .object({
    connector: z.string(),
    connection: z.string(),
    state: z.enum(breakerStates),
    failures: z.int().describe('Failures in a row'),
    retryAt: timeSchema.nullable().describe('If open: when one attempt, a complete sync, is made'),
    nextAt: timeSchema
      .nullable()
      .describe('When the next sync begins, or when the running one was due; null if it is not known'),
    lastError: z
      .object({ code: z.string(), message: z.string(), syncId: z.string() })
      .nullable()
      .describe('The error of the last failed sync; null after a successful one'),
  })
  .meta({ id: 'Breaker' });
