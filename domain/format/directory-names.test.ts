import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDn, dn, isDn } from './directory-names.ts';
import { FormatError } from './value.ts';

describe('the normal form of a distinguished name', () => {
  // the examples of RFC 4514, 4, and what the same names look like elsewhere
  it.each([
    ['UID=jsmith,DC=example,DC=net', 'uid=jsmith,dc=example,dc=net'],
    ['OU=Sales+CN=J.  Smith,DC=example,DC=net', 'cn=j. smith+ou=sales,dc=example,dc=net'],
    ['CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net', 'cn=james \\"jim\\" smith\\, iii,dc=example,dc=net'],
    ['CN=Before\\0dAfter,DC=example,DC=net', 'cn=before\rafter,dc=example,dc=net'],
    ['1.3.6.1.4.1.1466.0=#04024869', '1.3.6.1.4.1.1466.0=hi'],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'cn=lučić'],
    ['CN=Doe\\2C Jane,OU=People', 'cn=doe\\, jane,ou=people'],
    ['2.5.4.3 = Ann , 0.9.2342.19200300.100.1.25 = x', 'cn=ann,dc=x'],
    ['cn=\\ Ann\\20 ,dc=x', 'cn=ann,dc=x'],
    ['cn=\\20\\20,dc=x', 'cn=\\ ,dc=x'],
    ['cn=\\#1\\+1\\=2\\<3\\>2\\;,dc=x', 'cn=\\#1\\+1=2\\<3\\>2\\;,dc=x'],
    ['CN=A\\5CB,DC=x', 'cn=a\\\\b,dc=x'],
    ['CN=Andre\u0301,DC=x', 'cn=andr\u00e9,dc=x'],
    // no text, so that it can only be kept as it is
    ['1.2.3=#3003020101,DC=X', '1.2.3=#3003020101,dc=x'],
    // its canonical form is a semicolon
    ['CN=what\u037e,DC=x', 'cn=what\\;,dc=x'],
  ])('of %j is %j', (text, normal) => {
    expect(dn(text)).toBe(normal);
  });

  it('is no other text than what it gives', () => {
    expect(isDn('cn=doe\\, jane,ou=people')).toBe(true);
    for (const other of ['CN=doe', 'cn=doe\\2c jane', 'cn=doe, ou=x', 'ou=a+cn=b', 'doe'])
      expect(isDn(other)).toBe(false);
  });

  interface Part {
    type: keyof typeof ways;
    value: string;
  }
  const ways = {
    cn: ['cn', 'CN', '2.5.4.3'],
    ou: ['ou', 'Ou', '2.5.4.11'],
    dc: ['dc', 'DC', '0.9.2342.19200300.100.1.25'],
    employeenumber: ['employeeNumber', 'employeenumber'],
  };
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\0')),
    fc.string({ unit: fc.constantFrom(...Array.from(' ,+="\\#;<>aÄéßİΣσςJ\u030c')), minLength: 1, maxLength: 12 }),
  );
  const part = fc.record({ type: fc.constantFrom(...(Object.keys(ways) as Part['type'][])), value });
  const name = fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });

  /** Writes a name as some server might; `choices` decides where there are several ways. */
  function write(relatives: Part[][], choices: number[]): string {
    let at = 0;
    const choose = (below: number) => (choices[at++ % choices.length] ?? 0) % below;
    const space = () => ' '.repeat(choose(3));
    const hex = (text: string, mark = '') =>
      [...Buffer.from(text)].map((byte) => `${mark}${byte.toString(16).padStart(2, '0')}`).join('');
    const character = (each: string) => {
      const way = choose(5);
      if (way === 0) return hex(each, '\\');
      if (way === 1 && /[a-z]/.test(each)) return each.toUpperCase();
      if (way === 2) return each.normalize('NFD').replace(/[ "#+,;<=>\\]/g, '\\$&');
      return each.replace(/["#+,;<>\\]/g, '\\$&').replace(/^ $/, '\\ ');
    };
    const written = ({ type, value }: Part) => {
      const spelt = ways[type][choose(ways[type].length)] ?? type;
      if (choose(6) === 0) {
        const bytes = Buffer.from(value);
        return `${spelt}=#0c${bytes.length < 128 ? hex(String.fromCharCode(bytes.length)) : `82${bytes.length.toString(16).padStart(4, '0')}`}${bytes.toString('hex')}`;
      }
      const wide = Array.from(value, (each) => (each === ' ' ? '\\ '.repeat(1 + choose(2)) : character(each))).join('');
      return `${space()}${spelt}${space()}=${space()}${wide}${space()}`;
    };
    const order = (parts: Part[]) => (choose(2) === 0 ? parts : parts.toReversed());
    return relatives.map((parts) => order(parts).map(written).join('+')).join(',');
  }
  const choices = fc.array(fc.nat(100), { minLength: 7, maxLength: 40 });

  it('is the same for all ways of writing one name', () => {
    fc.assert(
      fc.property(name, choices, choices, (relatives, one, other) => {
        expect(dn(write(relatives, one))).toBe(dn(write(relatives, other)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is its own normal form', () => {
    const many = createDn();
    fc.assert(
      fc.property(name, choices, (relatives, some) => {
        const normal = dn(write(relatives, some));
        expect(dn(normal)).toBe(normal);
        expect(isDn(normal)).toBe(true);
        expect(many(write(relatives, some))).toBe(normal);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('cnOU=,+\\#"; 2.54aE9é')), maxLength: 30 }),
        (text) => {
          let normal: string;
          try {
            normal = dn(text);
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
            expect(() => many(text)).toThrow(FormatError);
            return;
          }
          expect(many(text)).toBe(normal);
          expect(dn(normal)).toBe(normal);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('differs for names that differ', () => {
    const plain = fc.array(
      fc.string({ unit: fc.constantFrom(...Array.from('ab,+=\\# ')), minLength: 1, maxLength: 6 }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    /** The same without regard to spaces at the ends, and to how many there are. */
    const meaning = (values: string[]) =>
      JSON.stringify(values.map((each) => each.replace(/ +/g, ' ').replace(/^ (?=.)|(?<=.) $/g, '')));
    const written = (values: string[]) =>
      dn(values.map((each) => `cn=${each.replace(/[ ,+=\\#]/g, '\\$&')}`).join(','));
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        expect(written(one) === written(other)).toBe(meaning(one) === meaning(other));
      }),
      { numRuns: 2_000 },
    );
  });
});
