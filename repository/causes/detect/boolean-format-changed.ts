import { formDetector } from '../form-detector.ts';
import { isReadAs, rejectedFormats } from '../rejected-formats.ts';

/** Yes and no are written with other words. */
export const booleanFormatChanged = formDetector({
  code: 'boolean-format-changed',
  forms: ['boolean'],
  says: ({ property }) => `The values of ${property} say yes and no with other words.`,
  rejected: (search) => rejectedFormats(search, isReadAs('boolean'), 'yes or no'),
});
