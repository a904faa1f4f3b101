import type { Certificate } from '../package.ts';

/** @param unfinished why a file may have been cut short */
export const certificateOf = (unfinished: string | undefined): Certificate =>
  unfinished ? { certified: false, code: 'not-final', reason: unfinished } : { certified: true };
