/**
 * Why only a complete sync can correct something. All reasons except `link-target-moved` make the next whole sync
 * complete, whatever mode was asked for: a change that was deferred, or is no longer refused, has to come again.
 */
export const needsCompleteCodes = ['link-target-moved', 'deferred', 'refusal-ended'] as const;
export type NeedsCompleteCode = (typeof needsCompleteCodes)[number];
