import { z } from 'zod';
import { checkpoint, delta } from './manifest.ts';

const taken = delta.extend({ proven: z.boolean().optional(), rested: z.boolean().optional() });

const table = z.strictObject({
  table: z.string(),
  /** Absent: every column. */
  wanted: z
    .strictObject({ columns: z.array(z.string()), key: z.array(z.string()), identity: z.string().exactOptional() })
    .exactOptional(),
  /** Incremental: where the read begins. */
  since: checkpoint.exactOptional(),
  /** Complete: the checkpoint that the last applied sync left, whatever was mapped from the table then. */
  last: checkpoint.exactOptional(),
  /** The deltas that earlier syncs know, for packages with deltas. */
  taken: z.array(taken),
  noted: z.array(z.strictObject({ name: z.string(), deltas: z.array(delta) })),
  /** Only these keys are wanted: values as the source writes them, see domain/source-keys.ts. */
  keys: z
    .strictObject({
      by: z.array(z.string()),
      asked: z.array(z.strictObject({ values: z.array(z.string()), only: z.boolean() })),
      links: z.boolean(),
    })
    .exactOptional(),
  /** A comparison: the state of the source in the last fully applied complete sync. */
  state: z.string().exactOptional(),
});

/**
 * All that a read of one connection needs to know of the tables of Syncline: so the worker that reads needs no database. Secrets
 * are references, which the worker that reads resolves.
 */
export const exportRequestSchema = z.strictObject({
  version: z.literal(1),
  connector: z.string(),
  syncId: z.string(),
  connection: z.strictObject({
    name: z.string(),
    package: z.string(),
    settings: z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null),
    secrets: z.record(z.string(), z.string()),
  }),
  mode: z.enum(['complete', 'incremental']),
  /** Those that are read, in their order. */
  tables: z.array(table),
  /** Every table that the connector reads from the connection. */
  allTables: z.array(z.string()),
  filterFingerprint: z.string(),
  /** How many requests per second the source allows, if it says: the places for them are lent one by one. */
  requestsPerSecond: z.number().exactOptional(),
});

export type ExportRequest = z.infer<typeof exportRequestSchema>;
export type TableRequest = z.infer<typeof table>;
