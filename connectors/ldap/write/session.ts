import type { Outbound } from '../../outbound/index.ts';
import type { Connection, Pacer } from '../../package.ts';
import { WriteError } from '../../write-package.ts';
import type { Answer, Change } from '../change.ts';
import { Directory } from '../directory.ts';
import type { LdapSettings } from '../settings.ts';
import { readingError, refusalOf } from './refusals.ts';

export interface SessionParts {
  outbound: Outbound;
  connection: Connection<LdapSettings>;
  /** That the profile maps. */
  attributes: readonly string[];
  pacer: Pacer | undefined;
  signal: AbortSignal | undefined;
}

/**
 * Logins to a directory. Each carries one order at a time, so that none waits for the answer to another; a login that was lost is
 * replaced when it is needed next.
 */
export class WriteSession {
  readonly #parts: SessionParts;
  #idle: Directory[] = [];
  #closed = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** @throws WriteError */
  async use<Result>(signal: AbortSignal | undefined, what: (directory: Directory) => Promise<Result>): Promise<Result> {
    if (signal?.aborted) throw new WriteError('transient', 'It was ended before anything was sent.');
    let directory: Directory | undefined;
    const cut = () => directory?.cut();
    signal?.addEventListener('abort', cut, { once: true });
    try {
      directory = await this.#take();
      if (signal?.aborted) throw new WriteError('transient', 'It was ended before anything was sent.');
      return await what(directory);
    } catch (error) {
      throw signal?.aborted && !(error instanceof WriteError)
        ? new WriteError('transient', 'It was ended before it wrote.', { cause: error })
        : readingError(error);
    } finally {
      signal?.removeEventListener('abort', cut);
      if (directory) await this.#giveBack(directory);
    }
  }

  async #take(): Promise<Directory> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop())
      if (idle.isOpen) return idle;
      else await idle.close();
    const { outbound, connection, pacer, signal } = this.#parts;
    return Directory.open(outbound, connection, { pacer, signal });
  }

  async #giveBack(directory: Directory): Promise<void> {
    if (directory.isOpen && !this.#closed) this.#idle.push(directory);
    else await directory.close();
  }

  /** Sends a change, once. @throws WriteError `unknown` if no answer comes */
  async send(directory: Directory, change: Change): Promise<Answer> {
    const answer = await directory.write(change);
    if (!answer)
      throw new WriteError(
        'unknown',
        'The directory did not answer, so nobody knows whether it did what it was asked.',
      );
    return answer;
  }

  /** Sends a change, once. @throws WriteError where the answer is no success */
  async write(directory: Directory, change: Change): Promise<void> {
    const answer = await this.send(directory, change);
    if (answer.result !== 0) throw this.refusal(answer, change);
  }

  refusal(answer: Answer, change: Change): WriteError {
    return refusalOf(answer, change, this.#parts.attributes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map((each) => each.close()));
  }
}
