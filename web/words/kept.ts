import { counted } from './count.ts';

/** Links that stay, since a value of their source newly matches nothing. */
export const keptWords = (links: number): string =>
  `${counted(links, 'link')} kept: a value newly matches nothing, and may be a new name`;
