import { SyncError } from '../../../domain/errors.ts';
import { driverError, networkFault, queryRefused, refusedUser, tableMissing, tooSlow } from '../faults.ts';

/** The code for what PostgreSQL, its driver or the network says. */
export function postgresFault(error: unknown, place: { host: string; port: number }): unknown {
  if (error instanceof SyncError) return error;
  const network = networkFault(error, place);
  if (network) return network;
  const { code = '', message } = driverError(error);
  if (error instanceof TypeError || error instanceof RangeError) return error;
  if (message.startsWith('SASL')) return refusedUser('PostgreSQL wants a password that fits the user.', error);
  if (!/^[0-9A-Z]{5}$/.test(code))
    return new SyncError(
      'connection',
      'The connection to PostgreSQL was lost, or could not be made in time.',
      {},
      { cause: error },
    );
  switch (code) {
    case '42P01':
    case '3F000':
      return tableMissing(error);
    case '57014':
      return tooSlow(error);
    case '28P01':
    case '28000':
      return refusedUser(
        'PostgreSQL refuses the user or the password, or a connection from this machine (pg_hba.conf).',
        error,
      );
    case '3D000':
      return new SyncError(
        'configuration',
        'PostgreSQL has no database of this name. Correct settings.database.',
        {},
        { cause: error },
      );
    case '42501':
      return refusedUser(
        /row-level security|row security/.test(message)
          ? 'A policy of row-level security would hide rows from the user. Let the user bypass it, or read a view whose owner sees every row.'
          : 'The user may not read this. Grant select on it, and usage on its schema.',
        error,
      );
    case '72000':
      return new SyncError(
        'snapshot-unavailable',
        'PostgreSQL has given up the snapshot: it was too old.',
        {},
        { cause: error },
      );
  }
  // the server is stopping, is full, or has cancelled a reader that was in the way of its standby
  if (/^(08|53|57|40)/.test(code))
    return new SyncError(
      'connection',
      `PostgreSQL has ended the connection or takes none now (SQLSTATE ${code}).`,
      {},
      { cause: error },
    );
  // messages of class 42 name parts of the statement; those of others may hold values of rows
  return queryRefused(`SQLSTATE ${code}`, code.startsWith('42') ? message : undefined, error);
}
