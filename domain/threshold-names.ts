import { z } from 'zod';

/** The twelve thresholds, spelled as in the file (model.md). */
export const lineThresholdNames = [
  'maximumInsertedLines',
  'maximumUpdatedLines',
  'maximumDeletedLines',
  'maxPercentageInsertedLines',
  'maxPercentageUpdatedLines',
  'maxPercentageDeletedLines',
] as const;
export const linkThresholdNames = [
  'maximumLinkInsertedLines',
  'maximumLinkUpdatedLines',
  'maximumLinkDeletedLines',
  'maxLinkPercentageInsertedLines',
  'maxLinkPercentageUpdatedLines',
  'maxLinkPercentageDeletedLines',
] as const;
export const thresholdNames = [...lineThresholdNames, ...linkThresholdNames] as const;
export const rejectedThresholdNames = ['maximumRejectedLines', 'maxPercentageRejectedLines'] as const;

export type LineThresholdName = (typeof lineThresholdNames)[number];
export type LinkThresholdName = (typeof linkThresholdNames)[number];
export type ThresholdName = (typeof thresholdNames)[number];

/**
 * What a limit may be: lines are whole numbers from 0 to 1,000,000; percentages are below 100 for updated, deleted and
 * rejected lines and at most 1,000 for inserted ones. There is no off.
 */
export function limitSchema(name: string): z.ZodNumber {
  const never = 'thresholds cannot be switched off';
  if (!name.toLowerCase().includes('percentage'))
    return z
      .number(`must be a whole number of lines from 0 to 1,000,000: ${never}`)
      .int('must be a whole number of lines')
      .min(0, `must be 0 or more: ${never}`)
      .max(1_000_000, `must be at most 1,000,000: ${never}`);
  const percentage = z.number(`must be a percentage: ${never}`).min(0, `must be 0 or more: ${never}`);
  return name.includes('Inserted')
    ? percentage.max(1000, `must be at most 1,000 percent: ${never}`)
    : percentage.lt(100, `must be below 100 percent: ${never}`);
}
