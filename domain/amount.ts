/** A count with its noun: `1 line`, `1,234 lines`, `0 lines`. @param many for nouns whose plural is not made with an s */
export const amount = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-US')} ${some(n, one, many)}`;

/** The word alone, of which the form depends on a count: `some(1, 'goes', 'go')`. */
export const some = (n: number, one: string, many: string): string => (n === 1 ? one : many);
