import { z } from 'zod';

/** Settings of a CSV connection. */
export const csvSettings = z.strictObject({
  directory: z
    .string()
    .min(1)
    .describe('Folder of the files; a relative one is looked up in each configured root, in order'),
  encoding: z.string().min(1).default('utf-8').describe('utf-8, utf-16, or another encoding by its WHATWG label'),
  delimiter: z.string().length(1, 'a delimiter is one character').default(','),
  quote: z.string().length(1, 'a quote is one character').default('"'),
  finalNewline: z
    .enum(['required', 'optional'])
    .default('required')
    .describe('Whether a file must end with a line break to prove that it was read to its end'),
  delta: z
    .strictObject({
      directory: z.string().min(1).describe('Folder of the delta files that incremental syncs take'),
      commandColumn: z.string().min(1).describe('Column that says insert, update, delete or merge'),
    })
    .optional(),
});

export type CsvSettings = z.infer<typeof csvSettings>;
