import { ServiceError } from '@temporalio/client';
import { SyncError } from '../domain/errors.ts';
import { BodyError } from './bodies.ts';
import { Problem, unavailable } from './problems.ts';

/** The problem for an error of a handler; undefined for a fault of Syncline, which is only logged. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof SyncError) return fromSyncError(error);
  if (isTemporalAway(error)) return unavailable('Temporal cannot be reached. Try again; it is safe to repeat.');
  if (isPostgresAway(error)) return unavailable('Postgres cannot be reached. Try again; it is safe to repeat.');
  return fromExpress(error);
}

function fromSyncError(error: SyncError): Problem {
  if (error.retryable) return unavailable(error.message);
  return new Problem('invalid', error.message, { members: { reason: error.code, ...error.place } });
}

export function isTemporalAway(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const cause: unknown = error.cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  // gRPC: CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE
  return [1, 4, 8, 14].includes(Number(code));
}

/** No worker answered for the workflow: gRPC FAILED_PRECONDITION. */
export function isWorkerAway(error: unknown): boolean {
  const cause: unknown = error instanceof ServiceError ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && Number(cause.code) === 9;
}

const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE', 'EHOSTUNREACH'];

function isPostgresAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError') return true;
  if (error instanceof AggregateError && error.errors.some(isPostgresAway)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // 08: connection; 57P0x: shutting down or starting up; 53: no connection or disk left
  return (
    networkCodes.includes(code) ||
    /^(08|53|57P)/.test(code) ||
    /^(Connection terminated|timeout expired|Client has encountered)/.test(error.message)
  );
}

/** What Express and its body parsers throw: http-errors with a type. */
function fromExpress(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const type = 'type' in error ? error.type : undefined;
  const status = 'status' in error ? error.status : undefined;
  if (type === 'entity.too.large') return new Problem('body-too-large', 'The body has more than 1 MiB.');
  if (error instanceof BodyError) return new Problem('body-unreadable', error.message);
  if (type === 'entity.parse.failed') return new Problem('body-unreadable', `The body is not JSON: ${error.message}`);
  if (type === 'charset.unsupported' || type === 'encoding.unsupported')
    return new Problem('unsupported-media-type', 'The body must be UTF-8, uncompressed or compressed by gzip.');
  if (status === 400) return new Problem('bad-request', 'The address or the body of the request cannot be read.');
  return undefined;
}
