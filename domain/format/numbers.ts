import { FormatError, type Format } from './value.ts';

export function integer(text: string): string {
  if (!/^[+-]?\d{1,40}$/.test(text)) throw new FormatError('is not a whole number');
  return BigInt(text.replace(/^\+/, '')).toString();
}

export const decimal =
  (separator: '.' | ','): Format =>
  (text) => {
    const found = /^([+-]?)(\d{1,60})(?:([.,])(\d{1,60}))?$/.exec(text);
    if (!found || (found[3] !== undefined && found[3] !== separator))
      throw new FormatError(`is not a decimal number with ${JSON.stringify(separator)}`);
    const whole = (found[2] ?? '').replace(/^0+(?=\d)/, '');
    const fraction = (found[4] ?? '').replace(/0+$/, '');
    const digits = fraction === '' ? whole : `${whole}.${fraction}`;
    return found[1] === '-' && digits !== '0' ? `-${digits}` : digits;
  };
