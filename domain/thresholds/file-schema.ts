import { z } from 'zod';
import { windowPeriods } from '../sync.ts';
import { limitSchema, windowLimitSchema, windowThresholdNames } from './names.ts';

/** Windows and watches as the connector file has them (review.md, "Limits that fit"). */

const windowSchema = z
  .strictObject({
    period: z.enum(windowPeriods, `period must be ${windowPeriods.join(' or ')}`),
    ...(Object.fromEntries(windowThresholdNames.map((name) => [name, windowLimitSchema(name).optional()])) as {
      [Name in (typeof windowThresholdNames)[number]]: z.ZodOptional<z.ZodNumber>;
    }),
  })
  .refine(
    (window) => windowThresholdNames.some((name) => window[name] !== undefined),
    `give a window one of ${windowThresholdNames.join(', ')}`,
  );

export const windowsSchema = z
  .array(windowSchema, 'windows must be a list; without it the windows have their default limits')
  .max(windowPeriods.length, `there are ${String(windowPeriods.length)} periods, each can be given once`)
  .describe(
    'Limits of what all syncs together delete in 24 hours and in 7 days; a limit that is left out has its default',
  );

const mostValues = 1000;
export const mostWatches = 20;

const limits = {
  maximumLines: limitSchema('maximumUpdatedLines').optional().describe('More than so many hold the sync'),
  maxPercentageLines: limitSchema('maxPercentageUpdatedLines')
    .optional()
    .describe('More than this percentage of what is stored of the entity type or property holds the sync'),
};
const oneLimit = (watch: { maximumLines?: number | undefined; maxPercentageLines?: number | undefined }) =>
  watch.maximumLines !== undefined || watch.maxPercentageLines !== undefined;
const needsLimit = 'a watch needs maximumLines or maxPercentageLines';

const valueSchema = z.union(
  [z.string().min(1).max(10_000), z.boolean(), z.int()],
  'a value must be a text, true, false or a whole number; write any other number as text',
);
const values = z
  .array(valueSchema, 'give a list of values')
  .min(1, 'the list must have a value')
  .max(mostValues, `the list must have at most ${mostValues.toLocaleString('en-US')} values`);

/** At entity types: resources that take one of these values. */
export const watchSchema = z
  .strictObject({
    property: z.string(),
    to: values.describe('The watched values'),
    from: values
      .optional()
      .describe('Only resources that had one of these values before; without it, any other value, and new resources'),
    ...limits,
  })
  .refine(oneLimit, needsLimit);
export type WatchFile = z.infer<typeof watchSchema>;

const keyText = z.string('a key must be a text: write it in quotes').min(1, 'a key must not be empty').max(10_000);

/** At navigation properties: links that come to or go from one of these resources. */
export const linkWatchSchema = z
  .strictObject({
    to: z
      .array(
        z.union(
          [keyText, z.array(keyText).min(1)],
          'a key must be a text in quotes, or a list of texts for a key of several parts',
        ),
        'give a list of keys',
      )
      .min(1, 'the list must have a key')
      .max(mostValues, `the list must have at most ${mostValues.toLocaleString('en-US')} keys`)
      .describe('Keys of the watched targets; a key of several properties is a list'),
    ...limits,
  })
  .refine(oneLimit, needsLimit);
export type LinkWatchFile = z.infer<typeof linkWatchSchema>;

const tooMany = `at most ${String(mostWatches)} watches`;
export const watchesSchema = z
  .array(watchSchema, 'watch must be a list')
  .max(mostWatches, tooMany)
  .describe('Values that resources rarely take: too many at once hold the sync');
export const linkWatchesSchema = z
  .array(linkWatchSchema, 'watch must be a list')
  .max(mostWatches, tooMany)
  .describe('Targets whose links rarely change: too many changes at once hold the sync');
