import { z } from 'zod';
import { parsePath } from '../../domain/column-path.ts';
import { parseDuration } from '../../domain/duration.ts';
import { authShape, baseUrl, checkAuth, tlsShape } from '../web/settings.ts';

const path = z
  .string()
  .min(1)
  .refine((text) => parsePath(text) !== undefined, 'must be a path such as data.items or ["a.b"].id');
const name = z.string().min(1).max(200);
const size = z.strictObject({ parameter: name, value: z.int().min(2).max(100_000) }).optional();

const paging = z.union([
  z.literal('none'),
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('page'),
      parameter: name.default('page'),
      first: z.int().min(0).default(1),
      size,
      total: path.optional(),
    }),
    z.strictObject({
      kind: z.literal('offset'),
      parameter: name.default('offset'),
      first: z.int().min(0).max(1).default(0),
      size,
      total: path.optional(),
    }),
    z.strictObject({
      kind: z.literal('cursor'),
      parameter: name.default('cursor'),
      size,
      total: path.optional(),
      next: path,
    }),
    z.strictObject({
      kind: z.literal('link'),
      size,
      total: path.optional(),
      next: path.optional().describe('Where the body has the URL of the next page; absent: the header Link has it'),
    }),
  ]),
]);

const since = z.strictObject({
  parameter: name.describe('The parameter that asks for what was changed since a time'),
  format: z.enum(['dateTime', 'date', 'seconds', 'milliseconds']).default('dateTime'),
  column: path.describe('The time of the last change of a row'),
  overlap: z
    .string()
    .default('5m')
    .refine((text) => {
      try {
        return parseDuration(text) >= 0;
      } catch {
        return false;
      }
    }, 'must be a duration such as 5m'),
});

const table = z
  .strictObject({
    path: z
      .string()
      .refine(
        (text) => !/[?#\\]|(^|\/)\.\.?(\/|$)|\/\//.test(text),
        'must be a path below baseUrl, without a query: use query',
      )
      .describe('The path below baseUrl'),
    query: z.record(z.string(), z.string()).default({}),
    records: path.optional().describe('Where the body has the list; absent: the body is the list'),
    format: z.enum(['json', 'csv']).default('json'),
    finalNewline: z
      .enum(['required', 'optional'])
      .default('required')
      .describe('csv: whether a line break proves the end'),
    id: path.optional().describe('What names a row, to see whether pages moved'),
    verify: z.enum(['once', 'twice']).default('once').describe('twice: read until two reads have the same ids'),
    since: since.optional(),
    paging: paging.default('none'),
  })
  .superRefine((of, context) => {
    const add = (where: string, message: string) => {
      context.addIssue({ code: 'custom', path: [where], message });
    };
    if (of.format === 'csv' && (of.paging !== 'none' || of.records !== undefined || of.since !== undefined))
      add('format', 'csv is one document: it has no records, paging and since');
    if (of.paging !== 'none' && of.id === undefined) add('id', 'a list with pages needs the id of its rows');
    if (of.verify === 'twice' && of.paging === 'none') add('verify', 'only lists with pages can be verified');
  });

/** Headers that belong to the client. */
const reserved =
  /^(authorization|cookie|host|connection|content-.*|transfer-encoding|accept-encoding|proxy-.*|expect|te|upgrade)$/i;

export const httpSettings = z
  .strictObject({
    baseUrl: baseUrl.describe('What all paths are appended to'),
    auth: z.enum(['none', 'basic', 'bearer', 'apiKey', 'oauth2']).default('none'),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header')
      .optional()
      .describe('auth: apiKey: the header that has the key'),
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header'),
        z.string().regex(/^[\t\x20-\x7e]*$/, 'must be one line of ASCII'),
      )
      .default({})
      .refine(
        (headers) => Object.keys(headers).every((each) => !reserved.test(each)),
        'has a header that the client sets itself; secrets belong into secrets',
      ),
    ...authShape,
    ...tlsShape,
    tables: z.record(z.string().min(1), table),
  })
  .superRefine(checkAuth);

export type HttpSettings = z.infer<typeof httpSettings>;
export type HttpTable = HttpSettings['tables'][string];
