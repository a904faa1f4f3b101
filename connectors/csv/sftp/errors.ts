import { SyncError, type ErrorPlace } from '../../../domain/errors.ts';

/** Numbers of the protocol (draft-ietf-secsh-filexfer-02, 7). */
const noSuchFile = 2;
const permissionDenied = 3;

/** An error of the server or of the connection to it, as one with a code. Texts of the server are left out. */
export function sftpError(error: unknown, where: string, place: ErrorPlace = {}): unknown {
  if (error instanceof SyncError || !(error instanceof Error)) return error;
  const fail = (code: SyncError['code'], message: string) => new SyncError(code, message, place, { cause: error });
  const { code, level } = error as { code?: unknown; level?: unknown };
  if (code === noSuchFile)
    return fail(
      'missing-file',
      place.table === undefined
        ? `${where} has no such folder. Create it there, or correct the setting directory.`
        : `${where} has no file ${place.table} in the folder of the connection. Put it there, or correct the table in the connector file.`,
    );
  if (code === permissionDenied)
    return fail('credentials', `The user may not read this on ${where}. Give the user the right to read it.`);
  if (level === 'client-authentication')
    return fail('credentials', `${where} refuses the user, the password or the key. Correct the secret.`);
  if (level === 'handshake' || level === 'protocol')
    return fail(
      'connection',
      `${where} and the worker do not agree on how to encrypt the connection, or it does not speak SSH. Check host and port.`,
    );
  const lost = typeof code === 'string' ? ` (${code})` : '';
  return fail('connection', `The connection to ${where} was lost, or did not come about${lost}.`);
}
