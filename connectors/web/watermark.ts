import type { Checkpoint } from '../package.ts';
import { headerOf, timeOf, type Headers } from './retry-after.ts';

/**
 * How far a read that asks for changes since a time has come: the largest time of a row, at most the clock of the server when the
 * read began. Our own clock is not asked. Times are milliseconds since 1970.
 */
export class Watermark {
  #began: number | undefined;
  #largest: number | undefined;

  constructor(since?: Checkpoint) {
    this.#largest = since && timeOfCheckpoint(since);
  }

  /** The headers of the first answer. */
  answered(headers: Headers): void {
    this.#began ??= timeOf(headerOf(headers, 'date'));
  }

  saw(time: number | undefined): void {
    if (time !== undefined && !Number.isNaN(time)) this.#largest = Math.max(time, this.#largest ?? time);
  }

  /** Undefined if no row has a time yet. */
  checkpoint(): Checkpoint | undefined {
    if (this.#largest === undefined) return undefined;
    const value = new Date(Math.min(this.#largest, this.#began ?? this.#largest)).toISOString();
    return { value, name: `changes until ${value}` };
  }
}

/** @returns undefined if the checkpoint is none of a watermark */
export function timeOfCheckpoint({ value }: Checkpoint): number | undefined {
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
