import type { Explained } from '../explained.ts';

/** What deleted resources have in common. */
export interface Branch {
  /** In words, as in "they share …". */
  shares: string;
  property?: string;
  /** How many different values. */
  values: number;
  /** How many deleted resources. */
  lines: number;
  explains: Explained[];
}

/** A value counts if so many of the deleted resources have it. */
export const fewestOfValue = 3;
/** Of the deleted resources, so many have to share a value that nothing else has. */
export const mostOf = 0.6;
/** Of the resources that had a value, so few may stay. */
export const fewStay = 0.05;
export const mostValues = 50;
