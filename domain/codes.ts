/**
 * The closed lists of codes. What each means and what to do about it is in docs/reference/codes.md;
 * a test compares the two.
 */

/** Why a row, or a link of it, could not be used; `schema-drift`, `case-variant`, `cycle`, `managed-rule`, `unfinished-line`
 * and `link-target-moved` only warn, `unknown-resource` where a key was asked for, and `scope-unknown` where it is stored. */
export const rowCodes = [
  'row-shape',
  'key-empty',
  'key-unclean',
  'duplicate-key',
  'invalid-character',
  'field-too-long',
  'format',
  'expression',
  'dangling-link',
  'ambiguous-link',
  'unknown-resource',
  'unknown-command',
  'schema-drift',
  'case-variant',
  'cycle',
  'managed-rule',
  'scope-unknown',
  'unfinished-line',
  'link-target-moved',
] as const;
export type RowCode = (typeof rowCodes)[number];

/** Why a whole sync failed. */
export const syncErrorCodes = [
  'empty-file',
  'missing-file',
  'missing-column',
  'duplicate-header',
  'too-many-columns',
  'encoding',
  'unclosed-quote',
  'truncated',
  'wrong-delimiter',
  'changed-during-read',
  'unsafe-path',
  'unknown-delta-file',
  'delta-file-changed',
  'connection',
  'credentials',
  'export-modified',
  'export-missing',
  'store-unavailable',
  'configuration',
  'nothing-prepared',
  'change-set-altered',
  'sync-ended',
  'workflow-lost',
  'internal',
] as const;
export type SyncErrorCode = (typeof syncErrorCodes)[number];

/** Why a sync is held. */
export const holdCodes = [
  'threshold-exceeded',
  'rejected-rows',
  'zero-rows',
  'unreadable-key',
  'filter-changed',
] as const;
export type HoldCode = (typeof holdCodes)[number];

/** What a held change set looks like it was caused by. */
export const causeCodes = [
  'first-sync',
  'blank-file',
  'blank-column',
  'swapped-headers',
  'date-format-changed',
  'configuration-changed',
] as const;
export type CauseCode = (typeof causeCodes)[number];

/** What a rejected row or link costs. */
export type ErrorEffect = 'row-rejected' | 'link-rejected' | 'warning';

/** Codes of API problems, each with its HTTP status; the type URI is `/problems/<code>`. */
export const problemCodes = {
  'body-unreadable': 400,
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  conflict: 409,
  'workflow-id-taken': 409,
  'sync-running': 409,
  'sync-held': 409,
  'sync-not-held': 409,
  'sync-ended': 409,
  'nothing-prepared': 409,
  'resources-remain': 409,
  'not-by-hand': 409,
  'idempotency-in-progress': 409,
  'stale-digest': 412,
  'stale-revision': 412,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'not-supported': 422,
  'no-users': 422,
  'idempotency-mismatch': 422,
  'too-many-requests': 429,
  'headers-too-large': 431,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<string, number>;
export type ProblemCode = keyof typeof problemCodes;
