import { isBase64 } from './binary.ts';

/** Ways in which exports write bytes as hexadecimal text: csvde, SQL, Postgres. */
const marked = [/^X'((?:[0-9a-f]{2})+)'$/i, /^0x((?:[0-9a-f]{2})+)$/i, /^\\x((?:[0-9a-f]{2})+)$/i];

/** The bytes that a text cell stands for: hexadecimal with a mark that says so, or base64. */
export function bytesOfText(text: string): Buffer | undefined {
  for (const pattern of marked) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return Buffer.from(found, 'hex');
  }
  return isBase64(text) ? Buffer.from(text, 'base64') : undefined;
}
