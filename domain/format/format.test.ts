import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFormat as createFormatAt, isStoredForm, type FormattedProperty as Property } from './index.ts';
import { FormatError, type Value } from './value.ts';

const createFormat = (property: Property) => createFormatAt(property, new Date('2026-05-17T10:00:00Z'));

const good: [Property, string, Value | null][] = [
  [{ type: 'string' }, '00123', '00123'],
  [{ type: 'string' }, ' kept ', ' kept '],
  [{ type: 'integer' }, '+007', '7'],
  [{ type: 'integer' }, '123456789012345678901234567890', '123456789012345678901234567890'],
  [{ type: 'decimal' }, '1.50', '1.5'],
  [{ type: 'decimal', decimalSeparator: ',' }, '-0,00', '0'],
  [{ type: 'boolean' }, 'TRUE', true],
  [{ type: 'boolean' }, '0', false],
  [{ type: 'boolean', format: 'yes|no' }, 'no', false],
  [{ type: 'boolean', format: 'bit:1' }, '514', true],
  [{ type: 'boolean', format: 'bit:1' }, '512', false],
  [{ type: 'date' }, '2024-02-29', '2024-02-29'],
  [{ type: 'date', format: 'dd/MM/yyyy' }, '31/01/2024', '2024-01-31'],
  [{ type: 'dateTime' }, '2024-01-31T10:00:00+02:00', '2024-01-31T08:00:00Z'],
  [
    { type: 'dateTime', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Europe/Berlin' },
    '2024-07-01 12:00:00',
    '2024-07-01T10:00:00Z',
  ],
  [{ type: 'dateTime', format: 'unixSeconds' }, '0', '1970-01-01T00:00:00Z'],
  [{ type: 'dateTime', format: 'activeDirectoryTime' }, '132223104000000000', '2020-01-01T00:00:00Z'],
  [{ type: 'dateTime', format: 'activeDirectoryTime' }, '9223372036854775807', null],
  [{ type: 'dateTime', format: 'ldapGeneralizedTime' }, '20240131100000Z', '2024-01-31T10:00:00Z'],
  [{ type: 'string', format: 'rdn' }, 'CN=Doe\\, Jane,OU=People,DC=x', 'Doe, Jane'],
  [{ type: 'string', format: 'rdn' }, 'CN=Lu\\C4\\8Di\\C4\\87 ,OU=x', 'Lučić'],
  [{ type: 'string', format: 'rdn' }, 'CN = Doe\\ +OU=y , DC=x', 'Doe '],
  [{ type: 'string', format: 'rdn' }, '2.5.4.3=#0C03416E6E,DC=x', 'Ann'],
  [{ type: 'boolean', format: 'bit:31' }, '-2147483646', true],
  [{ type: 'boolean', format: 'Y|N' }, 'y', true],
  [
    { type: 'string', format: 'guid' },
    '{6F9619FF-8B86-D011-B42D-00C04FC964FF}',
    '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  ],
  [{ type: 'string', format: 'guid' }, '/xmWb4aLEdC0LQDAT8lk/w==', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  // as csvde, SQL and Postgres write the bytes
  [{ type: 'string', format: 'guid' }, "X'ff19966f868b11d0b42d00c04fc964ff'", '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  [{ type: 'string', format: 'guid' }, '0xFF19966F868B11D0B42D00C04FC964FF', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  [{ type: 'string', format: 'guid' }, '\\xff19966f868b11d0b42d00c04fc964ff', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  // without a mark it is the text, not the bytes
  [{ type: 'string', format: 'guid' }, '6f9619ff8b86d011b42d00c04fc964ff', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  [
    { type: 'string', format: 'uuid' },
    'urn:uuid:6F9619FF-8B86-D011-B42D-00C04FC964FF',
    '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  ],
  [{ type: 'string', format: 'uuid' }, 'b5YZ/4uG0BG0LQDAT8lk/w==', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  [{ type: 'string', format: 'uuid' }, '\\x6f9619ff8b86d011b42d00c04fc964ff', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  [{ type: 'string', format: 'dn' }, 'UID=jsmith,DC=example,DC=net', 'uid=jsmith,dc=example,dc=net'],
  [{ type: 'string', format: 'sid' }, '01020000000000052000000020020000', 'S-1-5-32-544'],
  [{ type: 'string', format: 'sid' }, "X'01020000000000052000000020020000'", 'S-1-5-32-544'],
  [{ type: 'string', format: 'sid' }, 's-1-05-032-544', 'S-1-5-32-544'],
  [{ type: 'string', format: 'sid' }, 'AQIAAAAAAAUgAAAAIAIAAA==', 'S-1-5-32-544'],
  [{ type: 'string', format: 'sid' }, 'S-1-0x100000000-1', 'S-1-4294967296-1'],
  // a date is no time: there is none that its zone could leave out
  [{ type: 'date', format: 'yyyy-MM-dd', zone: 'America/Sao_Paulo' }, '2018-11-04', '2018-11-04'],
  [{ type: 'date', zone: 'America/Sao_Paulo' }, '2018-11-04', '2018-11-04'],
  [{ type: 'date', format: "yyyy-MM-dd'T'HH:mm", zone: 'Europe/Berlin' }, '2024-03-31T02:30', '2024-03-31'],
  // with an offset it is a moment, and the date is that of the zone
  [{ type: 'date', format: "yyyy-MM-dd'T'HH:mm:ssZZ", zone: 'Asia/Tokyo' }, '2024-05-17T23:30:00+00:00', '2024-05-18'],
  [{ type: 'date', format: "yyyy-MM-dd'T'HH:mm:ssZ" }, '2024-05-17T23:30:00-0500', '2024-05-18'],
  [{ type: 'date', format: 'unixSeconds', zone: 'Asia/Tokyo' }, '1715988600', '2024-05-18'],
  [{ type: 'date', format: 'activeDirectoryTime' }, '00', null],
  // clocks show it twice: the first time
  [{ type: 'dateTime', format: 'yyyy-MM-dd HH:mm', zone: 'Europe/Berlin' }, '2024-10-27 02:30', '2024-10-27T00:30:00Z'],
  [{ type: 'dateTime', zone: 'Europe/Berlin' }, '2024-10-27T02:30:00', '2024-10-27T00:30:00Z'],
  [{ type: 'dateTime' }, '2024-01-31T10:00:00.5Z', '2024-01-31T10:00:00.500Z'],
  [{ type: 'dateTime' }, '2024-01-31T10:00:00.123456Z', '2024-01-31T10:00:00.123456Z'],
  [{ type: 'dateTime' }, '2024-01-31T10:00:00.123456000Z', '2024-01-31T10:00:00.123456Z'],
  [{ type: 'dateTime', format: 'ldapGeneralizedTime' }, '2024013110.5Z', '2024-01-31T10:30:00Z'],
  [{ type: 'dateTime', format: 'ldapGeneralizedTime' }, '20240131100000.123456Z', '2024-01-31T10:00:00.123456Z'],
  [{ type: 'dateTime', format: 'activeDirectoryTime' }, '132223104001234567', '2020-01-01T00:00:00.123456Z'],
  [{ type: 'dateTime' }, '0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  [{ type: 'dateTime' }, '2024-05-17t10:00:00z', '2024-05-17T10:00:00Z'],
];

const bad: [Property, string][] = [
  [{ type: 'integer' }, '1e5'],
  [{ type: 'integer' }, '1.0'],
  [{ type: 'decimal' }, '1,5'],
  [{ type: 'boolean' }, 'perhaps'],
  [{ type: 'boolean', format: 'yes|no' }, 'true'],
  [{ type: 'date' }, '2023-02-29'],
  [{ type: 'date', format: 'dd/MM/yyyy' }, '01/31/2024'],
  [{ type: 'date' }, '2024-1-1'],
  [{ type: 'dateTime', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Europe/Berlin' }, '2024-03-31 02:30:00'],
  [{ type: 'dateTime', zone: 'Europe/Berlin' }, '2024-03-31T02:30:00'],
  [{ type: 'dateTime' }, '2024-05-17T10:00:00+25:00'],
  [{ type: 'dateTime' }, '2024-05-17T10:00:00+02:60'],
  [{ type: 'dateTime', format: "yyyy-MM-dd'T'HH:mmXXX" }, '2024-05-17T10:00+25:00'],
  [{ type: 'dateTime', format: 'ldapGeneralizedTime' }, '20240131100000+2500'],
  [{ type: 'dateTime', format: 'ldapGeneralizedTime' }, '2024013124Z'],
  [{ type: 'dateTime', format: 'ldapGeneralizedTime' }, '20240131100000.1234567Z'],
  [{ type: 'dateTime' }, '2024-05-17T24:00:00Z'],
  [{ type: 'dateTime' }, '2024-05-17T10:00:60Z'],
  [{ type: 'dateTime' }, '2024-05-17T10:00:00.1234567Z'],
  [{ type: 'dateTime' }, '0000-05-17T10:00:00Z'],
  [{ type: 'dateTime' }, '0001-01-01T00:00:00+01:00'],
  [{ type: 'dateTime' }, '9999-12-31T23:59:59-01:00'],
  [{ type: 'dateTime', format: 'yyyy-MM-dd HH:mm', zone: 'Asia/Tokyo' }, '0001-01-01 00:00'],
  [{ type: 'date' }, '0000-01-01'],
  [{ type: 'date', format: 'dd.MM.yyyy' }, '01.01.0000'],
  [{ type: 'date', format: 'EEE dd/MM/yyyy' }, 'Mon 17/05/2024'],
  [{ type: 'date', format: 'unixSeconds' }, '999999999999'],
  [{ type: 'date', format: 'activeDirectoryTime' }, '9223372036854775806'],
  [{ type: 'boolean', format: 'bit:1' }, '2.0'],
  [{ type: 'string', format: 'sid' }, 'S-1-5-4294967296'],
  [{ type: 'string', format: 'sid' }, 'S-1-281474976710656-1'],
  [{ type: 'string', format: 'guid' }, '6f9619ff-8b86-d011-b42d-00c04fc964f'],
  [{ type: 'string', format: 'guid' }, "X'6f9619ff8b86d011b42d00c04fc964'"],
  [{ type: 'string', format: 'guid' }, 'urn:uuid:6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  [{ type: 'string', format: 'uuid' }, 'b5YZ/4uG0BG0LQDAT8lk/w'],
  [{ type: 'string', format: 'sid' }, '0102000000000005200000002002000'],
  [{ type: 'string', format: 'dn' }, 'Doe, Jane'],
  [{ type: 'string', format: 'dn' }, 'CN=Jane;DC=x'],
  [{ type: 'string', format: 'dn' }, 'CN=Jane,'],
  [{ type: 'string', format: 'dn' }, 'CN=Jane\\00,DC=x'],
  [{ type: 'string', format: 'rdn' }, 'Doe, Jane'],
  [{ type: 'string', format: 'rdn' }, 'CN=Doe, Jane'],
  [{ type: 'string', format: 'rdn' }, 'some words, CN=Doe'],
  [{ type: 'string', format: 'rdn' }, 'CN="Doe, Jane",DC=x'],
  [{ type: 'string', format: 'rdn' }, 'CN=Jos\\E9,DC=x'],
  [{ type: 'string', format: 'rdn' }, 'CN=a\\00,DC=x'],
  [{ type: 'string', format: 'rdn' }, 'CN=Doe\\'],
  [{ type: 'string', format: 'rdn' }, 'CN=#3003020101,DC=x'],
  [{ type: 'string', format: 'rdn' }, 'CN=,DC=x'],
  [{ type: 'binary', format: 'hex' }, 'abc'],
  [{ type: 'binary' }, 'QQ'],
];

const impossible: Property[] = [
  { type: 'integer', format: 'x' },
  { type: 'string', zone: 'Europe/Berlin' },
  { type: 'date', zone: 'Europe/Atlantis' },
  { type: 'string', decimalSeparator: ',' },
  { type: 'boolean', format: 'bit:32' },
  { type: 'string', format: 'unknown' },
  { type: 'boolean', format: 'a|a' },
  { type: 'boolean', format: 'Yes|yes' },
  { type: 'boolean', format: 'yes' },
  { type: 'date', format: 'constructor' },
];

describe('formats', () => {
  it.each(good)('%j reads %j as %j', (property, text, value) => {
    expect(createFormat(property)(text)).toBe(value);
  });

  it.each(bad)('%j refuses %j without repeating it', (property, text) => {
    const format = createFormat(property);
    expect(() => format(text)).toThrow(FormatError);
    try {
      format(text);
    } catch (error) {
      expect((error as Error).message).not.toContain(text);
    }
  });

  it.each(impossible)('%j cannot be', (property) => {
    expect(() => createFormat(property)).toThrow(FormatError);
  });
});

/** What a wrong reading would most likely make something of. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789+-.,:TZ xXeE')), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...Array.from('CNOUDc=,+\\\\#"; abé0E9')), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...Array.from('S-10x{}afAF/=+')), maxLength: 50 }),
  fc.constantFrom(...good.map(([, text]) => text), ...bad.map(([, text]) => text)),
  // one character of a good text put in, left out or changed
  fc
    .tuple(fc.constantFrom(...good.map(([, text]) => text)), fc.nat(60), fc.nat(1), fc.string({ maxLength: 1 }))
    .map(([text, at, remove, add]) => text.slice(0, at) + add + text.slice(at + remove)),
);

const properties: Property[] = [
  ...new Map(
    [...good.map(([property]) => property), ...bad.map(([property]) => property)].map((p) => [JSON.stringify(p), p]),
  ).values(),
];

describe('every format', () => {
  it('gives a value in the form in which its type is stored, or refuses', () => {
    fc.assert(
      fc.property(fc.constantFrom(...properties), hostile, (property, text) => {
        let value: Value | null;
        try {
          value = createFormat(property)(text);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          return;
        }
        if (value === null) return;
        expect(typeof value).toBe(property.type === 'boolean' ? 'boolean' : 'string');
        expect(isStoredForm(property, String(value))).toBe(true);
        expect(String(value).includes('\0')).toBe(property.format === undefined && text.includes('\0'));
      }),
      { numRuns: 20_000 },
    );
  });

  it('means the number that is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 34n), max: 10n ** 34n }), fc.nat(5), (n, zeros) => {
        const written = `${n < 0n ? '-' : ''}${'0'.repeat(zeros)}${String(n < 0n ? -n : n)}`;
        const read = createFormat({ type: 'integer' })(written);
        expect(BigInt(read as string)).toBe(BigInt(written));
        expect(isStoredForm({ type: 'integer' }, read as string)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(
        fc.integer(),
        fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: 1, maxLength: 9 }),
        (n, fraction) => {
          for (const decimalSeparator of ['.', ','] as const) {
            const read = createFormat({ type: 'decimal', decimalSeparator })(
              `${String(n)}${decimalSeparator}${fraction}`,
            );
            expect(Number(read)).toBe(Number(`${String(n)}.${fraction}`) + 0);
          }
        },
      ),
    );
  });

  it('means the bit, the moment and the identifier that is written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 31 }), (n, bit) => {
        expect(createFormat({ type: 'boolean', format: `bit:${String(bit)}` })(String(n))).toBe(((n >> bit) & 1) === 1);
      }),
    );
    const moment = fc.date({
      min: new Date('1601-01-02T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, (at) => {
        const iso = at.toISOString().replace('.000Z', 'Z');
        const seconds = Math.floor(at.getTime() / 1000);
        const ticks = BigInt(at.getTime() + 11_644_473_600_000) * 10_000n;
        const digits = at.toISOString().replace(/[-T:]/g, '');
        expect(createFormat({ type: 'dateTime' })(iso)).toBe(iso);
        expect(createFormat({ type: 'dateTime', format: 'activeDirectoryTime' })(String(ticks))).toBe(iso);
        expect(createFormat({ type: 'dateTime', format: 'ldapGeneralizedTime' })(digits)).toBe(iso);
        expect(createFormat({ type: 'dateTime', format: 'unixSeconds' })(String(seconds))).toBe(
          iso.replace(/[.]\d+/, ''),
        );
      }),
    );
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
        // Microsoft's order: numbers of 4, 2 and 2 bytes, the lowest byte first
        bytes.subarray(0, 4).reverse();
        bytes.subarray(4, 6).reverse();
        bytes.subarray(6, 8).reverse();
        const hex = bytes.toString('hex');
        for (const written of [
          id,
          id.toUpperCase(),
          `{${id}}`,
          id.replaceAll('-', ''),
          bytes.toString('base64'),
          `0x${hex}`,
        ])
          expect(createFormat({ type: 'string', format: 'guid' })(written)).toBe(id);
      }),
    );
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
        for (const written of [id, `urn:uuid:${id}`, id.replaceAll('-', ''), bytes.toString('base64')])
          expect(createFormat({ type: 'string', format: 'uuid' })(written)).toBe(id);
      }),
    );
    const numbers = fc.array(fc.nat(0xffffffff), { maxLength: 15 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }), numbers, (authority, parts) => {
        const bytes = Buffer.alloc(8 + 4 * parts.length);
        bytes.writeUInt8(1, 0);
        bytes.writeUInt8(parts.length, 1);
        bytes.writeUIntBE(Number(authority), 2, 6);
        parts.forEach((part, i) => bytes.writeUInt32LE(part, 8 + 4 * i));
        const shown = ['S-1', authority, ...parts].map(String).join('-');
        for (const written of [shown, bytes.toString('hex'), bytes.toString('base64')])
          expect(createFormat({ type: 'string', format: 'sid' })(written)).toBe(shown);
      }),
    );
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(name, name, fc.boolean(), (value, parent, asHex) => {
        const escape = (text: string) =>
          asHex
            ? [...Buffer.from(text)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
            : text.replace(/[ ",#+;<=>\\]/g, '\\$&');
        expect(createFormat({ type: 'string', format: 'rdn' })(`CN=${escape(value)},OU=${escape(parent)}`)).toBe(value);
      }),
    );
  });
});
