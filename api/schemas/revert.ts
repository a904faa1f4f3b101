import { z } from 'zod';
import { revertThenSchema } from './words.ts';

const common = {
  then: revertThenSchema
    .default('hold')
    .describe(
      'The source still says what is undone. hold: whole syncs that would make it again are held, until one is resumed or the source no longer says so; refuse: these changes are refused with memory for 30 days, at most 10,000; nothing: they make it again',
    ),
  dryRun: z.boolean().default(false).describe('Stop after the verdicts; nothing is held or applied'),
  reason: z
    .string('say why the sync is undone')
    .max(2000)
    .refine((text) => text.trim() !== '', 'say why the sync is undone'),
};

/** What a person says of a revert. */
export const revertSchema = z.strictObject(common).meta({ id: 'RevertRequest' });

export const connectorRevertSchema = z
  .strictObject({
    last: z.int().min(1).max(1000).optional().describe('The newest so many applied syncs that changed something'),
    to: z.uuid('the id of an applied sync').optional().describe('All that was applied after this sync'),
    ...common,
  })
  .refine(({ last, to }) => (last === undefined) !== (to === undefined), {
    error: 'give one of last and to',
    path: ['last'],
  })
  .meta({ id: 'ConnectorRevertRequest' });

export type RevertBody = z.output<typeof revertSchema>;
