/** Why a sync runs in another mode than was asked for. */
export const modeReasonCodes = [
  'no-checkpoint',
  'read-changed',
  'checkpoint-refused',
  'branch-renamed',
  'deferred',
  'rules-changed',
] as const;
export type ModeReasonCode = (typeof modeReasonCodes)[number];

export interface ModeReason {
  code: ModeReasonCode;
  /** For people; names no data. */
  message: string;
}

/** What the log says of a sync that becomes complete. */
export const becomesComplete = ({ message }: ModeReason): string => `${message} So this sync becomes complete.`;
