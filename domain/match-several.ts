import { FormatError } from './format/value.ts';
import type { MatchValue } from './match-value.ts';
import { characterFault } from './storable.ts';

/**
 * A value of a link that leads to several entity types: a JSON array of its forms, one for each entity type in the order of the
 * file, null where an entity type cannot have it. A value matches only in an entity type whose form it can take.
 */

/**
 * How the values of a link are read that leads to these: as it is for one; the forms for several, null for no value.
 * @returns a reader that throws FormatError for a value that fits none of them
 */
export function matchSeveral(each: readonly MatchValue[]): MatchValue {
  const [only] = each;
  if (only && each.length === 1) return only;
  return (text) => {
    let fault: FormatError | undefined;
    const forms = each.map((match) => {
      try {
        return match(text);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        fault ??= error;
        return null;
      }
    });
    const shown = forms.find((form) => form !== null && form !== '');
    if (shown === undefined || shown === null) {
      if (fault) throw fault;
      return null;
    }
    const unstorable = forms.map((form) => form && characterFault(form)).find((found) => found);
    if (unstorable) throw new FormatError(unstorable.message, unstorable.code);
    return JSON.stringify(forms.map((form) => form || null));
  };
}

/** The form that people are shown: the first that there is. */
export function shownForm(forms: string): string {
  const all = JSON.parse(forms) as (string | null)[];
  return all.find((form) => form !== null) ?? '';
}
