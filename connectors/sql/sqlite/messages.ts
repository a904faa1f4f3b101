/** What the thread is asked, one thing at a time. */
export type Question =
  | { kind: 'open'; path: string; busyTimeout: number }
  | { kind: 'columns'; select: string }
  /** Begins to read a select; `next` reads its pages. */
  | { kind: 'begin'; select: string; values: readonly string[] }
  | { kind: 'next'; rows: number; bytes: number }
  | { kind: 'rows'; select: string; values: readonly string[] };

export type Value = null | string | number | bigint | Uint8Array;
export type Reply = { answer: Value[][] | { name: string; type: string | null }[] | undefined } | { failed: Failure };

/** `module`: better-sqlite3 is not there. */
export interface Failure {
  code: string;
  message: string;
}
