import { describe, expect, it } from 'vitest';
import { createFormat, FormatError, type Value } from './format.ts';

type Property = Parameters<typeof createFormat>[0];

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
];

const impossible: Property[] = [
  { type: 'integer', format: 'x' },
  { type: 'string', zone: 'Europe/Berlin' },
  { type: 'date', zone: 'Europe/Atlantis' },
  { type: 'string', decimalSeparator: ',' },
  { type: 'boolean', format: 'bit:32' },
  { type: 'string', format: 'unknown' },
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
