/** Why a refusal no longer counts. */
export const refusalEndings = ['changed', 'gone', 'expired', 'lifted'] as const;
export type RefusalEnding = (typeof refusalEndings)[number];
