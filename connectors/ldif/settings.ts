import { z } from 'zod';
import { filterFault, parseFilter } from '../entries/filter.ts';
import { unsupportedPart } from './match.ts';

const filter = z.string().superRefine((text, context) => {
  const fault = filterFault(text) ?? unsupportedPart(parseFilter(text));
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

export const ldifSettings = z.strictObject({
  directory: z.string().min(1).describe('Folder of the files, below one of the file roots'),
  binaryAttributes: z
    .array(z.string().min(1))
    .default([])
    .describe('Attributes whose values are bytes, beside those that Syncline knows'),
  tables: z
    .record(
      z.string().min(1),
      z.strictObject({
        file: z.string().min(1).optional().describe('Name of the file. The default is the name of the table'),
        filter: filter.optional().describe('Which entries, as RFC 4515 writes filters. The default is all'),
      }),
    )
    .default({}),
});
export type LdifSettings = z.infer<typeof ldifSettings>;

/** The file and the filter of a table; without a filter, all entries of the file. */
export function tableOf(settings: LdifSettings, table: string): { file: string; filter: string | null } {
  const found = Object.hasOwn(settings.tables, table) ? settings.tables[table] : undefined;
  return { file: found?.file ?? table, filter: found?.filter ?? null };
}
