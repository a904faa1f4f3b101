import { z } from 'zod';
import { DurationError, parseDuration } from '../../domain/duration.ts';

const clients = ['postgres', 'mysql', 'sqlite', 'sqlserver'] as const;

const duration = z.string().refine((text) => {
  try {
    return parseDuration(text) >= 0;
  } catch (error) {
    if (error instanceof DurationError) return false;
    throw error;
  }
}, 'is not a duration; write it like 5m, 90s or 1h');

const query = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !text.includes('\0') && !text.endsWith(';'), 'is one select, without a semicolon at its end');

const table = z
  .strictObject({
    from: z
      .string()
      .min(1)
      .optional()
      .describe('Table or view: `name` or `schema.name`; the name of the table in the connector file by default'),
    query: query.optional().describe('A select, in place of `from`'),
    watermark: z
      .strictObject({
        column: z.string().min(1).describe('Column that grows with every change of a row: a time, or a number'),
        overlap: z
          .union([duration, z.int().min(0)])
          .default('5m')
          .describe('Longer than the longest transaction that writes the table; a number where the column has numbers'),
      })
      .optional()
      .describe('How an incremental sync finds the rows that have changed'),
    deleted: z
      .strictObject({
        query: query.describe(
          'A select of the key columns, under their names in the table, of rows that are gone. `:since` stands for the watermark of the last sync',
        ),
      })
      .optional(),
  })
  .superRefine((of, context) => {
    if (of.from !== undefined && of.query !== undefined)
      context.addIssue({ code: 'custom', path: ['query'], message: 'from and query exclude each other' });
    if (of.deleted && !of.watermark)
      context.addIssue({
        code: 'custom',
        path: ['deleted'],
        message: 'deleted needs a watermark: without one, changes cannot be told',
      });
  });

/** Settings of a SQL connection. */
export const sqlSettings = z
  .strictObject({
    client: z.enum(clients).describe('mysql is for MariaDB, too. sqlserver has not been tested against a server'),
    host: z.string().min(1).optional(),
    port: z.int().min(1).max(65_535).optional(),
    database: z.string().min(1).optional(),
    user: z.string().min(1).optional(),
    file: z.string().min(1).optional().describe('sqlite: a file below the file roots'),
    tls: z
      .strictObject({
        mode: z
          .enum(['verify', 'none'])
          .default('verify')
          .describe('verify: the certificate must be trusted and name the host. none: the connection is not encrypted'),
        ca: z
          .string()
          .startsWith('/', 'is the absolute path of a file')
          .optional()
          .describe('File with the certificates of a private authority, below SYNCLINE_SECRET_DIRS'),
      })
      .prefault({}),
    statementTimeout: duration.default('30m').describe('How long one statement may take, all rows of a table included'),
    tables: z.record(z.string().min(1), table).default({}),
  })
  .superRefine((of, context) => {
    const needed = of.client === 'sqlite' ? (['file'] as const) : (['host', 'database', 'user'] as const);
    const strange = of.client === 'sqlite' ? (['host', 'port', 'database', 'user'] as const) : (['file'] as const);
    for (const name of needed)
      if (of[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: `${name} is needed by the client ${of.client}` });
    for (const name of strange)
      if (of[name] !== undefined)
        context.addIssue({ code: 'custom', path: [name], message: `${name} is not for the client ${of.client}` });
  });

export type SqlSettings = z.infer<typeof sqlSettings>;
export type TableSettings = z.infer<typeof table>;
