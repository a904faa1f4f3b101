import { z } from 'zod';

/** What a completed export of one connection consists of. The manifest is written last: without it there is no export. */
const part = z.strictObject({
  name: z.string(),
  /** The segment it belongs to: the table, or a delta file. */
  source: z.string(),
  columns: z.array(z.string()),
  rows: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** Lines as the source had them, instead of records with a number and a fault: see part-format.ts. */
  plain: z.strictObject({ firstLine: z.number().int(), delimiter: z.string(), quote: z.string() }).optional(),
});

const file = z.strictObject({
  name: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  /** It has no line break at its end: it may have been cut short. */
  cut: z.boolean().optional(),
});

const table = z.strictObject({
  connection: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  commandColumn: z.string().optional(),
  /** Whether the source proved that it was read to its end. */
  certified: z.boolean(),
  reason: z.string().optional(),
  state: z.strictObject({
    files: z.array(file),
  }),
  /** Complete: what an incremental read would have taken before this one began. */
  noted: z.array(file).optional(),
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
  /** Hash of what was noted before the read began: parts are taken over only if nothing has come since. */
  noted: z.string().optional(),
  table: z.string(),
  parts: z.array(part),
  checkpoint: z.string(),
});

export type ExportCheckpoint = z.infer<typeof checkpointSchema>;
export type Part = z.infer<typeof part>;
export type ManifestTable = z.infer<typeof table>;
export type Manifest = z.infer<typeof manifestSchema>;
