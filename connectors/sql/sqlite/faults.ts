import { SyncError } from '../../../domain/errors.ts';
import { queryRefused, tableMissing } from '../faults.ts';
import type { Failure } from './messages.ts';

/** The code for what SQLite says. */
export function sqliteFault({ code, message }: Failure): SyncError {
  const cause = new Error(code);
  if (code === 'module')
    return new SyncError(
      'configuration',
      'SQLite files need better-sqlite3, which this installation of the worker lacks. Run: npm install better-sqlite3',
      {},
      { cause },
    );
  if (/^no such table/.test(message)) return tableMissing(cause);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return new SyncError('connection', 'The database file is locked by a writer. It is tried again.', {}, { cause });
  if (/^SQLITE_(NOTADB|CORRUPT|FORMAT)/.test(code))
    return new SyncError('unsupported-file', 'The file is no SQLite database, or it is damaged.', {}, { cause });
  if (/^SQLITE_(CANTOPEN|IOERR|PERM|AUTH|READONLY)/.test(code))
    return new SyncError(
      'connection',
      `The worker cannot read the database file (${code}). It must be allowed to read the file, and, where it is in WAL mode or was not closed properly, to write its folder.`,
      {},
      { cause },
    );
  if (code === 'SQLITE_ERROR' || code === '') return queryRefused('SQLite', message, cause);
  return queryRefused(code, undefined, cause);
}
