import { z } from 'zod';
import { authShape, baseUrl, checkAuth, tlsShape } from '../web/settings.ts';

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format() !== '';
  } catch {
    return false;
  }
};

const table = z
  .strictObject({
    report: z
      .string()
      .regex(/^[^/?#\s]+\/[^/?#\s]+$/, 'must be owner/name of the report')
      .refine((text) => text.split('/').every((part) => !/^\.\.?$/.test(part)), 'must be owner/name of the report'),
    prompts: z.record(z.string().min(1), z.string()).default({}).describe('Values for the prompts of the report'),
    format: z.enum(['csv', 'json']).default('csv'),
    finalNewline: z
      .enum(['required', 'optional'])
      .default('required')
      .describe('csv: whether a line break proves the end'),
    effective: z
      .strictObject({
        column: z.string().min(1).describe('The date from which a row counts, as yyyy-MM-dd'),
        zone: z.string().refine(isZone, 'must be a time zone such as Europe/Vienna').describe('Where today is'),
        key: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .describe('The columns of the key, if the connector file has none'),
      })
      .optional()
      .describe('Of the rows with one key, the latest that is not in the future counts'),
  })
  .superRefine(({ prompts }, context) => {
    if ('format' in prompts)
      context.addIssue({ code: 'custom', path: ['prompts'], message: 'format is set by format' });
  });

export const workdaySettings = z
  .strictObject({
    baseUrl: baseUrl.describe('For example https://host.workday.example/ccx/service/customreport2/tenant'),
    auth: z.enum(['basic', 'oauth2']).default('basic'),
    ...authShape,
    ...tlsShape,
    tables: z.record(z.string().min(1), table),
  })
  .superRefine(checkAuth);

export type WorkdaySettings = z.infer<typeof workdaySettings>;
export type Report = WorkdaySettings['tables'][string];
