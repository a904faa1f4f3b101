import { z } from 'zod';

const character = (what: string) =>
  z
    .string()
    .length(1, `a ${what} is one character`)
    .refine((text) => !/[\r\n\0\p{Cs}]/u.test(text), `a ${what} cannot be a line break or NUL`);

/** Settings of a CSV connection. */
export const csvSettings = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .describe('Folder of the files; a relative one is looked up in each configured root, in order'),
    encoding: z
      .string()
      .min(1)
      .refine(isEncoding, 'an encoding is utf-8, utf-16, or another WHATWG label such as windows-1252')
      .default('utf-8')
      .describe('utf-8, utf-16 (with a byte order mark), or another encoding by its WHATWG label'),
    delimiter: character('delimiter').default(','),
    quote: character('quote').default('"'),
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
  })
  .refine((settings) => settings.delimiter !== settings.quote, {
    path: ['quote'],
    error: 'delimiter and quote must be different characters',
  });

export type CsvSettings = z.infer<typeof csvSettings>;

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}
