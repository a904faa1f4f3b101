import fc from 'fast-check';
import { BerWriter } from 'ldapts';
import { describe, expect, it } from 'vitest';
import { encodeCells } from '../../domain/cell.ts';
import { columnsOf } from '../entries/columns.ts';
import { EntryEncoder } from './encode-entries.ts';
import { SearchEntry } from './search-entry.ts';

/** The content of a SearchResultEntry (RFC 4511, 4.5.2). */
function contentOf(dn: string, attributes: readonly (readonly [string, readonly Uint8Array[]])[]): Buffer {
  const writer = new BerWriter();
  writer.startSequence(0x64);
  writer.writeString(dn);
  writer.startSequence(0x30);
  for (const [name, values] of attributes) {
    writer.startSequence(0x30);
    writer.writeString(name);
    writer.startSequence(0x31);
    for (const value of values) writer.writeBuffer(Buffer.from(value), 0x04);
    writer.endSequence();
    writer.endSequence();
  }
  writer.endSequence();
  writer.endSequence();
  const { buffer } = writer;
  const entry = buffer.subarray((buffer[1] ?? 0) < 0x80 ? 2 : 2 + ((buffer[1] ?? 0) & 0x7f));
  // in the middle of other bytes, as it comes
  return Buffer.concat([Buffer.from('0"'), entry, Buffer.from('0"')]).subarray(2, 2 + entry.length);
}

const columns = columnsOf(
  {
    columns: ['dn', 'Mail', 'mail', 'cn', 'parentDn', 'userCertificate', 'photo', 'primaryGroupSid'],
    key: ['uid'],
  },
  [],
  ['photo'],
  'entryUUID',
);
const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant('x'.repeat(300)));
const value = fc.oneof(
  text.map((each) => new Uint8Array(Buffer.from(each))),
  fc.uint8Array({ maxLength: 12 }),
  fc.constant(new Uint8Array([1, 2, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 7, 0, 0, 0])),
);
const name = fc.constantFrom(
  'mail',
  'MAIL',
  'cn',
  'uid',
  'userCertificate;binary',
  'usercertificate',
  'photo',
  'other',
  'objectSid',
  'primaryGroupID',
);
const entry = fc.tuple(
  fc.oneof(
    text.map((each) => `cn=${each.replaceAll(/[^\p{L}\p{N}]/gu, '')},dc=example`),
    fc.constant(`cn=${'ø'.repeat(990)},dc=example`),
  ),
  fc.array(fc.tuple(name, fc.array(value, { maxLength: 4 })), { maxLength: 8 }),
);

describe('an encoded entry', () => {
  it('is byte for byte the record of its columns', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
        const came = entries.map(([dn, attributes]) => new SearchEntry(contentOf(dn, attributes)));
        const records = came.map(columns.recordOf).map(({ cells, position }) => [encodeCells(cells), null, position]);
        const { bytes } = new EntryEncoder(columns).page(came);
        expect(bytes.toString()).toBe(records.map((record) => JSON.stringify(record).slice(1, -1)).join(''));
      }),
    );
  });

  it('that is cut anywhere, or has another element in it, is none', () => {
    const whole = contentOf('cn=a,dc=example', [['cn', [Buffer.from('a'), Buffer.from('b')]]]);
    expect(new SearchEntry(whole).attributes.get('cn')?.map(String)).toEqual(['a', 'b']);
    for (let length = 0; length < whole.length; length++)
      expect(() => new SearchEntry(whole.subarray(0, length))).toThrow('none of LDAP');
    const other = Buffer.from(whole);
    other[whole.lastIndexOf(0x31)] = 0x30;
    expect(() => new SearchEntry(other)).toThrow('none of LDAP');
  });

  it('that has values behind the end of a list is none', () => {
    const attribute = (name: string, values: readonly string[], covered = values.length) => {
      const set = values.map((value) => octets(value));
      const inside = Buffer.concat(set.slice(0, covered));
      return element(0x30, Buffer.concat([octets(name), element(0x31, inside), ...set.slice(covered)]));
    };
    const whole = [octets('cn=a'), element(0x30, Buffer.concat([attribute('member', ['u1', 'u2'])]))];
    expect(new SearchEntry(Buffer.concat(whole)).attributes.get('member')).toHaveLength(2);
    const oneCovered = [octets('cn=a'), element(0x30, attribute('member', ['u1', 'u2'], 1))];
    expect(() => new SearchEntry(Buffer.concat(oneCovered))).toThrow('none of LDAP');
    const behind = [octets('cn=a'), element(0x30, attribute('uid', ['a'])), attribute('mail', ['a@x'])];
    expect(() => new SearchEntry(Buffer.concat(behind))).toThrow('none of LDAP');
  });
});

const element = (tag: number, content: Buffer) => Buffer.concat([Buffer.from([tag, content.length]), content]);
const octets = (text: string) => element(0x04, Buffer.from(text));
