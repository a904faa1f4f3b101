import { formDetector } from '../form-detector.ts';
import { isReadAs, rejectedFormats } from '../rejected-formats.ts';

/** Numbers are the same in another format: decimal comma, thousands, zeros in front or behind, powers of ten. */
export const numberFormatChanged = formDetector({
  code: 'number-format-changed',
  forms: ['number'],
  says: ({ property }) => `The values of ${property} are the same numbers in another format.`,
  rejected: (search) => rejectedFormats(search, isReadAs('integer', 'decimal'), 'numbers'),
});
