import { z } from 'zod';
import { windowPeriods } from '../../domain/sync.ts';
import { thresholdNames, windowThresholdNames, type ThresholdName } from '../../domain/thresholds/names.ts';
import { timeSchema } from './words.ts';

const limitsSchema = z.object(
  Object.fromEntries(thresholdNames.map((name) => [name, z.number()])) as Record<ThresholdName, z.ZodNumber>,
);

const triedSchema = z.object({
  limits: limitsSchema,
  held: z
    .array(
      z.object({
        syncId: z.string(),
        at: timeSchema.describe('When it was applied'),
        name: z.enum(thresholdNames),
        actual: z.int(),
        limitLines: z.int().describe('The limit in lines or links'),
        approvedBy: z.string().nullable().describe('Who resumed it; null if it was not held'),
      }),
    )
    .describe('Applied syncs that these limits would have held, newest first, at most 1,000; an entry for each limit'),
});

/** What GET /v1/connectors/{name}/thresholds/advice answers. */
export const adviceSchema = z
  .object({
    days: z.int(),
    syncs: z.int().describe('Applied syncs of the whole connector in these days'),
    windows: z
      .array(
        z.object({
          window: z.enum(windowPeriods),
          name: z.enum(windowThresholdNames),
          limit: z.number(),
          limitLines: z.int().describe('The limit in lines or links, of what is stored now'),
          used: z.int().describe('What syncs of the period have deleted, without what a person approved'),
        }),
      )
      .describe('The limits of the windows in force, and what is used of each now'),
    current: triedSchema.describe('The limits in force'),
    asked: triedSchema.nullable().describe('The limits in force, with those of the request in their place'),
    suggestion: z
      .object({
        thresholds: limitsSchema.partial(),
        arithmetic: z.array(z.string()).describe('How each limit was reached'),
        file: z.string().describe('The section thresholds for the connector file'),
      })
      .nullable(),
    why: z.string().nullable().describe('Why there is no suggestion'),
  })
  .meta({ id: 'ThresholdAdvice' });
