import { SyncError } from '../../../domain/errors.ts';
import { driverError, networkFault, queryRefused, refusedUser, tableMissing, tooSlow } from '../faults.ts';

/** The code for what SQL Server, its driver or the network says. */
export function sqlServerFault(error: unknown, place: { host: string; port: number }): unknown {
  if (error instanceof SyncError) return error;
  const { code = '', errno } = driverError(error);
  const cause = (error as { cause?: unknown }).cause;
  const network = networkFault(cause ?? error, place) ?? networkFault(error, place);
  if (code === 'ELOGIN' || errno === 18456) return refusedUser('SQL Server refuses the user or the password.', error);
  if (code === 'ETIMEOUT') return tooSlow(error);
  if (network) return network;
  switch (errno) {
    case 208:
      return tableMissing(error);
    case 229:
    case 230:
    case 916:
      return refusedUser('The user may not read this. Grant select on it.', error);
    case 4060:
      return new SyncError(
        'configuration',
        'SQL Server has no database of this name for the user. Correct settings.database.',
        {},
        { cause: error },
      );
    case 3952:
    case 3960:
    case 3961:
      return new SyncError(
        'snapshot-unavailable',
        `SQL Server gives no snapshot (error ${String(errno)}).`,
        {},
        { cause: error },
      );
    case undefined:
      if (error instanceof TypeError || error instanceof RangeError) return error;
      return new SyncError('connection', 'The connection to SQL Server was lost.', {}, { cause: error });
  }
  return queryRefused(`error ${String(errno)}`, undefined, error);
}
