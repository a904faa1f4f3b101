import { z } from 'zod';
import { isPercentage } from './share.ts';

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

/** The limits that windows have. */
export const windowThresholdNames = [
  'maximumDeletedLines',
  'maxPercentageDeletedLines',
  'maximumLinkDeletedLines',
  'maxLinkPercentageDeletedLines',
] as const satisfies readonly (typeof thresholdNames)[number][];
export type WindowThresholdName = (typeof windowThresholdNames)[number];

export type ThresholdName = (typeof thresholdNames)[number];

/** The limits that one sync may override: the twelve, and those of rejected rows. */
export const overridableNames = [...thresholdNames, ...rejectedThresholdNames] as const;
export type OverriddenLimits = Partial<Record<(typeof overridableNames)[number], number>>;

/** Limits for one sync alone: those of the connector, and by name those of entity types. */
export interface SyncOverrides {
  thresholds: OverriddenLimits & { entityTypes?: Record<string, OverriddenLimits> };
  /** Why a person wants this, in that person's words. */
  reason: string;
}

/**
 * What a limit may be: lines are whole numbers from 0 to 1,000,000; percentages are below 100 for updated, deleted and
 * rejected lines and at most 1,000 for inserted ones. There is no off.
 */
export function limitSchema(name: string): z.ZodNumber {
  if (!isPercentage(name)) return linesSchema;
  return name.includes('Inserted') ? widePercentage : percentage.lt(100, `must be below 100 percent: ${never}`);
}

/** What a limit of a window may be: percentages may be above 100, since a window counts more than one sync. */
export function windowLimitSchema(name: WindowThresholdName): z.ZodNumber {
  return isPercentage(name) ? widePercentage : linesSchema;
}

const never = 'thresholds cannot be switched off';
const linesSchema = z
  .number(`must be a whole number of lines from 0 to 1,000,000: ${never}`)
  .int('must be a whole number of lines')
  .min(0, `must be 0 or more: ${never}`)
  .max(1_000_000, `must be at most 1,000,000: ${never}`);
const percentage = z.number(`must be a percentage: ${never}`).min(0, `must be 0 or more: ${never}`);
const widePercentage = percentage.max(1000, `must be at most 1,000 percent: ${never}`);

export const defaultLines = 100;
export const defaultLinks = 1000;
export const defaultPercentage = 5;

/** The limit of a connector whose file does not give it. */
export function defaultOf(name: ThresholdName): number {
  if (isPercentage(name)) return defaultPercentage;
  return name.includes('Link') ? defaultLinks : defaultLines;
}
