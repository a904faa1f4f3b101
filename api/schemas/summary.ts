import { z } from 'zod';
import { causeSchema, comparedSchema, decisionSchema, holdSchema, thresholdVerdictSchema } from './sync.ts';
import { operationSchema, statusSchema, timeSchema } from './words.ts';

const count = z.int().min(0);
const countsSchema = z.object({
  deleted: count,
  updated: count,
  inserted: count,
  linksDeleted: count,
  linksUpdated: count,
  linksInserted: count,
});

const groupSchema = z.object({
  id: z.string().describe('Takes the changes of the group out of the list: `/changes?group=<id>`'),
  entityType: z.string().describe('For links: the entity type from which they lead'),
  kind: z.enum(['resource', 'link']),
  operation: operationSchema,
  property: z.string().nullable().describe('null: all changes of this type, kind and operation'),
  transition: z.object({ property: z.string(), from: z.unknown(), to: z.unknown() }).nullable(),
  lines: count,
  share: z.number().describe('Of all changes, 0 to 1; the groups without a property add up to 1'),
  becameNull: count.describe('Updates after which the property has no value'),
  causes: z.array(z.string()).describe('Ids of causes that explain changes of the group'),
  decision: z
    .object({ apply: count, refuse: count, defer: count })
    .optional()
    .describe('With `draft`: how many changes of the group it applies, refuses and defers'),
});

const figureSchema = z.object({ median: z.number(), max: count });
const operationsSchema = { deleted: figureSchema, updated: figureSchema, inserted: figureSchema };

export const summarySchema = z
  .object({
    syncId: z.string(),
    digest: z.string(),
    total: count,
    counts: countsSchema.describe('Over all entity types; with `draft`, of what it applies'),
    groups: z
      .array(groupSchema)
      .describe(
        'By type, kind and operation; then by property that changes; then by values; then by property of what comes or goes',
      ),
    groupsOmitted: count.describe('Groups beyond the 200 that are shown'),
    rekeyed: z
      .object({ pairs: count, entityType: z.string(), by: z.string() })
      .nullable()
      .describe('Deletes and inserts that pair off by a value of this property'),
    thresholds: z.array(thresholdVerdictSchema.extend({ words: z.string().describe('The arithmetic') })),
    holds: z.array(
      holdSchema.extend({
        group: z
          .string()
          .nullable()
          .describe(
            'Id of the group whose changes are those of the hold; `/changes?hold=` lists them without a group, too',
          ),
      }),
    ),
    causes: z.array(causeSchema),
    usual: z
      .object({
        syncs: count.describe('Of how many earlier syncs the figures are'),
        counters: z.record(
          z.string(),
          z.object({ ...operationsSchema, links: z.record(z.string(), z.object(operationsSchema)) }),
        ),
      })
      .describe('The last 30 applied whole syncs of this mode, without the first, reverts and purges'),
    resume: z.string().describe('What resume would do'),
    reject: z.string().describe('What reject would do'),
    waits: z
      .array(
        z.object({
          connector: z.string(),
          job: z.string(),
          at: timeSchema,
          skipped: z.boolean().describe('true: the job ran at that time, without the connector. false: its next run'),
        }),
      )
      .describe('What is left out because of this hold: runs of jobs that met it, then the next run of each job'),
    polls: z
      .array(
        z.object({
          connector: z.string(),
          connection: z.string(),
          at: timeSchema.describe('When the connection was to be polled, or will be'),
        }),
      )
      .describe('Polled connections of the connector: no poll begins before this hold has ended'),
    previous: z
      .object({
        syncId: z.string(),
        status: statusSchema,
        decision: decisionSchema.nullable(),
        times: count.describe('How many earlier syncs had the same changes'),
        tell: z
          .boolean()
          .describe('Whether to tell people of it: true in the first sync of a day (UTC) that has these changes again'),
      })
      .nullable()
      .describe('The newest earlier whole sync of 90 days that had exactly these changes'),
    newerRevision: z
      .object({ revision: z.int(), by: z.string(), at: timeSchema })
      .nullable()
      .describe('The revision of the connector that is in use, if it is newer than that of the sync'),
    compared: comparedSchema.nullable(),
  })
  .meta({ id: 'Summary' });
