/** A fault that the person at the terminal can repair; the message says what is wrong, where, and what to do. */
export class StackError extends Error {
  override name = 'StackError';
}

/** What an unknown error says, in one line. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`.trim();
}

/** The `code` of a system error, such as `EADDRINUSE`, or of a Postgres one, such as `57P03`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
