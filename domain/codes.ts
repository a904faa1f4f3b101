/**
 * The closed lists of codes. What each means and what to do about it is in docs/reference/codes.md;
 * a test compares the two.
 */

/**
 * Why a row, or a link of it, could not be used. `schema-drift`, `case-variant`, `cycle`, `managed-rule`, `unfinished-line`,
 * `cell-merged`, `identity-ambiguous`, `link-target-moved` and `revert-*` only warn. If a key was asked for, `unknown-resource`
 * only warns. If the resource is stored, `scope-unknown` only warns.
 */
export const rowCodes = [
  'row-shape',
  'key-empty',
  'key-unclean',
  'duplicate-key',
  'invalid-character',
  'field-too-long',
  'format',
  'several-values',
  'not-text',
  'cell-error',
  'cell-uncalculated',
  'cell-merged',
  'expression',
  'dangling-link',
  'ambiguous-link',
  'identity-ambiguous',
  'unknown-resource',
  'unknown-command',
  'schema-drift',
  'case-variant',
  'cycle',
  'managed-rule',
  'scope-unknown',
  'unfinished-line',
  'link-target-moved',
  'required-missing',
  'ambiguous-match',
  'match-empty',
  'match-lookalike',
  'join-taken',
  'join-doubtful',
  'revert-touched',
  'revert-linked',
  'revert-key-taken',
  'revert-end-missing',
  'revert-retired',
  'revert-erased',
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
  'older-file',
  'missing-table',
  'unsupported-file',
  'protected-file',
  'archive',
  'connection',
  'tls',
  'host-key',
  'outbound-refused',
  'credentials',
  'throttled',
  'bad-body',
  'too-large',
  'pages-shifted',
  'count-mismatch',
  'size-limit',
  'time-limit',
  'admin-limit',
  'paging-lost',
  'base-missing',
  'filter-invalid',
  'canary-missing',
  'query',
  'snapshot-unavailable',
  'export-modified',
  'export-missing',
  'store-unavailable',
  'configuration',
  'nothing-prepared',
  'change-set-altered',
  'changes-removed',
  'too-many-refusals',
  'sync-ended',
  'workflow-lost',
  'internal',
] as const;
export type SyncErrorCode = (typeof syncErrorCodes)[number];

/** Why a table is not certified: its source did not prove that the table was read to its end. */
export const certificateCodes = [
  'not-final',
  'no-canary',
  'behind',
  'referral',
  'no-total',
  'no-tombstones',
  'not-transactional',
  'part-missing',
] as const;
export type CertificateCode = (typeof certificateCodes)[number];

/** Why a sync is held. */
export const holdCodes = [
  'threshold-exceeded',
  'rejected-rows',
  'zero-rows',
  'unreadable-key',
  'filter-changed',
  'window-exceeded',
  'watched-transition',
  'undone-again',
  'rules-changed',
  'group-emptied',
  'join-moved',
] as const;
export type HoldCode = (typeof holdCodes)[number];

/** What a change set looks like it was caused by. */
export const causeCodes = [
  'first-sync',
  'blank-file',
  'blank-column',
  'swapped-headers',
  'date-format-changed',
  'configuration-changed',
  'keys-reissued',
  'number-format-changed',
  'boolean-format-changed',
  'text-form-changed',
  'property-changed-everywhere',
  'property-set-to-one-value',
  'column-copied',
  'branch-missing',
  'file-cut-short',
  'group-emptied',
  'links-lost',
  'target-missing',
  'many-rejected',
  'unusual-inserts',
  'restored',
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
  'configuration-changed': 409,
  'too-many-drafts': 409,
  'sync-ended': 409,
  'sync-not-applied': 409,
  'changes-removed': 409,
  'not-refreshable': 409,
  'nothing-prepared': 409,
  'provisioning-disabled': 409,
  'no-change-set': 409,
  'resources-remain': 409,
  'not-by-hand': 409,
  'idempotency-in-progress': 409,
  'stale-digest': 412,
  'counts-differ': 412,
  'stale-revision': 412,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'not-supported': 422,
  'too-many-refusals': 422,
  'no-users': 422,
  'idempotency-mismatch': 422,
  'too-many-requests': 429,
  'headers-too-large': 431,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<string, number>;
export type ProblemCode = keyof typeof problemCodes;
