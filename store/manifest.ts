import { z } from 'zod';
import { certificateCodes } from '../domain/codes.ts';
import { structuredKinds } from './structured-format.ts';

/** What a completed export of one connection consists of. The manifest is written last: without it there is no export. */
const part = z.strictObject({
  name: z.string(),
  /** The segment it belongs to: the table, or a delta. */
  source: z.string(),
  columns: z.array(z.string()),
  rows: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** Lines as the source had them, instead of records with a number and a fault: see part-format.ts. */
  plain: z.strictObject({ firstLine: z.number().int(), delimiter: z.string(), quote: z.string() }).optional(),
  /** Records whose cells have types, or names of what is gone or still there in the same form: see structured-format.ts. */
  structured: z.enum(structuredKinds).optional(),
});

export const delta = z.strictObject({
  name: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  /** It has no line break at its end: it may have been cut short. */
  cut: z.boolean().optional(),
  /** Contents that were noted of it and that it begins with, and the line of the last row in each. */
  beginnings: z.array(z.strictObject({ sha256: z.string(), lastLine: z.number() })).optional(),
  /** What its source said of it while its content was read. */
  stamp: z.string().optional(),
});

export const checkpoint = z.strictObject({ value: z.string(), name: z.string() });

const table = z.strictObject({
  connection: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  /** All that its source has, where only what is mapped was asked for. */
  known: z.array(z.string()).optional(),
  commandColumn: z.string().optional(),
  /** Its cells have types. */
  structured: z.literal(true).optional(),
  /** Whether the source proved that it was read to its end. */
  certified: z.boolean(),
  /** Why it did not; of a certified table, what people should know of the proof. */
  code: z.enum(certificateCodes).optional(),
  reason: z.string().optional(),
  /** Complete: rows that the package has read and left out by its settings. */
  filtered: z.number().int().optional(),
  state: z.strictObject({
    /** Complete: what the package says of the source as it was read, if it can. */
    text: z.string().optional(),
    /** Incremental: the deltas that were read. */
    files: z.array(delta),
  }),
  /** Complete: the deltas that an incremental read would have taken before this one began. */
  noted: z.array(delta).optional(),
  /** Where the next incremental read begins. */
  checkpoint: checkpoint.optional(),
  /** Only these keys were asked for: how many, and of which of them the source did not say whether it has them. */
  keys: z
    .strictObject({
      asked: z.number().int(),
      unknown: z.array(z.strictObject({ values: z.array(z.string()), reason: z.string() })),
    })
    .optional(),
  rows: z.number().int(),
  parts: z.array(part),
});

export const manifestSchema = z.strictObject({
  version: z.literal(1),
  connector: z.string(),
  syncId: z.string(),
  attempt: z.string(),
  mode: z.enum(['complete', 'incremental']),
  startedAt: z.string(),
  endedAt: z.string(),
  filterFingerprint: z.string(),
  tables: z.array(table),
});

/** How far an attempt has come, for a retry to go on from. */
export const checkpointSchema = z.strictObject({
  /** Hash of the deltas that were noted before the read began: parts are taken over only if nothing has come since. */
  noted: z.string().optional(),
  /** The checkpoints of the tables as they were before the read began. */
  notes: z.record(z.string(), checkpoint).optional(),
  /** Tables that were read to their end, where a retry takes them over. */
  finished: z.array(table).optional(),
  /** The table that is being read: its closed parts, and where the package goes on. */
  table: z.string(),
  parts: z.array(part),
  checkpoint: z.string(),
});

export type ExportCheckpoint = z.infer<typeof checkpointSchema>;
export type Part = z.infer<typeof part>;
export type ManifestTable = z.infer<typeof table>;
export type Manifest = z.infer<typeof manifestSchema>;
