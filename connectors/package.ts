import type { z } from 'zod';
import type { Cell } from '../domain/cell.ts';
import type { CertificateCode, RowCode } from '../domain/codes.ts';
import type { Delta, DeltaLook, KnownDeltas } from '../domain/delta.ts';
import type { EncodedRecords } from '../domain/encoded-records.ts';
import type { PollDefaults } from '../domain/poll.ts';
import type { PackageLimits } from '../domain/source-limits.ts';
import type { Outbound } from './outbound/index.ts';
import type { WantedColumns } from '../domain/wanted-columns.ts';

export type { WantedColumns };

/**
 * The contract of a package: the code that talks to one kind of system. A package reads the outside system only, throws
 * `SyncError`s, and never sees our database. What only one package knows stays in its folder: settings, names of files,
 * cookies. docs/guides/write-a-package.md has an example.
 */

/** One row of a source, before any mapping. */
export interface SourceRecord {
  /** Line of the source where the record begins, from 1, the header being line 1. */
  line: number;
  /** One string a column of the segment, '' for an empty cell; shorter or empty where `fault` is a broken shape. */
  cells: string[];
  /** Set if the row cannot be used. */
  fault?: RecordFault;
  /** What people should know of a row that is used. */
  warning?: RecordWarning;
}

export interface RecordWarning {
  code: Extract<RowCode, 'cell-merged'>;
  column: string;
  /** For people; never holds cell contents. */
  message: string;
}

export interface RecordFault {
  code: Extract<
    RowCode,
    'row-shape' | 'invalid-character' | 'field-too-long' | 'unfinished-line' | 'cell-error' | 'cell-uncalculated'
  >;
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

/** One row of a source whose cells have types: a cell for each column of the segment. */
export interface StructuredRecord {
  cells: Cell[];
  /** Set if the record cannot be used, or if one of its cells cannot: then `cells` has null in the place of that cell. */
  fault?: RecordFault;
  /** Where people find it in the source, such as a DN; at most 1,000 characters. Shown with the errors of the record only. */
  position?: string;
}

/**
 * How far a table has been read, for the next incremental read. Only the package understands `value`. People see `name`
 * ("cookie of 09:14"), so it holds no data.
 */
export interface Checkpoint {
  value: string;
  name: string;
}

/** Whether the source proved that a table was read to its end. Deletes are derived from certified tables only. */
export type Certificate =
  /** `code`: what people should know of the proof. It is shown, and withholds nothing. */
  | { certified: true; code?: 'no-total'; reason?: string }
  /** `reason` is for people. */
  | { certified: false; code: CertificateCode; reason: string };

/**
 * One step of reading a table. A read has one segment, or one for each delta. `resume` is opaque to the caller: given
 * back as `resumeAfter`, the read continues after those records.
 */
export type ReadEvent =
  /**
   * `commands`: the column that says of each row what it does: insert, update, delete or merge. `known`, of packages with structured
   * cells: all columns that the source has now, if it says, so that new and lost ones are noticed.
   */
  | { kind: 'segment'; source: string; columns: string[]; known?: string[]; commands?: string }
  /** Deltas that this read leaves out, since earlier syncs have taken them, and what reading some of them again has shown. */
  | { kind: 'passed-over'; sources: string[]; looks: DeltaLook[] }
  | { kind: 'records'; records: SourceRecord[]; resume: string }
  | { kind: 'lines'; lines: PlainLines; resume: string }
  /** `encoded`: the same records, as they are stored. Where it is given, it is written, and `records` is made when it is asked for. */
  | { kind: 'structured'; records: StructuredRecord[]; encoded?: EncodedRecords; resume: string }
  /**
   * Incremental: what is no longer in the source. The cells of the key's columns have values, or that of the identity's column;
   * the others are null. A key or identity that has a record in the same read is not gone, in whatever order the two come.
   */
  | { kind: 'tombstones'; records: StructuredRecord[]; resume: string }
  /**
   * Incremental, where the source cannot say what is gone but can say what it still has: the cell of the identity's column has
   * a value, the others are null. What is stored with an identity and is neither here nor among the records is gone, by the
   * rules of a complete read.
   */
  | { kind: 'present'; records: StructuredRecord[]; resume: string }
  | ReadEnd
  | ReadRefused;

/** Incremental, in place of the end: changes cannot be told, so that every table has to be read completely. */
export interface ReadRefused {
  kind: 'refused';
  code: 'checkpoint-refused' | 'branch-renamed';
  /** For people. */
  reason: string;
}

export interface ReadEnd {
  kind: 'end';
  certificate: Certificate;
  /** Complete: what `state` would answer for the source as it was read. */
  state?: string;
  /** Complete: how many rows the package left out by its settings. They count as read and filtered. */
  filtered?: number;
  /** Where the next incremental read begins, if it was not noted before a complete read. */
  checkpoint?: Checkpoint;
  /** Incremental: the deltas that this read has taken. */
  deltas?: Delta[];
}

/**
 * The limits of a source, as the caller keeps them. The caller itself counts one request when a read begins, and one for each batch
 * that it asks for. `test` and `discover` have no pacer: there a package throws `SyncError` `throttled`.
 */
export interface Pacer {
  /**
   * Resolves when the limits allow one more request. To be asked for what the caller does not count: a request that gives no batch,
   * such as values that are read again.
   */
  request(): Promise<void>;
  /**
   * The source answered that it is busy, or that it had too many requests (429). Resolves when the request may be repeated. Throws
   * `throttled` if the source asks for a wait that is not made here: the package lets this error pass, and the read goes on later,
   * from where `resume` of the package says.
   * @param seconds as the source says; absent if it does not say: 1 second, then twice as long each time, at most 60
   */
  busy(seconds?: number): Promise<void>;
}

/** What an incremental read would take, and what reading taken deltas again has shown. */
export interface PendingDeltas {
  deltas: Delta[];
  looks: DeltaLook[];
}

export interface ReadRequest {
  table: string;
  mode: 'complete' | 'incremental';
  /** Incremental: the checkpoint of the last applied sync; absent for packages with deltas. */
  since?: Checkpoint;
  /** Complete: the checkpoint that the last applied sync left of this table, whatever was mapped from it then. */
  last?: Checkpoint;
  /**
   * Complete: what an attempt before noted of this table, if the sync keeps that note: rows that are older than it would hide
   * changes.
   */
  noted?: Checkpoint;
  /** Incremental, packages with deltas: those that earlier syncs know. */
  known?: KnownDeltas;
  /** Every table that the connector reads from this connection: they may share a place for changes. */
  tables: readonly string[];
  /** What is mapped from the table, so that nothing else has to be asked for. Absent: everything. */
  wanted?: WantedColumns;
  resumeAfter?: string;
  /** Absent: no limits. */
  pacer?: Pacer;
  signal?: AbortSignal;
}

/** Reads single resources, or the links of single resources. */
export interface KeysRequest {
  table: string;
  wanted: WantedColumns;
  /** The columns that the values of `keys` belong to. */
  by: readonly string[];
  /** Values as the source writes them: one for each column of `by`. */
  keys: readonly (readonly string[])[];
  /** The checkpoint that the last applied sync left of this table: a server that is behind it proves nothing. */
  last?: Checkpoint;
  pacer?: Pacer;
  signal?: AbortSignal;
}

/**
 * What the source has under a key. Only `gone` deletes, so it needs proof: an answer to a filter is none. `unknown` changes
 * nothing; its reason is for people. `unasked`: the source cannot be asked by these columns at all, so the caller reads the whole
 * table.
 */
export type KeyAnswer =
  | { state: 'found'; records: StructuredRecord[] }
  | { state: 'gone' }
  | { state: 'unknown'; reason: string; unasked?: true };

export interface KeyAnswers {
  /** Of the cells of all records. */
  columns: string[];
  /** In the order of the keys that were asked for. */
  answers: KeyAnswer[];
  /**
   * Whether the source proved that what it answered is all that it has under these keys. Else nothing is deleted, not even links
   * that the records do not have.
   */
  certificate: Certificate;
}

/**
 * One use of a source for all tables of an attempt: one snapshot of a database, one login to a directory. It is closed
 * whatever happens.
 */
export interface ReadSession {
  read(request: ReadRequest): AsyncIterable<ReadEvent>;
  note?(request: Pick<ReadRequest, 'table' | 'wanted' | 'last' | 'pacer' | 'signal'>): Promise<Checkpoint | undefined>;
  /** Absent: `readKeys` of the package is asked, if it has one. */
  readKeys?(request: KeysRequest): Promise<KeyAnswers>;
  close(): Promise<void>;
}

export interface ConnectionTest {
  ok: boolean;
  message: string;
  /** A code of the closed list of sync errors where `ok` is false. */
  code?: string;
  /** The steps of the test, in their order. */
  checks?: { name: string; ok: boolean; code?: string; message: string }[];
  /** How many entries each table has now, as far as the source can tell without reading them all. */
  tables?: { table: string; entries: number }[];
}

export const columnTypes = ['string', 'number', 'boolean', 'binary', 'date', 'dateTime', 'object'] as const;

export interface DiscoveredColumn {
  name: string;
  type: (typeof columnTypes)[number];
  /** Whether a row can have several values. */
  multiValued: boolean;
  /** Whether a row can have none. */
  nullable: boolean;
}

export interface DiscoveredTable {
  table: string;
  columns: DiscoveredColumn[];
  /** The columns that make the key, and the column that stays when a resource is renamed, if the source knows them. */
  key?: string[];
  identity?: string;
  /** Columns whose values name a row of another table, by one of its columns. */
  links?: { column: string; table: string; by: string }[];
  /** Size in bytes and time of the last change, if the source reports them. */
  bytes?: number;
  modifiedAt?: string;
  /**
   * For a first connector file: what the settings of the table may have beside what they have, why (for people), and the columns that
   * have values in the rows that were looked at.
   */
  proposed?: { settings?: Record<string, unknown>; reason?: string; columns?: string[] };
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

/** Where a retry goes on: after the last page that was stored, with the next table, or from the beginning of all tables. */
export const resumptions = ['page', 'table', 'none'] as const;
export type Resumption = (typeof resumptions)[number];

/** What is known of a package without a worker that can reach its systems. */
export interface PackageDescription<Settings = unknown> {
  name: string;
  displayName: string;
  description: string;
  settings: z.ZodType<Settings>;
  capabilities: Capabilities;
  inbound: boolean;
  outbound: boolean;
  syncFrequency: string;
  resume: Resumption;
  /**
   * `text`: every cell is a text, and a column is a name. Rows come as `lines` or `records`. `structured`: cells have types, and
   * a column may be a path into a cell. Rows come as `structured`; an incremental read gives whole records and tombstones.
   */
  cells: 'text' | 'structured';
  /** How its connections are polled unless they say otherwise; absent if the system cannot be polled. */
  poll?: PollDefaults;
  /**
   * Limits for connections that set none. The caller of the package keeps them: each batch of records that it asks for
   * counts as one request, so a package reads one page per batch.
   */
  limits: PackageLimits;
  /**
   * What the settings lack for incremental syncs, a sentence for people; undefined if they lack nothing. With a table: what they
   * lack for changes of this table, if its connection can report changes of others.
   */
  incrementalGap(settings: Settings, table?: string): string | undefined;
  /**
   * Why changes of a table do not tell what is gone, a sentence for people; undefined if they do. Absent: those of each table
   * do.
   */
  deletesGap?(settings: Settings, table: string): string | undefined;
  /**
   * The settings that decide which rows a table has, by name: the place of the rows and the choice of rows, never how they
   * are read (page sizes, time-outs, deltas, credentials). If one of them changed, that alone may be why rows are missing.
   */
  scopeOf(settings: Settings, table: string): Record<string, unknown>;
  /**
   * Names of settings that only say how and when the source is read: with other values of them, the same rows with the same cells
   * come. Every other setting may be why rows changed. Absent: there are none.
   */
  readingSettings?: readonly string[];
  /**
   * What is wrong with a connection whose settings fit the schema: a secret that is missing, or a place that this
   * installation does not allow. Paths begin at the connection: `settings`, `secrets`. Absent if nothing can be.
   * @param here undefined if nobody knows where the connection will be used: then places are not judged
   */
  connectionFaults?(
    connection: { settings: Settings; secrets: readonly string[] },
    here: Outbound | undefined,
  ): { path: PropertyKey[]; detail: string }[];
}

export interface ConnectorPackage<Settings = unknown> extends PackageDescription<Settings> {
  test(connection: Connection<Settings>): Promise<ConnectionTest>;
  discover(connection: Connection<Settings>): Promise<DiscoveredTable[]>;
  /** Ends with exactly one `end` event, or throws a `SyncError`. */
  read(connection: Connection<Settings>, request: ReadRequest): AsyncIterable<ReadEvent>;
  /**
   * Begins to read several tables as one. The session then reads in place of `read` and `note` of the package. Absent for
   * packages whose tables are read each by itself.
   */
  open?(
    connection: Connection<Settings>,
    request: Pick<ReadRequest, 'mode' | 'pacer' | 'signal'> & { tables: readonly string[] },
  ): Promise<ReadSession>;
  /** For packages with `targeted` among their capabilities, whose cells have types. */
  readKeys?(connection: Connection<Settings>, request: KeysRequest): Promise<KeyAnswers>;
  /**
   * The checkpoint as it is now. A complete read notes it before it begins, since all that comes later has to be read again.
   * Absent for packages with deltas.
   */
  note?(
    connection: Connection<Settings>,
    request: Pick<ReadRequest, 'table' | 'pacer' | 'signal'>,
  ): Promise<Checkpoint | undefined>;
  /**
   * For packages whose changes come as deltas: what an incremental read of the table would take now. A complete read
   * notes them before it begins, since they are older than what that one reads.
   */
  pending?(
    connection: Connection<Settings>,
    request: Pick<ReadRequest, 'table' | 'tables' | 'signal'> & { taken: KnownDeltas['taken'] },
  ): Promise<PendingDeltas>;
  /**
   * A text that is equal if a complete read would give the same rows. It is found without reading the rows one by one. Absent
   * if the source has no such text: then every complete sync reads.
   */
  state?(connection: Connection<Settings>, table: string, signal?: AbortSignal): Promise<string>;
}
