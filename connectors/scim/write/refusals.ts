import { wordsOf } from '../../target-words.ts';
import { placeOf } from '../../web/body.ts';
import { headerOf, secondsAsked } from '../../web/retry-after.ts';
import type { WriteAnswer, WriteRequest } from '../../web/write-client.ts';
import { WriteError, type WriteErrorCode, type WriteErrorKind } from '../../write-package.ts';
import type { Dialect } from './dialects.ts';
import { parsePath } from './paths.ts';

const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Whether the answer is an error in the words of SCIM: then it comes from the service, not from something before it. */
export const isScimError = ({ json }: WriteAnswer): boolean => {
  const schemas = memberOf(json, 'schemas');
  return Array.isArray(schemas) && schemas.includes(errorSchema);
};

const memberOf = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined;

const textOf = (json: unknown, name: string): string => {
  const found = memberOf(json, name);
  return typeof found === 'string' ? found : '';
};

interface Asked {
  dialect: Dialect;
  /** Paths that the profile maps. */
  attributes: readonly string[];
}

/** What an answer means that is no success. */
export function refusalOf(request: WriteRequest, answer: WriteAnswer, { dialect, attributes }: Asked): WriteError {
  const { method, url, body } = request;
  const { status, headers, json } = answer;
  const detail = textOf(json, 'detail') || textOf(json, 'message');
  const type = textOf(json, 'scimType');
  const words = wordsOf(detail, [body?.json, [...url.searchParams.values()], url.pathname.split('/').at(-1)]);
  const fail = (kind: WriteErrorKind, code?: WriteErrorCode, field?: string) =>
    new WriteError(
      kind,
      `${placeOf(new URL(url.origin))} answers with status ${String(status)}${type === '' ? '' : ` (${wordsOf(type, [])})`}${words === '' ? '.' : `: ${words}`}`,
      { code, field, retryAfterSeconds: secondsAsked(headers) },
    );

  const taken = dialect.takenBy(detail);
  const isCreate = method === 'POST';
  const exists = (attribute: string | undefined) =>
    fail('exists', isCreate ? 'account-exists' : 'not-unique', attribute ?? fieldIn(detail, attributes));
  if (taken) return exists(fieldOf(taken.attribute, attributes));
  if (isThrottled(answer)) return fail('throttled');
  if (answer.isPage && status < 500) return fail('transient');
  if (status === 409) return /\block|\bversion\b/i.test(detail) ? fail('transient') : exists(undefined);
  if (status === 412) return fail('transient');
  if (status === 401 || status === 403) return fail('credentials');
  if (status === 404 || status === 410) return isScimError(answer) ? fail('missing') : fail('transient');
  if (status === 501 || status === 405) return fail('terminal', 'capability-missing');
  // the service may have done it before it failed, or the gateway before it gave up
  if (status >= 500 || status === 408) return fail(method === 'GET' ? 'transient' : 'unknown');
  if (status >= 300 && status < 400) return fail('terminal');
  if (type === 'uniqueness') return exists(undefined);
  if (type === 'mutability') return fail('terminal', 'immutable-attribute', fieldIn(detail, attributes));
  return fail('terminal', isAboutMissing(detail) ? 'required-missing' : undefined, fieldIn(detail, attributes));
}

const isAboutMissing = (detail: string) => /\b(required|missing|mandatory)\b/i.test(detail);

/** Services that have had too many requests also say so with 403 and a time, or with a service that is away for a while. */
function isThrottled({ status, headers }: WriteAnswer): boolean {
  if (status === 429) return true;
  const told = secondsAsked(headers) !== undefined;
  if (status === 403) return headerOf(headers, 'retry-after') !== undefined || spent(headers);
  return status === 503 && told;
}

const spent = (headers: WriteAnswer['headers']) =>
  (headerOf(headers, 'x-ratelimit-remaining') ?? headerOf(headers, 'x-rate-limit-remaining')) === '0';

/** The path of the profile for a plain attribute. */
const fieldOf = (attribute: string | undefined, attributes: readonly string[]): string | undefined =>
  attribute === undefined ? undefined : attributes.find((each) => parsePath(each)?.attribute === attribute);

/** The attribute that the words of the service name. */
const fieldIn = (detail: string, attributes: readonly string[]): string | undefined =>
  attributes.find((each) => {
    const { attribute = each, sub } = parsePath(each) ?? {};
    const name = sub === undefined || sub === 'value' ? attribute.replace(/s$/, '') : sub;
    return new RegExp(`\\b${name.replaceAll('$', '\\$')}s?\\b`, 'i').test(detail);
  });
