import { z } from 'zod';
import { mostConflicts, mostRules, rowDecisions } from '../../domain/draft.ts';
import { changeCountsSchema } from './sync.ts';
import { keySchema, operationSchema, timeSchema } from './words.ts';

const count = z.int().min(0);
const decision = z.enum(rowDecisions);
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

const filterSchema = z
  .strictObject({
    entityType: z.string().optional().describe('For links: the entity type from which they lead'),
    kind: z.enum(['resource', 'link']).optional(),
    operation: operationSchema.optional(),
    property: z.string().optional().describe('A property that changes, or the navigation property of links'),
    keys: z.array(keySchema).min(1).optional().describe('Resources, and links from them; needs entityType'),
    ids: z.array(z.string()).min(1).optional().describe('Ids of changes, r123 or l45'),
    cause: z.string().optional().describe('Id of a cause of the sync'),
    group: z.string().optional().describe('Id of a group of the summary'),
    transition: z.strictObject({ property: z.string(), from: value, to: value }).optional(),
  })
  .describe('All parts have to fit. A part that is left out does not limit.');

const ruleSchema = z.strictObject({
  decision,
  filter: filterSchema,
  remember: z.string().optional().describe('refuse: how long, 1d to 365d. Default: 30d'),
});

export const draftRequestSchema = z
  .strictObject({
    digest: z.string().min(1).max(200).describe('Of the change set'),
    rules: z.array(ruleSchema).max(mostRules).describe('A later rule wins'),
    otherwise: decision.describe('What holds for changes that no rule means'),
    note: z.string().max(2000).optional(),
  })
  .meta({ id: 'DraftRequest' });

export const draftSchema = z
  .object({
    draftId: z.string(),
    syncId: z.string(),
    digest: z.string().describe('resume with this digest applies exactly what the draft says'),
    by: z.string(),
    byName: z.string(),
    at: timeSchema,
    rules: z.array(ruleSchema),
    otherwise: decision,
    note: z.string().nullable(),
    counts: z.object({
      apply: count,
      refuse: count,
      defer: count,
      follows: count.describe('Changes that cannot stand alone, and so follow another one'),
      mixed: count.describe('Updates that were chosen by a property and change other properties, too'),
      suppressedAfter: count.describe('Changes of such a sync that are suppressed afterwards'),
      applied: changeCountsSchema,
    }),
    conflicts: z
      .object({
        count,
        first: z
          .array(z.object({ id: z.string(), wanted: decision, decided: decision, because: z.string() }))
          .max(mostConflicts),
      })
      .describe('Changes that a rule chose and that get another decision, because of another change'),
    approvableByMe: z.boolean(),
  })
  .meta({ id: 'Draft' });
