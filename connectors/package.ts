import type { z } from 'zod';
import type { RowCode } from '../domain/codes.ts';
import type { PollDefaults } from '../domain/poll.ts';
import type { PackageLimits } from '../domain/source-limits.ts';

/**
 * The contract of a package: the code that talks to one kind of system.
 * A package reads and writes the outside system only, throws `SyncError`s, and never sees our database.
 */

/** One row of a source, before any mapping. */
export interface SourceRecord {
  /** Line of the source where the record begins, from 1, the header being line 1. */
  line: number;
  /** One string a column of the segment, '' for an empty cell; shorter or empty where `fault` is a broken shape. */
  cells: string[];
  /** Set if the row cannot be used. */
  fault?: RecordFault;
}

export interface RecordFault {
  code: Extract<RowCode, 'row-shape' | 'invalid-character' | 'field-too-long' | 'unfinished-line'>;
  /** The column at fault; absent if the whole row is (a broken shape). */
  column?: string;
  /** For people; never holds cell contents. */
  message: string;
}

/**
 * Records as the text that they were read from, so that they are not parsed twice. The text is UTF-8, one record per line,
 * each line ended by LF. Each field has no quotes, or is quoted as a whole. Each record has as many fields as the segment
 * has columns, and no faults.
 */
export interface PlainLines {
  text: Buffer;
  rows: number;
  /** Line of the first record in the source. The others follow without a gap. */
  firstLine: number;
  /** One ASCII character each. */
  delimiter: string;
  quote: string;
}

/** A file of a source as it was read: SHA-256 (hex) over it, and its size in bytes. */
export interface SourceFile {
  name: string;
  sha256: string;
  bytes: number;
  /** It may have been cut short: nothing of it is used but what its deletes are about, and it is read again. */
  cut?: boolean | undefined;
}

/** The state of a source after it was read. Two states are compared as a whole, to find that nothing changed. */
export interface SourceState {
  /** One entry a file. */
  files: SourceFile[];
}

/**
 * One step of reading a table. A complete read has one segment; an incremental one has a segment for each delta file.
 * `checkpoint` is opaque to the caller: given back as `resumeAfter`, reading continues after those records.
 */
export type ExportEvent =
  | { kind: 'segment'; source: string; columns: string[] }
  /** Files that this read leaves out, since earlier ones have taken them. */
  | { kind: 'passed-over'; sources: string[] }
  | { kind: 'records'; records: SourceRecord[]; checkpoint: string }
  | { kind: 'lines'; lines: PlainLines; checkpoint: string }
  | { kind: 'end'; certified: boolean; reason?: string; state: SourceState };

export interface ExportRequest {
  table: string;
  mode: 'complete' | 'incremental';
  /** Incremental: the delta files of the table that earlier syncs have taken, by name. */
  taken?: ReadonlyMap<string, SourceFile>;
  /** Every table that the connector reads from this connection (a delta folder is shared by them). */
  tables: readonly string[];
  resumeAfter?: string;
  signal?: AbortSignal;
}

export interface ConnectionTest {
  ok: boolean;
  message: string;
  /** A code of the closed list of sync errors where `ok` is false. */
  code?: string;
}

export interface DiscoveredTable {
  table: string;
  columns: { name: string; type: 'string' }[];
  /** Size in bytes and time of the last change, if the source reports them. */
  bytes?: number;
  modifiedAt?: string;
  /** Why this table cannot be read; absent if it can. */
  problem?: string;
}

/** One configured use of a package: validated settings, and secrets already resolved. */
export interface Connection<Settings = unknown> {
  name: string;
  settings: Settings;
  secrets: Record<string, string>;
}

export interface Capabilities {
  complete: boolean;
  incremental: boolean;
  targeted: boolean;
  events: boolean;
  write: boolean;
  groups: boolean;
}

export interface ConnectorPackage<Settings = unknown> {
  name: string;
  displayName: string;
  description: string;
  settings: z.ZodType<Settings>;
  capabilities: Capabilities;
  inbound: boolean;
  outbound: boolean;
  syncFrequency: string;
  /** How its connections are polled unless they say otherwise; absent if the system cannot be polled. */
  poll?: PollDefaults;
  /** What the settings lack for incremental syncs, a sentence for people; undefined if they lack nothing. */
  incrementalGap(settings: Settings): string | undefined;
  /**
   * The settings that decide which rows a table has, by name: the place of the rows and the choice of rows, never how they
   * are read (page sizes, time-outs, deltas, credentials). If one of them changed, that alone may be why rows are missing.
   */
  scopeOf(settings: Settings, table: string): Record<string, unknown>;
  /**
   * Limits for connections that set none. The caller of the package keeps them: each batch of records that it asks for
   * counts as one request, so a package reads one page per batch.
   */
  limits: PackageLimits;
  /** Name of the column that holds the command of an incremental record, where these settings have a delta source. */
  commandColumn(settings: Settings): string | undefined;
  test(connection: Connection<Settings>): Promise<ConnectionTest>;
  discover(connection: Connection<Settings>): Promise<DiscoveredTable[]>;
  /** Ends with exactly one `end` event, or throws a `SyncError`. */
  export(connection: Connection<Settings>, request: ExportRequest): AsyncIterable<ExportEvent>;
  /**
   * What an incremental read of the table would take now: a complete read notes it before it begins, since it is older than
   * what that one reads. Without, there is never anything.
   */
  pending?(
    connection: Connection<Settings>,
    request: Pick<ExportRequest, 'table' | 'tables' | 'taken' | 'signal'>,
  ): Promise<SourceFile[]>;
  /** The state that a complete read of the table would end with. It is found without parsing the table. */
  state(connection: Connection<Settings>, table: string, signal?: AbortSignal): Promise<SourceState>;
}
