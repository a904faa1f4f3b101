import { z } from 'zod';
import { locationSchema } from './location.ts';

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

const trailer = z.strictObject({
  startsWith: z
    .string()
    .min(1)
    .max(200)
    .refine((text) => !/[\r\n]/.test(text), 'the beginning of a trailer cannot have a line break')
    .describe('How the last line of each file begins'),
  count: z.int().min(1).max(2000).describe('Which field of this line, from 1, has the number of rows'),
});
export type Trailer = z.infer<typeof trailer>;

const tableSettings = z
  .strictObject({
    take: z
      .enum(['newest', 'all'])
      .optional()
      .describe('Which of the files that fit the table are read; newest is the last one by name'),
    parts: z.int().min(1).max(1000).optional().describe('How many files there have to be, if all are taken'),
    trailer: trailer.optional().describe('A line at the end of each file that says how many rows it has'),
  })
  .refine(({ take, parts }) => parts === undefined || take === 'all', {
    path: ['parts'],
    message: 'parts needs take: all',
  });

/** Settings of a CSV connection. */
export const csvSettings = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of the files. A relative folder is looked up in each configured root, in order; of sftp, from the folder of the login on',
      ),
    location: locationSchema.optional(),
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
    tables: z
      .record(z.string().min(1), tableSettings)
      .default({})
      .superRefine((tables, context) => {
        for (const [table, { take }] of Object.entries(tables))
          if ((take !== undefined) !== table.includes('*'))
            context.addIssue({
              code: 'custom',
              path: [table, 'take'],
              message: take ? 'take needs a * in the name of the table' : 'say which files to take: newest or all',
            });
      })
      .describe('By the name of a table as entity types write it; * stands for any characters of a file name'),
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
  })
  .superRefine((settings, context) => {
    for (const { path, message } of placeFaults(settings)) context.addIssue({ code: 'custom', path: [path], message });
  });

export type CsvSettings = z.infer<typeof csvSettings>;

/** What does not fit to where the files are. */
function* placeFaults({
  directory,
  location,
  delta,
  finalNewline,
}: {
  directory?: string | undefined;
  location?: z.infer<typeof locationSchema> | undefined;
  delta?: unknown;
  finalNewline: 'required' | 'optional';
}): Generator<{ path: string; message: string }> {
  if (location?.s3) {
    if (directory !== undefined)
      yield { path: 'directory', message: 'is not for s3; its folder is location.s3.prefix' };
  } else if (directory === undefined) yield { path: 'directory', message: 'is needed: the folder of the files' };
  if (location && delta !== undefined)
    yield {
      path: 'delta',
      message: 'delta files are read below the file roots only. Leave delta out here, or copy the files to a file root',
    };
  if (location?.sftp && finalNewline === 'optional')
    yield {
      path: 'finalNewline',
      message:
        'sftp does not tell whether a file is still being written. Only a line break at its end or a trailer does: use required, or a trailer',
    };
}
