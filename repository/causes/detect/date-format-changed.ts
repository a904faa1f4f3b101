import { isReadAs, rejectedFormats } from '../rejected-formats.ts';
import { formDetector } from '../form-detector.ts';

/** Dates are the same day in another form: day and month were exchanged, or text that holds dates is written otherwise. */
export const dateFormatChanged = formDetector({
  code: 'date-format-changed',
  forms: ['date'],
  says: ({ property, typed }) =>
    typed
      ? `Day and month of ${property} are swapped. The date format of the source may have changed.`
      : `The values of ${property} are dates in another format.`,
  rejected: (search) => rejectedFormats(search, isReadAs('date', 'dateTime'), 'dates'),
});
