import { describe, expect, it } from 'vitest';
import type { MatchedProperty } from '../match-value.ts';
import { createFormat } from './index.ts';
import { sourceText } from './inverse.ts';

const property = (of: Partial<MatchedProperty> & Pick<MatchedProperty, 'type'>): MatchedProperty => ({
  caseInsensitive: false,
  ...of,
});

const guid = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
/** A property, texts of its source, and what the inverse makes of the value of each. */
const inverses: [MatchedProperty, { read: string; written: string }[]][] = [
  [property({ type: 'string', format: 'guid' }), [{ read: `{${guid.toUpperCase()}}`, written: guid }]],
  [property({ type: 'string', format: 'uuid' }), [{ read: `urn:uuid:${guid}`, written: guid }]],
  [property({ type: 'string', format: 'sid' }), [{ read: 's-1-5-0021', written: 'S-1-5-21' }]],
  [property({ type: 'string', format: 'dn' }), [{ read: 'UID=Ann, OU=People', written: 'uid=ann,ou=people' }]],
  [property({ type: 'string', caseInsensitive: true }), [{ read: 'E1', written: 'e1' }]],
  [
    property({ type: 'integer' }),
    [
      { read: '007', written: '7' },
      { read: '-12', written: '-12' },
    ],
  ],
  [property({ type: 'decimal' }), [{ read: '1.50', written: '1.5' }]],
  [property({ type: 'decimal', decimalSeparator: ',' }), [{ read: '+1,50', written: '1,5' }]],
  [property({ type: 'boolean' }), [{ read: 'TRUE', written: 'true' }]],
  [
    property({ type: 'boolean', format: 'Ja|Nein' }),
    [
      { read: 'ja', written: 'Ja' },
      { read: 'NEIN', written: 'Nein' },
    ],
  ],
  [property({ type: 'dateTime' }), [{ read: '2024-03-01T10:00:00.5+01:00', written: '2024-03-01T09:00:00.500Z' }]],
  [
    property({ type: 'dateTime', format: 'unixSeconds' }),
    [
      { read: '1700000000', written: '1700000000' },
      { read: '-01', written: '-1' },
    ],
  ],
  [
    property({ type: 'dateTime', format: 'ldapGeneralizedTime' }),
    [
      { read: '202403011000+0100', written: '20240301090000Z' },
      { read: '19691231235959.250001Z', written: '19691231235959.250001Z' },
    ],
  ],
  [
    property({ type: 'dateTime', format: 'activeDirectoryTime' }),
    [
      { read: '133541280000000000', written: '133541280000000000' },
      { read: '116444735999999990', written: '116444735999999990' },
    ],
  ],
  [property({ type: 'binary' }), [{ read: 'AP8=', written: 'AP8=' }]],
  [property({ type: 'binary', format: 'hex' }), [{ read: '00FF', written: '00ff' }]],
];

describe('the inverse of a format', () => {
  it.each(inverses)(
    'of %j writes the value as a source may write it, and says that there are other ways',
    (of, texts) => {
      for (const { read, written } of texts) {
        const stored = String(createFormat(of, new Date())(read));
        const value = of.caseInsensitive ? stored.toLowerCase() : stored;
        expect(sourceText(of, value)).toEqual({ text: written, only: false });
        expect(String(createFormat(of, new Date())(written))).toBe(of.caseInsensitive ? value : stored);
      }
    },
  );

  it('of texts and dates that are stored as they came is the value, and nothing else', () => {
    expect(sourceText(property({ type: 'string' }), 'E 1')).toEqual({ text: 'E 1', only: true });
    expect(sourceText(property({ type: 'date' }), '2024-02-29')).toEqual({ text: '2024-02-29', only: true });
  });

  it('is none where several values are written alike, and for what is no value', () => {
    const none: [MatchedProperty, string][] = [
      [property({ type: 'string', format: 'rdn' }), 'ann'],
      [property({ type: 'boolean', format: 'bit:1' }), 'true'],
      [property({ type: 'date', format: 'dd.MM.yyyy' }), '2024-02-29'],
      [property({ type: 'date', format: 'unixSeconds' }), '2024-02-29'],
      [property({ type: 'dateTime', format: 'dd.MM.yyyy HH:mm' }), '2024-02-29T10:00:00Z'],
      [property({ type: 'dateTime', format: 'unixSeconds' }), '2024-02-29T10:00:00.500Z'],
      [property({ type: 'dateTime', format: 'unixSeconds' }), 'yesterday'],
      [property({ type: 'integer' }), 'seven'],
      [property({ type: 'integer' }), '007'],
      [property({ type: 'date' }), '2023-02-29'],
      [property({ type: 'string', format: 'guid' }), 'E1'],
      [property({ type: 'binary', format: 'hex' }), 'not base64'],
      [property({ type: 'string' }), ''],
    ];
    for (const [of, value] of none)
      expect(sourceText(of, value), `${of.type} ${of.format ?? ''} ${value}`).toBeUndefined();
  });
});
