/**
 * Durations as people write them into a connector file: `15m`, `2m30s`, `12h`, `1d`, or ISO 8601 with days and less,
 * `PT15M`, `P1DT12H`.
 */

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
const short = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/;
const iso = /^P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/** One number with a unit: the form of durations outside `poll`. */
export const shortDuration = /^[1-9]\d{0,3}[mhd]$/;

/** Why a text is not a duration, and what to write. */
export class DurationError extends Error {
  override name = 'DurationError';
}

/** @returns milliseconds @throws DurationError */
export function parseDuration(text: string): number {
  const parts = short.exec(text) ?? iso.exec(text);
  const counts: (string | undefined)[] = parts?.slice(1) ?? [];
  if (counts.every((count) => count === undefined) || text.endsWith('T')) throw new DurationError(explain(text));
  return Object.values(units).reduce((sum, length, i) => sum + Number(counts[i] ?? 0) * length, 0);
}

function explain(text: string): string {
  const how = 'Write it like 15m, 2m30s, 12h or PT15M';
  if (text === '') return `A duration must not be empty. ${how}.`;
  if (/^\d+$/.test(text)) return `${text} has no unit. Write ${text}s, ${text}m or ${text}h.`;
  if (/^-/.test(text)) return `${text} is negative. ${how}.`;
  if (/\d+\s*ms$/i.test(text) || /[.,]/.test(text)) return `${text} has parts of a second. ${how}.`;
  if (/^P.*[YW]/.test(text) || /^P[^T]*M/.test(text)) return `${text} has a unit longer than a day. ${how}.`;
  if (short.test(text.replaceAll(/\s/g, '').toLowerCase()))
    return `${text} must have small letters and no spaces. Write ${text.replaceAll(/\s/g, '').toLowerCase()}.`;
  return `${text.slice(0, 50)} is not a duration: days, hours, minutes and seconds in this order, each once. ${how}.`;
}

/** The shortest form: `2m30s`. @param ms milliseconds, of which whole seconds are shown */
export function formatDuration(ms: number): string {
  let rest = Math.floor(ms / 1000) * 1000;
  let text = '';
  for (const [unit, length] of Object.entries(units)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${String(count)}${unit}`;
  }
  return text === '' ? '0s' : text;
}
