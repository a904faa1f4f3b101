import type { Cell } from '../../domain/cell.ts';
import type { EncodedRecords } from '../../domain/encoded-records.ts';
import type { Certificate, DiscoveredColumn, DiscoveredTable } from '../package.ts';
import type { SqlSettings } from './settings.ts';

/** A column of a table or query, as the database describes it. */
export interface Column extends Omit<DiscoveredColumn, 'nullable'> {
  /** What the database calls the type. */
  sqlType: string;
}

/** Texts for the places of a statement, each bound so that nothing in it is read as SQL. */
export interface Bound {
  readonly values: string[];
  /** @returns what stands for the value in the statement */
  put(value: string): string;
  /** A watermark, typed like its column. */
  putWatermark(value: string, column: Column): string;
}

/**
 * One connection to a database, with one read-only snapshot over all that is read through it. It does one thing at a time.
 * Its errors are `SyncError`s.
 */
export interface Database {
  quote(name: string): string;
  bind(): Bound;
  /** Refuses a query that is more than one select, where the server would run several. @throws SyncError `query` */
  refuseSeveral?: (query: string) => void;
  /** The columns of a select. Reads no rows. */
  columns(select: string, values?: readonly string[]): Promise<Column[]>;
  /** The rows of a select, a page at a time: as many rows as memory bears. */
  pages(select: string, values: readonly string[], columns: readonly Column[]): AsyncIterable<Cell[][]>;
  /** The same pages as they are stored, where that is faster. */
  encodedPages?: (
    select: string,
    values: readonly string[],
    columns: readonly Column[],
  ) => AsyncIterable<EncodedRecords>;
  /** The rows of a select that has few. A value that its column cannot have gives `unreadable`. */
  rows(select: string, values: readonly string[], columns: readonly Column[]): Promise<Cell[][] | 'unreadable'>;
  /** An expression that is true where a column has exactly the text, if it is slower than `=` but safe for any type. */
  sameText?: (column: string, value: string) => string;
  /** The time of the snapshot: UTC, as RFC 3339. */
  clock(): Promise<string>;
  /** Whether what a table or a query reads takes part in the snapshot. */
  certificateOf(source: Source): Promise<Certificate>;
  /** Every table and view that the user may read. */
  catalog(): Promise<DiscoveredTable[]>;
  /** Ends at once, also in the middle of a statement. */
  close(): Promise<void>;
}

/** Where the rows of a table come from. */
export type Source = { table: string[] } | { query: string };

/** What a database is opened with. */
export interface Access {
  settings: SqlSettings;
  password: string | undefined;
  /** Milliseconds that one statement may take. */
  statementTimeout: number;
  /** Finds where to connect, once the address was allowed. */
  address: (target: { host: string; port: number }) => Promise<string>;
  /** The certificates of a private authority. */
  ca: string | undefined;
  fileRoots: readonly string[];
  signal?: AbortSignal;
}

/** Rows of at most about so many bytes are held at once. */
export const pageBytes = 4 << 20;
export const pageRows = 1000;
/** Milliseconds until a server has to answer a connection. */
export const connectTimeout = 10_000;
