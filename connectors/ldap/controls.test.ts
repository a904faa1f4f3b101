import { describe, expect, it } from 'vitest';
import { readDirSync, readPaged, readSyncDone, readSyncInfo, readSyncState } from './controls.ts';

const bytes = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const info = Buffer.from('1.3.6.1.4.1.4203.1.9.1.4').toString('hex');
/** The content of an Intermediate Response with a Sync Info. */
const syncInfo = (value: string) =>
  bytes(`80 18 ${info} 81 ${bytes(value).length.toString(16).padStart(2, '0')} ${value}`);
const uuid = '000102030405060708090a0b0c0d0e0f';

describe('values of controls', () => {
  it('are read where they are whole', () => {
    expect(readPaged(bytes('30 07 02 01 00 04 02 41 42'))).toEqual({ estimate: 0, cookie: Buffer.from('AB') });
    expect(readPaged(bytes('30 05 02 01 05 04 00'))).toEqual({ estimate: 5, cookie: Buffer.alloc(0) });
    expect(readDirSync(bytes('30 09 02 01 01 02 01 00 04 01 41'))).toEqual({ more: true, cookie: Buffer.from('A') });
    expect(readSyncState(bytes(`30 15 0a 01 03 04 10 ${uuid}`)).state).toBe('delete');
    expect(readSyncDone(bytes('30 06 04 01 41 01 01 ff'))).toEqual({ cookie: Buffer.from('A'), refreshDeletes: true });
    expect(readSyncDone(bytes('30 00'))).toEqual({ cookie: undefined, refreshDeletes: false });
    expect(readSyncInfo(syncInfo('80 01 41'))).toEqual({ kind: 'cookie', cookie: Buffer.from('A') });
    expect(readSyncInfo(syncInfo('a2 00'))).toEqual({ kind: 'phase', of: 'present', cookie: undefined });
    expect(readSyncInfo(syncInfo(`a3 17 01 01 ff 31 12 04 10 ${uuid}`))).toEqual({
      ...{ kind: 'ids', gone: true, cookie: undefined },
      uuids: [bytes(uuid)],
    });
  });

  it.each([
    ['that are empty', ''],
    ['without a cookie', '30 03 02 01 00'],
    ['with a cookie that is cut', '30 07 02 01 00 04 05 41 42'],
    ['with a length beyond all numbers', '30 84 ff ff ff fa 02 01 00'],
    ['whose number has no digits', '30 04 02 00 04 00'],
  ])('of pages %s are none, and no end of the list', (_, value) => {
    expect(() => readPaged(bytes(value))).toThrow('none of LDAP');
    expect(() => readDirSync(bytes(value))).toThrow('none of LDAP');
  });

  it.each([
    ['a set with an identity that is cut', 'a3 0c 31 0a 04 10 00 01 02 03 04 05 06 07'],
    ['an identity with a length beyond all numbers', 'a3 08 31 06 04 84 ff ff ff fa'],
    ['an identity of 8 bytes', 'a3 0c 31 0a 04 08 00 01 02 03 04 05 06 07'],
    ['a message of another kind', 'a4 00'],
    ['nothing', ''],
  ])('of a Sync Info with %s are none', (_, value) => {
    expect(() => readSyncInfo(syncInfo(value))).toThrow('none of LDAP');
  });

  it('of the end of a refresh that are cut do not say that the present phase has ended', () => {
    expect(() => readSyncDone(bytes('30 06 04 01 41'))).toThrow('none of LDAP');
    expect(() => readSyncDone(bytes(''))).toThrow('none of LDAP');
  });
});
