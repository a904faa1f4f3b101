import { SyncError } from '../../domain/errors.ts';

/** Codes of Node and OpenSSL for a certificate or a handshake that cannot be trusted. */
const ofTls =
  /^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|INVALID_CA$|PATH_LENGTH_|UND_ERR_PRX_TLS$)/;

/** What an error of the transport means. Its message is not repeated: it may hold parts of an answer. */
export function failureOf(error: unknown, origin: string): SyncError {
  if (error instanceof SyncError) return error;
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof SyncError) return at;
  const code = codeOf(error);
  const fail = (kind: 'tls' | 'bad-body' | 'too-large' | 'connection', message: string) =>
    new SyncError(kind, message, {}, { cause: error });
  if (code !== undefined && ofTls.test(code))
    return fail(
      'tls',
      `The certificate of ${origin} cannot be verified, or it offers no TLS (${code}). Renew it, or name its authority in tls.ca.`,
    );
  if (code?.startsWith('HPE_')) return fail('bad-body', `${origin} does not answer in HTTP (${code}).`);
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return fail('too-large', `The headers of the answer of ${origin} are too large.`);
  if (code?.startsWith('Z_'))
    return fail('bad-body', `The answer of ${origin} is packed, and cannot be unpacked (${code}).`);
  return fail(
    'connection',
    `${origin} did not answer, or not to the end${code === undefined ? '' : ` (${code})`}. Check that it can be reached from the worker.`,
  );
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  // undici's own errors hide that of the socket
  const inner = codeOf(error.cause) ?? (error instanceof AggregateError ? codeOf(error.errors[0]) : undefined);
  return inner ?? (typeof code === 'string' ? code : undefined);
}
