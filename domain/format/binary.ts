import { FormatError, type Format } from './value.ts';

/** Base64 as it is, or hexadecimal; the value is base64. */
export function binaryFormat(format: string | undefined): Format {
  if (format === 'hex')
    return (text) => {
      if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new FormatError('is not hexadecimal');
      return Buffer.from(text, 'hex').toString('base64');
    };
  if (format !== undefined) throw new FormatError('binary is base64, or has the format hex');
  return (text) => {
    if (!isBase64(text)) throw new FormatError('is not base64');
    return text;
  };
}

/** Whether a text is base64 in the one form that its bytes have. */
export const isBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text;
