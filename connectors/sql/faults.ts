import { SyncError } from '../../domain/errors.ts';

/** What an error of a driver says; which of it is set depends on the driver. */
export interface DriverError {
  code: string | undefined;
  errno: number | undefined;
  message: string;
}

export function driverError(error: unknown): DriverError {
  const { code, errno, number, message } = error as Record<string, unknown>;
  return {
    code: typeof code === 'string' ? code : undefined,
    errno: typeof errno === 'number' ? errno : typeof number === 'number' ? number : undefined,
    message: typeof message === 'string' ? message : '',
  };
}

const tlsCodes =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|HANDSHAKE_NO_SSL|HANDSHAKE_SSL|EPROTO)/;

/** Faults below SQL, the same for every database; undefined if it is none of these. */
export function networkFault(error: unknown, place: { host: string; port: number }): SyncError | undefined {
  const { code = '', message } = driverError(error);
  const server = `${place.host}:${String(place.port)}`;
  if (tlsCodes.test(code) || /does not support SSL/i.test(message))
    return new SyncError(
      'tls',
      `The server ${server} cannot be trusted${tlsCodes.test(code) ? ` (${code})` : ': it does not support TLS'}. Its certificate must be valid, name the host, and come from an authority that is known here: name its file in tls.ca. Without encryption: tls.mode none.`,
      {},
      { cause: error },
    );
  if (/^(ECONN|EHOST|ENET|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|ESOCKET|ELOGIN_TIMEOUT|PROTOCOL_CONNECTION_LOST)/.test(code))
    return new SyncError(
      'connection',
      `The connection to the server ${server} failed or was lost (${code}).`,
      {},
      { cause: error },
    );
  return undefined;
}

/** @param why what the server says of the text of a statement, where that can hold no cell */
export const queryRefused = (state: string, why: string | undefined, cause: unknown): SyncError =>
  new SyncError(
    'query',
    `The database refuses the statement (${state})${why === undefined ? '' : `: ${why}`}. Correct the query, or the columns that it names.`,
    {},
    { cause },
  );

export const tooSlow = (cause?: unknown): SyncError =>
  new SyncError(
    'time-limit',
    'A statement took longer than the setting statementTimeout. Make it faster, for example by an index on the watermark, or give it more time.',
    {},
    { cause },
  );

export const tableMissing = (cause: unknown): SyncError =>
  new SyncError(
    'missing-table',
    'The database has no such table or view, or does not show it to the user. Correct `from`: it is written as in the database, as name or schema.name.',
    {},
    { cause },
  );

export const refusedUser = (what: string, cause: unknown): SyncError =>
  new SyncError('credentials', what, {}, { cause });

/** The same error, with the table in its message and place. */
export function inTable(error: unknown, table: string): unknown {
  if (!(error instanceof SyncError) || error.place.table !== undefined) return error;
  return new SyncError(
    error.code,
    `${table}: ${error.message}`,
    { ...error.place, table },
    { cause: error.cause ?? error },
  );
}

export const silent = (): SyncError => new SyncError('connection', 'The database no longer answers.');
