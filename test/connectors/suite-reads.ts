import type {
  Connection,
  ConnectorPackage,
  DiscoveredTable,
  Pacer,
  ReadEnd,
  ReadEvent,
  ReadRequest,
} from '../../connectors/package.ts';
import type { CertificateCode, SyncErrorCode } from '../../domain/codes.ts';
import { cellText, type Cell } from '../../domain/cell.ts';
import { Throttled } from '../../domain/throttle.ts';
import { splitPlain } from '../../store/part-format.ts';

/** A row by its columns, each cell as a text that is equal for equal cells only. */
export type ShownRow = Record<string, string>;

/** What a package's test file says of its real server. */
export interface Subject {
  adapter: ConnectorPackage;
  /** Settings that can be used, and secrets. */
  connection: () => Connection;
  /** Settings that cannot, and the path to what is wrong with them. */
  badSettings: { settings: Record<string, unknown>; path: string }[];
  /** Ways in which the server cannot be reached or refuses: the code that people see. */
  unreachable: { what: string; connection: () => Connection; code: SyncErrorCode }[];
  table: string;
  /** Every table that a connector would read from the connection. */
  tables: string[];
  /** The columns of the key. */
  key: string[];
  columns: DiscoveredTable['columns'];
  /** Brings the server into its first state: at least five rows, in several pages where it has pages. */
  reset: () => Promise<void> | void;
  /** What the server's own client lists, never through the package. */
  list: () => Promise<ShownRow[]> | ShownRow[];
  /** Changes of rows, each by one key of the first state and one that it does not have. */
  put: (key: string, value: string) => Promise<void> | void;
  remove: (key: string) => Promise<void> | void;
  storedKey: string;
  freshKey: string;
  /** What a row shows after `put`. */
  shows: (row: ShownRow, value: string) => boolean;
  /** Ways in which the server can be read, but does not prove that this was all. */
  incomplete: {
    what: string;
    make: () => Promise<void> | void;
    code: CertificateCode;
    /** How it is read, where that makes the difference. */
    read?: Partial<ReadRequest>;
  }[];
  /** Why there is none: whatever the server gives to its end is all that there was. */
  alwaysProven?: string;
  /** Incremental reads give rows again that an earlier one had, because they overlap. */
  overlaps?: boolean;
  /** Whether the connection can be read from a checkpoint on; absent: as the package says. */
  tellsChanges?: boolean;
  /** The column that stays when a row gets another key, if tombstones or lists of what is there name rows by it. */
  identity?: string;
  /** Requests that the server has had so far, by its own count. */
  requests?: () => Promise<number> | number;
  /** The server answers its next request that it is busy, and says so many seconds. */
  busy?: (seconds: number) => Promise<void> | void;
  /** For packages with sessions. */
  sessions?: {
    /** How many connections the server has from the package now. */
    connected: () => Promise<number> | number;
    /** Whether a session reads all tables as they were at one moment. */
    snapshot: boolean;
  };
  /** For packages that read by key: whether the server proves that a key is gone, and ways in which it no longer does. */
  targeted?: {
    proves: boolean;
    unproven: { what: string; make: () => Promise<void> | void }[];
    /** Whether the package asks for several keys at once. */
    together?: boolean;
  };
}

export interface Read {
  columns: string[];
  rows: ShownRow[];
  gone: ShownRow[];
  /** Rows that the read only says are still there. */
  present: ShownRow[];
  /** Where each batch can be resumed, and how many rows came until then. */
  steps: { resume: string; rows: number; gone: number }[];
  end: ReadEnd | undefined;
}

/** Reads a table as the export does, with a session if the package has sessions. @param stopAfter so many batches, as if the worker died */
export async function read(subject: Subject, request: Partial<ReadRequest> = {}, stopAfter = Infinity): Promise<Read> {
  const { adapter, connection, table, tables } = subject;
  const whole: ReadRequest = { table, mode: 'complete', tables, ...request };
  const { mode, pacer, signal } = whole;
  if (!adapter.open) return take(adapter.read(connection(), whole), stopAfter);
  const session = await adapter.open(connection(), {
    tables: [table],
    mode,
    ...(pacer ? { pacer } : {}),
    ...(signal ? { signal } : {}),
  });
  try {
    return await take(session.read(whole), stopAfter);
  } finally {
    await session.close();
  }
}

export async function take(events: AsyncIterable<ReadEvent>, stopAfter: number): Promise<Read> {
  const found: Read = { columns: [], rows: [], gone: [], present: [], steps: [], end: undefined };
  const show = (cells: readonly Cell[]): ShownRow => shown(found.columns, cells);
  for await (const event of events) {
    if (event.kind === 'segment') found.columns = event.columns;
    if (event.kind === 'end') found.end = event;
    if (!('resume' in event)) continue;
    if (event.kind === 'tombstones') found.gone.push(...event.records.map(({ cells }) => show(cells)));
    else if (event.kind === 'present') found.present.push(...event.records.map(({ cells }) => show(cells)));
    else if (event.kind === 'lines') {
      const { text, firstLine, delimiter, quote } = event.lines;
      for (const { cells } of splitPlain(text.toString('utf8'), firstLine, delimiter, quote))
        found.rows.push(show(cells));
    } else found.rows.push(...event.records.map(({ cells }) => show(cells)));
    found.steps.push({ resume: event.resume, rows: found.rows.length, gone: found.gone.length });
    if (found.steps.length >= stopAfter) return found;
  }
  return found;
}

export const shown = (columns: readonly string[], cells: readonly Cell[]): ShownRow =>
  Object.fromEntries(columns.map((column, i) => [column, cellText(cells[i] ?? '')]));

/** What the caller keeps the limits of a source with, and what it was asked. */
export function pacer(refuses = false) {
  const asked = { requests: 0, busy: [] as (number | undefined)[] };
  const keeps: Pacer = {
    request() {
      asked.requests++;
      return Promise.resolve();
    },
    busy(seconds) {
      asked.busy.push(seconds);
      return refuses ? Promise.reject(new Throttled(seconds ?? 0)) : Promise.resolve();
    },
  };
  return { asked, keeps };
}

export const sorted = (rows: readonly ShownRow[]) => rows.map((row) => JSON.stringify(row)).sort();
