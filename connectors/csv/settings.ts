import { z } from 'zod';

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return /^utf-?16$/i.test(label);
  }
}

const separator = (what: string) =>
  z
    .string()
    .length(1, `${what} must be one character`)
    .refine((text) => text !== '\n' && text !== '\r', `${what} cannot be a line break`);

const compressions = ['auto', 'none', 'gzip', 'zip'] as const;
export type Compression = (typeof compressions)[number];

/** Settings of a CSV connection. */
export const csvSettings = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .describe('Folder of the files. A relative folder is looked up in each configured root, in order'),
    encoding: z
      .string()
      .min(1)
      .refine(isEncoding, 'is not a known encoding; use utf-8, utf-16 or another WHATWG label such as windows-1252')
      .default('utf-8')
      .describe('utf-8, utf-16, or another encoding by its WHATWG label'),
    delimiter: separator('a delimiter').default(','),
    quote: separator('a quote').default('"'),
    finalNewline: z
      .enum(['required', 'optional'])
      .default('required')
      .describe('Whether a file must end with a line break to prove that it was read to its end'),
    compression: z
      .enum(compressions)
      .default('auto')
      .describe('How the files are compressed; auto looks at the first bytes of each file'),
    delta: z
      .strictObject({
        directory: z.string().min(1).describe('Folder of the delta files that incremental syncs read'),
        commandColumn: z.string().min(1).describe('Column that says insert, update, delete or merge'),
      })
      .optional(),
  })
  .refine(({ delimiter, quote }) => delimiter !== quote, {
    path: ['delimiter'],
    message: 'delimiter and quote must be different characters',
  });

export type CsvSettings = z.infer<typeof csvSettings>;
