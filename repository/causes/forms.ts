/**
 * Whether two texts of one property say the same in two forms. Each is SQL over two texts that differ; the list is in the
 * order in which they are tried.
 */
export type FormName =
  | 'date'
  | 'boolean'
  | 'number'
  | 'letter-case'
  | 'white-space'
  | 'quotes'
  | 'unicode'
  | 'characters'
  | 'word-order'
  | 'cut'
  | 'letters';

const truthy = `('true', 't', 'yes', 'y', '1', 'on', 'x', 'ja', 'j', 'oui', 'o', 'si', 'active', 'enabled', '-1')`;
const falsy = `('false', 'f', 'no', 'n', '0', 'off', '', 'nein', 'non', 'inactive', 'disabled')`;

const digitGroups = (text: string) =>
  `array(select ltrim(m[1], '0') from regexp_matches(${text}, '([0-9]+)', 'g') m order by 1)`;
const day = '([0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ][0-9]{2,4}|[0-9]{8})';
/** A date in digits, with or without a time behind. */
const looksLikeDate = (text: string) => `${text} ~ '^\\s*${day}([T ].*)\\?$'`;
const monthName = (text: string) =>
  `${text} ~* '^\\s*([0-9]{1,2}[-. ]+[[:alpha:]]{3,9}[-. ,]+[0-9]{2,4}|[[:alpha:]]{3,9}[. ]+[0-9]{1,2},\\? +[0-9]{4}|[0-9]{4}[- ][[:alpha:]]{3,9}[- ][0-9]{1,2})'`;
const numberOnly = (text: string) => `${text} ~ '^[0-9]{5,13}$'`;
/** Both are of the same two of year, month and day; names of months and counted days are not compared further. */
const sameDate = (b: string, a: string) => `(
  (${looksLikeDate(b)} and ${looksLikeDate(a)} and (
    regexp_replace(${b}, '[^0-9]', '', 'g') = regexp_replace(${a}, '[^0-9]', '', 'g')
    or ${dayOf(b)} = ${dayOf(a)}))
  or (${looksLikeDate(b)} and (${monthName(a)} or ${numberOnly(a)}))
  or (${looksLikeDate(a)} and (${monthName(b)} or ${numberOnly(b)})))`;
/**
 * The numbers of the day in ascending order, without the century and without leading zeros; 8 digits are cut up first, and a
 * time behind the day is left out.
 */
const dayOf = (text: string) => {
  const parted = `regexp_replace(substring(${text} from '^\\s*${day}'), '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\\1-\\2-\\3')`;
  return digitGroups(`regexp_replace(${parted}, '(^|[^0-9])(19|20)([0-9]{2})(\\?![0-9])', '\\1\\3')`);
};

const numeric = (text: string) => `${text} ~ '^\\s*[-+]\\?[0-9][0-9.,''’\u00a0\u202f ]*([eE][-+]\\?[0-9]+)\\?\\s*$'`;
/** The digits of a number without zeros in front, and without those behind a decimal separator. */
const digitsOf = (text: string) =>
  `ltrim(regexp_replace(regexp_replace(${text}, '([.,][0-9]*[1-9])0+\\s*$|[.,]0+\\s*$', '\\1'), '[^0-9]', '', 'g'), '0')`;
const bare = (text: string) => `btrim(${text}, E' \\t\\r\\n\u00a0\u202f')`;
const scientific = (text: string) => `${text} ~ '^\\s*[-+]\\?[0-9]([.,][0-9]+)\\?[eE][-+]\\?[0-9]+\\s*$'`;
const mantissa = (text: string) => `rtrim(regexp_replace(split_part(lower(${text}), 'e', 1), '[^0-9]', '', 'g'), '0')`;
/** White space around a number is no format of numbers, but of texts. */
const sameNumber = (b: string, a: string) => `(${bare(b)} <> ${bare(a)} and (
  (${numeric(b)} and ${numeric(a)} and ${digitsOf(b)} = ${digitsOf(a)} and not ${scientific(b)} and not ${scientific(a)})
  or (${scientific(a)} and ${numeric(b)} and left(${digitsOf(b)}, 3) = left(${mantissa(a)}, 3))
  or (${scientific(b)} and ${numeric(a)} and left(${digitsOf(a)}, 3) = left(${mantissa(b)}, 3))))`;

const squeezed = (text: string) =>
  `regexp_replace(${text}, '[\\s\u00a0\u200b\u200c\u200d\u2007\u202f\ufeff\u00ad]+', '', 'g')`;
/** Without quotes around or within. */
const unquoted = (text: string) => `translate(${text}, '"''\`´’‘“”„«»', '')`;
/** What is ASCII, without question marks and character references. */
const ascii = (text: string) =>
  `regexp_replace(regexp_replace(${text}, '&#\\?[[:alnum:]]+;|=[0-9A-F]{2}|%[0-9A-F]{2}|\\\\u[0-9a-fA-F]{4}', '', 'g'), '[^\\x01-\\x7e]|[\\?]', '', 'g')`;
/** Letters without their accents, German and Nordic ones as they are often spelled. */
const plain = (text: string) =>
  `regexp_replace(normalize(replace(replace(replace(replace(${text}, 'ß', 'ss'), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), nfkd), '[^\\x01-\\x7e]', '', 'g')`;
const unaccented = (text: string) => `regexp_replace(normalize(${text}, nfkd), '[^\\x01-\\x7e]', '', 'g')`;
const foreign = (text: string) => `${text} ~ '[^\\x01-\\x7e]|&#\\?[[:alnum:]]+;'`;
const letters = (text: string) => `regexp_replace(lower(${unaccented(text)}), '[^a-z0-9]', '', 'g')`;
const words = (text: string) =>
  `array(select w from regexp_split_to_table(lower(${text}), '[\\s,;]+') w where w <> '' order by w)`;

const same: Record<FormName, (b: string, a: string) => string> = {
  date: sameDate,
  boolean: (b, a) => `(lower(coalesce(${b}, '')) in ${truthy} and lower(coalesce(${a}, '')) in ${truthy}
    or lower(coalesce(${b}, '')) in ${falsy} and lower(coalesce(${a}, '')) in ${falsy})`,
  number: sameNumber,
  'letter-case': (b, a) => `lower(${b}) = lower(${a})`,
  'white-space': (b, a) => `${squeezed(b)} = ${squeezed(a)}`,
  quotes: (b, a) => `${unquoted(b)} = ${unquoted(a)}`,
  unicode: (b, a) => `normalize(${b}, nfkc) = normalize(${a}, nfkc)`,
  characters: (b, a) => `((${foreign(b)} or ${foreign(a)}) and length(${ascii(b)}) > 0
    and (${ascii(b)} = ${ascii(a)} or ${plain(b)} = ${plain(a)} or ${unaccented(b)} = ${unaccented(a)}))`,
  'word-order': (b, a) => `(${b} ~ '[\\s,;]' and ${words(b)} = ${words(a)})`,
  letters: (b, a) => `(length(${letters(b)}) > 0 and ${letters(b)} = ${letters(a)})`,
  cut: (b, a) => `(length(${a}) >= 4 and length(${a}) < length(${b}) and starts_with(${b}, ${a}))`,
};

export const formNames = Object.keys(same) as FormName[];

/** Whether two texts that differ say the same in this form: null or false where they do not. */
export const formSql = (form: FormName, before: string, after: string): string => `(${same[form](before, after)})`;
