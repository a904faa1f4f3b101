import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldKey, keyFault, keyFromPath, keyParts, keyText, keyToPath } from './key.ts';

describe('keys', () => {
  it('have one text for each key, and one key for each text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), (parts) => {
        expect(keyParts(keyText(parts), parts.length)).toEqual(parts);
      }),
    );
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.tuple(fc.string(), fc.string()), (a, b) => {
        expect(keyText(a) === keyText(b)).toBe(a[0] === b[0] && a[1] === b[1]);
      }),
    );
  });

  it('come back from a path as they went in', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 3 }), (parts) => {
        expect(keyFromPath(keyToPath(parts))).toEqual(parts);
        expect(keyFromPath(`~${Buffer.from(JSON.stringify(parts)).toString('base64url')}`)).toEqual(parts);
      }),
    );
    for (const key of [['.'], ['..'], ['~'], ['~x', 'y']]) {
      const url = new URL(`http://x/resources/${keyToPath(key)}`);
      expect(keyFromPath(url.pathname.split('/')[2] ?? '')).toEqual(key);
    }
    expect(keyFromPath('%')).toBeUndefined();
    expect(keyFromPath('~nonsense')).toBeUndefined();
    for (const part of ['a\0', '\ud800'])
      expect(keyFromPath(`~${Buffer.from(JSON.stringify([part])).toString('base64url')}`)).toBeUndefined();
  });

  it.each([
    ['', 'key-empty'],
    [' ', 'key-empty'],
    ['E1 ', 'key-unclean'],
    ['\u00a0E1', 'key-unclean'],
    ['E\u200b1', 'key-unclean'],
    ['e\u0301', 'key-unclean'],
    ['E\u00ad1', 'key-unclean'],
    ['\ufeffE1', 'key-unclean'],
  ])('%j cannot be one, and the message shows the characters but not the text', (text, code) => {
    const fault = keyFault(text);
    expect(fault?.code).toBe(code);
    if (text.includes('E1')) expect(fault?.message).not.toContain('E1');
    if (code === 'key-unclean') expect(fault?.message).toMatch(/U\+[0-9A-F]{4}/);
  });

  it.each(['E1', '00123', 'é', 'a b', '日本', '__proto__', '😀'])('%s is clean', (text) => {
    expect(keyFault(text)).toBeUndefined();
  });

  it('are folded to one form where case does not count', () => {
    expect(foldKey('ÀB')).toBe(foldKey('a\u0300b'));
    expect(foldKey('E1')).toBe('e1');
  });
});
