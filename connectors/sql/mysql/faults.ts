import { SyncError } from '../../../domain/errors.ts';
import { driverError, networkFault, queryRefused, refusedUser, tableMissing, tooSlow } from '../faults.ts';

/** The code for what MySQL, MariaDB, the driver or the network says. */
export function mysqlFault(error: unknown, place: { host: string; port: number }): unknown {
  if (error instanceof SyncError) return error;
  const network = networkFault(error, place);
  if (network) return network;
  const { errno, message } = driverError(error);
  switch (errno) {
    case undefined:
      if (error instanceof TypeError || error instanceof RangeError) return error;
      return new SyncError('connection', 'The connection to the database was lost.', {}, { cause: error });
    case 1146:
      return tableMissing(error);
    case 1969: // MariaDB
    case 3024:
      return tooSlow(error);
    case 1044:
    case 1045:
    case 1130:
    case 1698:
      return refusedUser('The database refuses the user or the password, or a connection from this machine.', error);
    case 1142:
    case 1143:
    case 1227:
    case 1356:
    case 1370:
      return refusedUser('The user may not read this. Grant select on it.', error);
    case 1049:
      return new SyncError(
        'configuration',
        'The server has no database of this name. Correct settings.database.',
        {},
        { cause: error },
      );
    case 1412:
      return new SyncError(
        'snapshot-unavailable',
        'A table was altered while it was read, so the snapshot has lost it.',
        {},
        { cause: error },
      );
  }
  if (lost.has(errno))
    return new SyncError(
      'connection',
      `The server has ended the connection or takes none now (error ${String(errno)}).`,
      {},
      { cause: error },
    );
  return queryRefused(`error ${String(errno)}`, ofText.has(errno) ? message : undefined, error);
}

/** Too many connections, shutdown, lock waits, lost packets. */
const lost: ReadonlySet<number> = new Set([
  1040, 1043, 1053, 1158, 1159, 1160, 1161, 1184, 1203, 1205, 1213, 1317, 1927,
]);
/** Errors whose message names parts of the statement only. */
const ofText: ReadonlySet<number> = new Set([
  1052, 1054, 1055, 1056, 1060, 1064, 1109, 1111, 1140, 1222, 1248, 1305, 1351, 1792,
]);
