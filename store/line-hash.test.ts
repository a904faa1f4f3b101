import { describe, expect, it } from 'vitest';
import { LineHasher } from './line-hash.ts';

const key = Buffer.from(Array.from({ length: 16 }, (_, i) => i));
const hex = (hasher: LineHasher) => Buffer.from(hasher.words.buffer).toString('hex');

describe('the hash of a line', () => {
  // vectors_sip128 of the authors' reference implementation: SipHash-2-4 of the bytes 0, 1, 2 …
  it.each([
    [0, 'a3817f04ba25a8e66df67214c7550293'],
    [1, 'da87c1d86b99af44347659119b22fc45'],
    [2, '8177228da4a45dc7fca38bdef60affe4'],
  ])('is that of the reference for %i bytes', (length, expected) => {
    const hasher = new LineHasher(key, { compression: 2, finalization: 4 });
    const bytes = Buffer.from(Array.from({ length }, (_, i) => i));
    hasher.hash(bytes, 0, length);
    expect(hex(hasher)).toBe(expected);
  });

  it('depends on every byte, on the key, and on nothing outside its bounds', () => {
    const hasher = new LineHasher(key);
    const text = Buffer.from('E-0001,Ada Lovelace,ada@example.org');
    const hashOf = (bytes: Buffer, begin = 0, end = bytes.length) => {
      hasher.hash(bytes, begin, end);
      return hex(hasher);
    };
    const seen = new Set([hashOf(text)]);
    for (let i = 0; i < text.length; i++) {
      const other = Buffer.from(text);
      other[i] = (other[i] ?? 0) ^ 1;
      seen.add(hashOf(other));
      seen.add(hashOf(text, 0, i));
    }
    expect(seen.size).toBe(2 * text.length + 1);
    expect(hashOf(Buffer.concat([Buffer.from('xyz'), text, Buffer.from('\n')]), 3, 3 + text.length)).toBe(hashOf(text));
    const keyed = new LineHasher(Buffer.alloc(16, 7));
    keyed.hash(text, 0, text.length);
    expect(hex(keyed)).not.toBe(hashOf(text));
  });
});
