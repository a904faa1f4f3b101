import { problemCodes, type ProblemCode } from '../domain/codes.ts';
import { mostFaults, type Fault } from '../domain/fault.ts';

/** An error answer (RFC 9457); handlers throw it. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: Fault[] | undefined;
  /** Further members of the body, such as the sync because of which a request is refused. */
  readonly members: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: Fault[]; members?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors;
    this.members = more.members ?? {};
    this.headers = more.headers ?? {};
  }

  get status(): number {
    return problemCodes[this.code];
  }

  toBody(): Record<string, unknown> {
    return {
      type: `/problems/${this.code}`,
      title: titles[this.code],
      status: this.status,
      detail: shorten(this.message),
      code: this.code,
      ...(this.errors === undefined ? {} : { errors: this.errors.slice(0, mostFaults).map(shortenFault) }),
      ...this.members,
    };
  }
}

/** A detail quotes what was sent, which may be long. */
const longest = 1_000;
const shorten = (text: string) => (text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()} …`);
const shortenFault = ({ pointer, detail }: Fault): Fault => ({ pointer: shorten(pointer), detail: shorten(detail) });

export const titles: Record<ProblemCode, string> = {
  'body-unreadable': 'The body cannot be read',
  'bad-request': 'The request cannot be read',
  unauthorized: 'Nobody is logged in',
  forbidden: 'This is not allowed',
  'not-found': 'There is no such thing',
  'method-not-allowed': 'This route does not have this method',
  'request-timeout': 'The request took too long',
  conflict: 'The state does not allow this',
  'workflow-id-taken': 'Another installation uses these names in Temporal',
  'sync-running': 'A sync of the connector is running',
  'sync-held': 'A sync of the connector is held',
  'sync-not-held': 'The sync is not held',
  'configuration-changed': 'The configuration has changed since',
  'too-many-drafts': 'The sync has too many drafts',
  'sync-ended': 'The sync has ended',
  'sync-not-applied': 'The sync was not applied',
  'changes-removed': 'The changes of the sync are no longer kept',
  'not-refreshable': 'The sync reads no source',
  'provisioning-disabled': 'The connector provisions nothing',
  'nothing-prepared': 'An earlier task is missing',
  'no-change-set': 'The sync has no change set',
  'resources-remain': 'The connector still has resources',
  'not-by-hand': 'The entity type has no managed: by hand',
  'idempotency-in-progress': 'The first request of this key is still being answered',
  'stale-digest': 'Another change set was reviewed',
  'counts-differ': 'Other counts were confirmed',
  'stale-revision': 'Another revision was read',
  'body-too-large': 'The body is too large',
  'unsupported-media-type': 'The route does not read this media type',
  invalid: 'The request is invalid',
  'not-supported': 'This version does not support it',
  'too-many-refusals': 'Too many changes would be refused one by one',
  'no-users': 'No entity type is marked as users',
  'idempotency-mismatch': 'The key was used for another request',
  'too-many-requests': 'Too many requests',
  'headers-too-large': 'The address or the headers are too long',
  internal: 'Something went wrong in Syncline',
  unavailable: 'A part of Syncline cannot be reached',
};

export const notFound = (detail: string) => new Problem('not-found', detail);

/** A fault at one place of the request. */
export const invalid = (pointer: string, detail: string) =>
  new Problem('invalid', detail, { errors: [{ pointer, detail }] });

/** Postgres or Temporal does not answer: the request is safe to repeat. */
export const unavailable = (detail: string) => new Problem('unavailable', detail, { headers: { 'retry-after': '2' } });
