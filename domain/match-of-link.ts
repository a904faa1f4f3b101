import { own } from './chosen-names.ts';
import { matchedBy, type TargetType } from './mapping.ts';

/**
 * How the values of a link are compared: with another property of the target, or with its key (null). With `folds`, values
 * that differ by case only match. The values of keys are folded before, where they are read.
 */
export function matchOfLink(
  by: string | undefined,
  target: TargetType | undefined,
): { by: string | null; folds?: boolean } {
  const other = matchedBy(by, target?.key ?? []);
  if (other === null) return { by: null };
  return own(target?.properties ?? {}, other)?.caseInsensitive ? { by: other, folds: true } : { by: other };
}
