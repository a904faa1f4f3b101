import type { ModeReason } from '../../domain/mode-reason.ts';

/** A read of changes that the source could not give. Every connection has to be read completely. */
export interface Refused {
  refused: ModeReason;
}

/** What became of a read: the folder of its attempt, or why there is none. */
export type Exported = { attempt: string } | Refused;
