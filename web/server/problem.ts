import type { ProblemBody } from './types.ts';

/** An answer of the API that is no success, or no answer at all. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly body: (ProblemBody & Record<string, unknown>) | undefined;

  constructor(status: number, body: (ProblemBody & Record<string, unknown>) | undefined, detail?: string) {
    super(body?.detail ?? detail ?? 'The API gave an answer that the console cannot read.');
    this.status = status;
    this.code = body?.code ?? (status === 0 ? 'unreachable' : 'internal');
    this.title = body?.title ?? (status === 0 ? 'Syncline does not answer' : 'Something went wrong');
    this.body = body;
  }
}

/** Whether the API, or what it needs, is away: what is asked may succeed later. */
export const isAway = (error: unknown): boolean =>
  error instanceof ProblemError && (error.status === 0 || error.status === 503);
