import type { Request } from 'express';
import { Problem } from './problems.ts';

/**
 * Guards against overwriting a revision that the sender has not seen. `If-None-Match: *` is only met by what does not exist yet.
 * @param newest revision, undefined if there is no such thing
 * @param what it is, for the message: `The revision of the job`
 * @throws Problem 412 if `If-Match` names other revisions, or `If-None-Match` is not met; without the headers nothing is checked
 */
export function requireRevision(request: Request, newest: number | undefined, what: string): void {
  if (newest !== undefined && request.get('if-none-match')?.trim() === '*')
    throw new Problem('stale-revision', `${what} is ${String(newest)}: it exists already. Give it another name.`);
  const expected = expectedRevisions(request);
  if (expected === undefined) return;
  if (newest !== undefined && (expected.includes('*') || expected.includes(String(newest)))) return;
  const named = expected.join(' or ');
  throw new Problem(
    'stale-revision',
    newest === undefined
      ? `${what} is not ${named}: it does not exist yet. Without If-Match the request creates it.`
      : `${what} is ${String(newest)}, not ${named}: read it, then save your change again.`,
  );
}

/** What `If-Match` names: one revision, several, or `*` for any. */
export const expectedRevisions = (request: Request): string[] | undefined =>
  request
    .get('if-match')
    ?.split(',')
    .map((each) => each.trim().replace(/^W\//, '').replaceAll('"', ''));
