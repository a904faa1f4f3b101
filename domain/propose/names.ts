/** Names of the connector file, from names of a source. */

/** For comparisons: `E-Mail` and `email` are one name. */
export const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

export const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** `user_id` as `userId`; a name that begins with no letter gets one. */
export function propertyName(column: string): string {
  const words = column.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const name = words
    .map((word, i) => (i === 0 ? word.replace(/^\p{Lu}+(?!\p{Ll})|^\p{Lu}/u, (c) => c.toLowerCase()) : capital(word)))
    .join('')
    .slice(0, 100);
  return /^\p{L}/u.test(name) ? name : `p${name}`;
}

/** The last part of a table's name, without the ending of a file. */
export const baseOf = (table: string): string =>
  propertyName((table.split(/[\\/]/).at(-1) ?? table).replace(/\.[A-Za-z0-9]+(?=#|$)/, ''));

/** `users` as `user`, `companies` as `company`. */
export const singularOf = (name: string): string => name.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');

/** Letters and digits of ASCII, as the names of entity types need them. */
export const typePart = (name: string): string =>
  name
    .normalize('NFD')
    .split(/[^A-Za-z0-9\p{M}]+/u)
    .map((word) => capital(word.replaceAll(/\p{M}/gu, '')))
    .join('');

/** The name, or the name with the first number that makes it new. */
export function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}${String(n)}`;
  taken.add(free);
  return free;
}
