import type { SyncErrorCode } from './codes.ts';

/** Where in a source something went wrong. `line` counts from 1 with the header; `offset` is in bytes from 0. */
export interface ErrorPlace {
  table?: string;
  line?: number;
  column?: string;
  offset?: number;
}

/** Codes that a retry cannot repair: the activity fails at once. The others are tried again with back-off. */
const transient: ReadonlySet<SyncErrorCode> = new Set<SyncErrorCode>(['connection', 'store-unavailable', 'internal']);

/** An error of a sync, with a code of the closed list. The message is for people and holds no row data. */
export class SyncError extends Error {
  override name = 'SyncError';
  readonly code: SyncErrorCode;
  readonly place: ErrorPlace;

  constructor(code: SyncErrorCode, message: string, place: ErrorPlace = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.place = place;
  }

  get retryable(): boolean {
    return transient.has(this.code);
  }
}
