import { SyncError } from '../../../domain/errors.ts';
import { wordsOf } from '../../target-words.ts';
import { WriteError, type WriteErrorCode, type WriteErrorKind } from '../../write-package.ts';
import type { Answer, Change } from '../change.ts';
import { RefusedError } from '../errors.ts';

/** What results mean for a request that writes (RFC 4511, appendix A); the others are `terminal`. */
const kinds: Readonly<Record<number, WriteErrorKind>> = {
  // the server may have done it before it failed
  3: 'unknown',
  8: 'credentials',
  13: 'credentials',
  // a value that was read before is another one now
  16: 'transient',
  32: 'missing',
  48: 'credentials',
  49: 'credentials',
  50: 'credentials',
  51: 'throttled',
  52: 'transient',
  68: 'exists',
  80: 'unknown',
  // the entry under this name is another one now (RFC 4528)
  122: 'transient',
};

const constraint = 19;
/** Words of the overlay `unique`, and the errors of Active Directory for principal names that are taken. */
const isTaken = (said: string) => /\b(not unique|unique|already in use|000021c[78])\b/i.test(said);

const objectClassViolation = 65;
const codes: Readonly<Record<number, WriteErrorCode>> = { 69: 'immutable-attribute', 67: 'immutable-attribute' };

/** @param attributes that the profile maps */
export function refusalOf({ result, said }: Answer, change: Change, attributes: readonly string[]): WriteError {
  const words = wordsOf(said, sentIn(change));
  const fail = (kind: WriteErrorKind, code?: WriteErrorCode, field = fieldIn(said, attributes)) =>
    new WriteError(kind, `The directory answers with result ${String(result)}${words === '' ? '.' : `: ${words}`}`, {
      code,
      field,
    });
  const kind = result === constraint && isTaken(said) ? 'exists' : (kinds[result] ?? 'terminal');
  if (kind === 'exists') return fail('exists', change.kind === 'add' ? 'account-exists' : 'not-unique');
  if (kind === 'missing' && change.kind === 'add')
    return new WriteError(
      'terminal',
      'The directory has no entry where the account should be. Make the parent first.',
      {
        field: 'dn',
      },
    );
  if (result === objectClassViolation) {
    const required = /requires attribute '([^']+)'/.exec(said)?.[1];
    if (required !== undefined) return fail('terminal', 'required-missing', required);
  }
  return fail(kind, codes[result]);
}

/** Values that were sent, and the parts of names: servers name these, too. */
function sentIn(change: Change): (string | Buffer)[] {
  const names = [change.dn, ...(change.kind === 'rename' ? [change.name] : [])];
  const lists = change.kind === 'add' ? change.attributes : change.kind === 'modify' ? change.modifications : [];
  return [
    ...names,
    ...names.flatMap((name) => name.split(/[,+]/).flatMap((part) => part.split('=').slice(1))),
    ...lists.filter(({ attribute }) => attribute.toLowerCase() !== 'objectclass').flatMap(({ values }) => values),
  ];
}

/** The attribute that the words of the server name. */
const fieldIn = (said: string, attributes: readonly string[]): string | undefined =>
  attributes.find((each) => new RegExp(`(?<![\\w-])${each}(?![\\w-])`, 'i').test(said));

/** An error of the connection, or of a request that only reads. */
export function readingError(error: unknown): unknown {
  if (!(error instanceof SyncError)) return error;
  const { code, message } = error;
  const more = { cause: error };
  if (code === 'credentials') return new WriteError('credentials', message, more);
  if (code === 'throttled') return new WriteError('throttled', message, more);
  const isAnswer = error instanceof RefusedError && ['filter-invalid', 'admin-limit', 'size-limit'].includes(code);
  return new WriteError(isAnswer ? 'terminal' : 'transient', message, more);
}
