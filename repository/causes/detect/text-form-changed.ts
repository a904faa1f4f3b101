import { formDetector, type Reformed } from '../form-detector.ts';

const differences: Partial<Record<Reformed['form'], string>> = {
  'letter-case': 'only in upper and lower case',
  'white-space': 'only in white space',
  quotes: 'only in quotes',
  unicode: 'only in the Unicode form of their characters',
  characters: 'only in characters that are not ASCII: the encoding may have changed',
  'word-order': 'only in the order of their words',
  cut: 'only in their length: they are cut',
  letters: 'only in letter case, white space, accents or punctuation',
};

/** Texts say the same in another form. */
export const textFormChanged = formDetector({
  code: 'text-form-changed',
  forms: ['letter-case', 'white-space', 'quotes', 'unicode', 'characters', 'word-order', 'cut', 'letters'],
  says: ({ property, form }) =>
    `The new values of ${property} differ from the old ones ${differences[form] ?? 'in form'}.`,
  // texts that are cut have one length in common
  accepts: ({ cutLength, cutLines, forms, valuesAfter }, form) =>
    form !== 'cut' || (cutLength > 0 && cutLines >= 0.6 * (forms.cut ?? 0) && valuesAfter > 2),
});
