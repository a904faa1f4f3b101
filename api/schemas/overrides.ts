import { z } from 'zod';
import { limitSchema, overridableNames, type SyncOverrides } from '../../domain/thresholds/names.ts';

const limits = Object.fromEntries(overridableNames.map((name) => [name, limitSchema(name).optional()])) as {
  [Name in (typeof overridableNames)[number]]: z.ZodOptional<z.ZodNumber>;
};
const limitsSchema = z.strictObject(limits);
const isEmpty = (record: object) => Object.values(record).every((value) => value === undefined);

/** `overrides` of a request that starts a sync. */
export const overridesSchema = z
  .strictObject({
    thresholds: limitsSchema
      .extend({
        entityTypes: z
          .record(
            z.string(),
            limitsSchema.refine((each) => !isEmpty(each), 'name a limit of the entity type'),
          )
          .refine((types) => Object.keys(types).length > 0, 'name an entity type')
          .optional()
          .describe("By entity type: limits in place of the entity type's own"),
      })
      .refine((all) => !isEmpty(all), 'name a limit to override')
      .describe("Limits in place of the connector's"),
    reason: z
      .string()
      .max(2000, 'a reason has at most 2,000 characters')
      .refine((text) => text.trim() !== '', 'a reason must not be blank'),
  })
  .meta({ id: 'Overrides' }) as z.ZodType<SyncOverrides>;
