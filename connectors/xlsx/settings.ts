import { z } from 'zod';

/** Settings of a connection to spreadsheets. */
export const xlsxSettings = z.strictObject({
  directory: z
    .string()
    .min(1)
    .describe('Folder of the files. A relative folder is looked up in each configured root, in order'),
  headerRow: z.int().min(1).max(1_000_000).default(1).describe('Row of the sheet that has the names of the columns'),
});

export type XlsxSettings = z.infer<typeof xlsxSettings>;
