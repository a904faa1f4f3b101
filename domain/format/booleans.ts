import { integer } from './numbers.ts';
import { FormatError, type Format } from './value.ts';

const twoWords = /^([^|]+)\|([^|]+)$/;
const bit = /^bit:([0-9]|[12][0-9]|3[01])$/;

/** `true|false|1|0` in any case, two words of the format's own, or one bit of an integer. */
export function booleanFormat(format: string | undefined): Format {
  if (format === undefined)
    return oneOf([
      ['true', true],
      ['1', true],
      ['false', false],
      ['0', false],
    ]);
  if (bit.test(format)) {
    const mask = 1n << BigInt(format.slice('bit:'.length));
    // a negative number has the bits of its two's complement, as directories write flags whose highest bit is set
    return (text) => (BigInt(integer(text)) & mask) !== 0n;
  }
  const [, yes = '', no = ''] = twoWords.exec(format.toLowerCase()) ?? [];
  if (yes === '') throw new FormatError('a boolean format is bit:N, or two words such as yes|no');
  if (yes === no) throw new FormatError('the two words of a boolean format must differ, whatever their case');
  return oneOf([
    [yes, true],
    [no, false],
  ]);
}

/** Whether a format names the two words, and is no bit. */
export const hasTwoWords = (format: string): boolean => twoWords.test(format) && !bit.test(format);

/** The word of a format that stands for a value, as the format writes it. */
export const wordOf = (format: string, value: boolean): string => twoWords.exec(format)?.[value ? 1 : 2] ?? '';

function oneOf(words: [string, boolean][]): Format {
  const values = new Map(words);
  return (text) => {
    const value = values.get(text.toLowerCase());
    if (value === undefined) throw new FormatError(`is none of ${[...values.keys()].join(', ')}`);
    return value;
  };
}
