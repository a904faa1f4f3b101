import { z } from 'zod';
import { name } from '../file-texts.ts';
import type { WatchFile } from '../thresholds/file-schema.ts';
import { defaultOf, type ThresholdName } from '../thresholds/names.ts';

/** What becomes of a resource of the directory whose last anchor has ended: the source that says that it is there at all. */

const word = z.string().min(1).max(100);

export const lifecycleSchema = z.strictObject({
  status: name('a property').describe('The property that says whether the resource is active. No mapping gives it'),
  active: word.default('active'),
  disabled: word.default('disabled'),
  disableAfter: z.literal('0d', 'disableAfter must be 0d: this preview disables at once').default('0d'),
});

export type LifecycleFile = z.infer<typeof lifecycleSchema>;

/** As many may be disabled at once as may be deleted: whoever is disabled loses the access that the directory gives. */
export function lifecycleWatch(
  { status, active, disabled }: LifecycleFile,
  thresholds: Partial<Record<ThresholdName, number | undefined>>,
): WatchFile {
  return {
    property: status,
    to: [disabled],
    from: [active],
    maximumLines: thresholds.maximumDeletedLines ?? defaultOf('maximumDeletedLines'),
    maxPercentageLines: thresholds.maxPercentageDeletedLines ?? defaultOf('maxPercentageDeletedLines'),
  };
}
