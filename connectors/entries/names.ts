import { dn } from '../../domain/format/directory-names.ts';

/** Distinguished names, and what follows from them. */

/** The form in which equal names are equal texts; a text that is no name stays as it is. */
export function normalName(text: string): string {
  try {
    return dn(text);
  } catch {
    return text.toLowerCase();
  }
}

export function isName(text: string): boolean {
  try {
    dn(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a name is the other one or below it. Both in their normal form. */
export const isWithin = (name: string, base: string): boolean =>
  name === base || name.endsWith(`,${base}`) || base === '';

/** The first relative name and the rest, as the server writes them. */
export function splitName(name: string): { rdn: string; parent: string } {
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '\\') at++;
    else if (name[at] === ',') return { rdn: name.slice(0, at), parent: name.slice(at + 1).replace(/^ +/, '') };
  }
  return { rdn: name, parent: '' };
}
