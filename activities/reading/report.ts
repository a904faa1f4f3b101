import type { DeltaLook } from '../../domain/delta.ts';

/** What a read tells while it goes on. It goes to Postgres, or to the export store where the worker that reads has no database. */
export interface Report {
  /** Rows that were read so far. */
  rows(count: number): Promise<void>;
  line(level: 'info' | 'warn', message: string): Promise<void>;
  /** What reading taken deltas of a table again has shown. */
  looks(table: string, looks: readonly DeltaLook[]): Promise<void>;
}

/** The limits of the source, as the read keeps them. */
export interface Pace {
  /** To be called before each request to the source. Resolves when `requestsPerSecond` allows the request. */
  request(): Promise<void>;
  /** The source is busy, and the read waits. */
  busy(): Promise<void>;
  /** The read no longer waits for its source. */
  goOn(): Promise<void>;
  end(): Promise<void>;
}
