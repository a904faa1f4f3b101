import { SyncError, type ErrorPlace } from '../../../domain/errors.ts';
import { failureOf } from '../../web/failures.ts';

/** Which object or bucket was asked for. */
export interface Asked {
  /** Host of the service. */
  where: string;
  bucket: string;
  /** Name of the file; absent: the list of files. */
  table?: string;
}

/** An error of the service, or of the connection to it, as one with a code. Texts of the service are left out. */
export function s3Error(error: unknown, { where, bucket, table }: Asked): unknown {
  if (error instanceof SyncError || !(error instanceof Error)) return error;
  const place: ErrorPlace = table === undefined ? {} : { table };
  const fail = (code: SyncError['code'], message: string) => new SyncError(code, message, place, { cause: error });
  const status = statusOf(error);
  if (status === undefined) return failureOf(error, where);
  switch (error.name) {
    case 'NoSuchBucket':
      return fail(
        'missing-file',
        `There is no bucket ${bucket} at ${where}. Create it, or correct location.s3.bucket and region.`,
      );
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return fail('configuration', `The bucket ${bucket} is in another region. Correct location.s3.region.`);
    case 'RequestTimeTooSkewed':
      return fail('credentials', `${where} finds that the clock of the worker is wrong. Set the clock.`);
    case 'InvalidObjectState':
      return fail('missing-file', `${table ?? 'A file'} is in an archive of the bucket ${bucket}. Restore it there.`);
  }
  if (status === 301)
    return fail('configuration', `The bucket ${bucket} is in another region. Correct location.s3.region.`);
  if (status === 404)
    return fail(
      'missing-file',
      `The bucket ${bucket} at ${where} has no file ${table ?? ''} below its prefix. Put it there, or correct the table in the connector file.`,
    );
  if (status === 401 || status === 403)
    return fail(
      'credentials',
      `${where} refuses the keys, or their right to read the bucket ${bucket}. Correct the secrets, or allow s3:GetObject and s3:ListBucket: without the latter, a file that is missing is refused in the same way.`,
    );
  return fail('connection', `${where} answers with status ${String(status)}. Look at the service.`);
}

/** Of the answer; undefined if there was none. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
