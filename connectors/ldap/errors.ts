import { ResultCodeError } from 'ldapts';
import type { SyncErrorCode } from '../../domain/codes.ts';
import { SyncError, type ErrorPlace } from '../../domain/errors.ts';

/**
 * What a result code of the directory means. The text of the server is left out, since it can name entries.
 * RFC 4511, 4.1.9; appendix A.
 */
const meanings: Readonly<Record<number, readonly [SyncErrorCode, string]>> = {
  2: ['paging-lost', 'The directory refused a request of the read. It may have forgotten the place in the list'],
  3: [
    'time-limit',
    'The directory ended the search at its time limit. Raise the limit for the reader, or set a smaller pageSize',
  ],
  4: ['size-limit', 'The directory ended the search at its size limit. Raise the limit for the reader'],
  7: ['credentials', 'The directory does not support this kind of login'],
  8: ['tls', 'The directory wants an encrypted connection for this login. Use ldaps://, or tls: { startTls: true }'],
  10: [
    'base-missing',
    'The directory does not hold the base: it refers to another server. Ask the server that has the base',
  ],
  11: [
    'admin-limit',
    'The directory ended the search at an administrative limit. Set a smaller pageSize, or raise the limit for the reader',
  ],
  12: ['paging-lost', 'The directory does not support a control that the read needs'],
  13: ['tls', 'The directory wants an encrypted connection. Use ldaps://, or tls: { startTls: true }'],
  18: ['filter-invalid', 'The directory cannot compare an attribute as the filter asks'],
  21: ['filter-invalid', 'The directory does not accept a value of the filter'],
  32: ['base-missing', 'The base does not exist, or the reader may not see it'],
  34: ['base-missing', 'The directory does not accept the base as a name'],
  48: ['credentials', 'The directory does not accept this kind of login for the user'],
  49: ['credentials', 'The directory refuses the user or the password'],
  50: ['credentials', 'The user may not read this part of the directory'],
  51: ['throttled', 'The directory is too busy. Try again later'],
  52: ['connection', 'The directory is not available now'],
  53: ['paging-lost', 'The directory does not go on with the search'],
};

/** What the directory answered in place of success. */
export class RefusedError extends SyncError {
  /** RFC 4511, 4.1.9 */
  readonly result: number;

  constructor(result: number, code: SyncErrorCode, message: string, place: ErrorPlace) {
    super(code, message, place);
    this.result = result;
  }
}

/** An error of the directory, of its connection, or of ldapts, as one with a code. */
export function toSyncError(error: unknown, table?: string): unknown {
  if (error instanceof SyncError) return error;
  const place = table === undefined ? {} : { table };
  if (error instanceof ResultCodeError) {
    const [code, text] = meanings[error.code] ?? (['connection', 'The directory refused a request'] as const);
    return new RefusedError(error.code, code, `${text} (LDAP result ${String(error.code)}).`, place);
  }
  if (error instanceof Error && /timed out/.test(error.message))
    return new SyncError('connection', 'The directory did not answer in time.', place);
  return error instanceof Error && /Connection closed|Socket|socket/.test(error.message) ? lost(table) : error;
}

export const lost = (table?: string): SyncError =>
  new SyncError(
    'connection',
    'The connection to the directory was lost in the middle of the read.',
    table === undefined ? {} : { table },
  );

const reasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself; name its authority in tls.ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known; name it in tls.ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known; name it in tls.ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known; name it in tls.ca',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name; correct url, or set tls.serverName',
  CERT_REVOKED: 'it was revoked',
};

/** Why TLS did not come about. */
export function tlsError(host: string, cause: unknown): SyncError {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const reason = reasons[code];
  return new SyncError(
    'tls',
    reason === undefined
      ? `The encrypted connection to ${host} did not come about${code === '' ? '' : ` (${code})`}. Check that the port speaks TLS.`
      : `The certificate of ${host} is not accepted: ${reason}.`,
  );
}

/** Why no connection came about. */
export function unreachable(host: string, port: number, cause: unknown): SyncError {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return new SyncError('connection', `${host}:${String(port)} does not answer${code}.`);
}
