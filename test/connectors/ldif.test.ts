import { mkdtempSync, rmSync, writeFileSync, appendFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLdifPackage } from '../../connectors/ldif/index.ts';
import type { Connection, ReadEvent } from '../../connectors/package.ts';
import { cellText } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { entry, person, readLdif, Slapd, suffix, unit } from '../support/slapd.ts';
import { describePackage, type ShownRow, type Subject } from './suite.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const folder = mkdtempSync(join(tmpdir(), 'syncline-ldif-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const adapter = createLdifPackage({ fileRoots: [folder] });
const connection = (settings: object = {}): Connection => ({
  name: 'files',
  settings: adapter.settings.parse({ directory: '.', ...settings }),
  secrets: {},
});
const write = (content: string | Buffer, name = 'people.ldif') => {
  writeFileSync(join(folder, name), content);
};
const dnOf = (uid: string) => `uid=${uid},ou=people,${suffix}`;
const block = (uid: string, cn = `Person ${uid}`) =>
  `dn: ${dnOf(uid)}\nobjectClass: inetOrgPerson\nobjectClass: person\nuid: ${uid}\ncn: ${cn}\n\n`;

async function readAll(columns: string[], settings: object = {}): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  const wanted = { columns, key: [columns[0] ?? ''] };
  const request = { table: 'people.ldif', mode: 'complete', tables: ['people.ldif'], wanted } as const;
  for await (const event of adapter.read(connection(settings), request)) events.push(event);
  return events;
}
const recordsOf = (events: readonly ReadEvent[]) =>
  events.flatMap((event) => (event.kind === 'structured' ? event.records : []));
const rowsOf = (events: readonly ReadEvent[]) =>
  recordsOf(events).map(({ cells }) => cells.map((cell) => cellText(cell ?? '')));
const endOf = (events: readonly ReadEvent[]) => events.find((event) => event.kind === 'end');

describePackage('ldif', (): Subject => ({
  adapter,
  connection,
  badSettings: [
    { settings: {}, path: 'directory' },
    { settings: { directory: '.', tables: { p: { filter: '(uid=' } } }, path: 'tables.p.filter' },
    {
      settings: { directory: '.', tables: { p: { filter: '(member:1.2.840.113556.1.4.1941:=cn=g)' } } },
      path: 'tables.p.filter',
    },
  ],
  unreachable: [
    { what: 'no folder', connection: () => connection({ directory: 'nowhere' }), code: 'missing-file' },
    { what: 'a folder outside', connection: () => connection({ directory: '../..' }), code: 'unsafe-path' },
  ],
  table: 'people.ldif',
  tables: ['people.ldif'],
  key: ['dn'],
  columns: [
    ...['dn', 'parentDn', 'rdn'].map((name) => ({
      name,
      type: 'string' as const,
      multiValued: false,
      nullable: false,
    })),
    { name: 'cn', type: 'string', multiValued: false, nullable: false },
    { name: 'objectClass', type: 'string', multiValued: true, nullable: false },
    { name: 'uid', type: 'string', multiValued: false, nullable: false },
  ],
  reset() {
    write(['a', 'b', 'c', 'd', 'e'].map((uid) => block(uid)).join(''));
  },
  list: () =>
    readLdif(readFileSync(join(folder, 'people.ldif'), 'utf8')).map(({ dn, values }): ShownRow => ({
      dn,
      parentDn: dn.slice(dn.indexOf(',') + 1),
      rdn: dn.slice(0, dn.indexOf(',')),
      cn: cellText(values.get('cn') ?? []),
      objectClass: cellText(values.get('objectclass') ?? []),
      uid: cellText(values.get('uid') ?? []),
    })),
  put(key, value) {
    const others = readFileSync(join(folder, 'people.ldif'), 'utf8')
      .split(/(?<=\n\n)/)
      .filter((each) => !each.startsWith(`dn: ${key}\n`));
    write(others.join('') + block(key.slice(4, key.indexOf(',')), value));
  },
  remove(key) {
    const others = readFileSync(join(folder, 'people.ldif'), 'utf8').split(/(?<=\n\n)/);
    write(others.filter((each) => !each.startsWith(`dn: ${key}\n`)).join(''));
  },
  storedKey: dnOf('b'),
  freshKey: dnOf('x'),
  shows: (row, value) => row['cn'] === cellText([value]),
  incomplete: [
    {
      what: 'no empty line behind the last entry',
      make() {
        appendFileSync(join(folder, 'people.ldif'), `dn: ${dnOf('z')}\nuid: z\n`);
      },
      code: 'not-final',
    },
    {
      what: 'a reference to another server',
      make() {
        appendFileSync(join(folder, 'people.ldif'), 'ref: ldap://other.example.org/dc=x\n\n');
      },
      code: 'referral',
    },
  ],
}));

describe('an LDIF file', () => {
  it('is read with folded lines, comments, base64, and either line break', async () => {
    const name = Buffer.from('Ödön, "x"').toString('base64');
    write(
      `version: 1\r\n# a comment\r\n that goes on\r\ndn: uid=a,ou=peo\r\n ple,${suffix}\r\nuid:   a\r\nCN:: ${name}\r\ncn:\r\ndescription: two \r\n\r\n\r\n` +
        block('b'),
    );
    const events = await readAll(['uid', 'cn', 'dn', 'description']);
    expect(rowsOf(events)).toEqual([
      [cellText(['a']), cellText(['Ödön, "x"', '']), dnOf('a'), cellText(['two '])],
      [cellText(['b']), cellText(['Person b']), dnOf('b'), cellText([])],
    ]);
    expect(recordsOf(events).map(({ position }) => position)).toEqual(['line 4', 'line 12']);
    expect(endOf(events)?.certificate).toEqual({ certified: true });
  });

  it('is read in UTF-16 with a byte order mark, as ldifde writes it', async () => {
    write(Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(block('ü').replaceAll('\n', '\r\n'), 'utf16le')]));
    expect(rowsOf(await readAll(['uid']))).toEqual([[cellText(['ü'])]]);
  });

  it('gives bytes of attributes that have bytes', async () => {
    write(`dn: cn=a\nobjectClass: user\nobjectGUID:: ABEiM0RVZneImaq7zN3u/w==\nlogo:: /w==\n\n`);
    const [record] = recordsOf(await readAll(['objectGUID', 'logo']));
    expect(record?.cells).toEqual([
      [new Uint8Array(Buffer.from('00112233445566778899aabbccddeeff', 'hex'))],
      [new Uint8Array([255])],
    ]);
  });

  it('does not use an entry that may have been cut short, and says where it is', async () => {
    write(block('a') + block('b').trimEnd());
    const events = await readAll(['uid', 'cn']);
    expect(recordsOf(events).map(({ fault, position }) => [fault?.code, position])).toEqual([
      [undefined, 'line 1'],
      ['unfinished-line', 'line 7'],
    ]);
    expect(endOf(events)?.certificate).toMatchObject({ certified: false, code: 'not-final' });
  });

  it('rejects an entry with a line that is none, and keeps its key', async () => {
    write(`${block('a').trimEnd()}\nno colon here\nmail:: !!!\n\n${block('b')}`);
    const [first, second] = recordsOf(await readAll(['uid']));
    expect(first).toMatchObject({
      cells: [['a']],
      fault: { code: 'row-shape', message: expect.stringContaining('Line 6') as string },
    });
    expect(second?.fault).toBeUndefined();
  });

  it.each([
    ['of 0 bytes', '', 'empty-file'],
    ['of changes', `dn: ${dnOf('a')}\nchangetype: delete\n\n`, 'unsupported-file'],
    ['that refers to another file', `dn: ${dnOf('a')}\njpegPhoto:< file:///etc/passwd\n\n`, 'unsupported-file'],
    ['that is CSV', 'uid,cn\na,b\n', 'unsupported-file'],
    ['of another version', `version: 2\n\n${block('a')}`, 'unsupported-file'],
    ['in Latin-1', Buffer.from(block('a', 'Ödön'), 'latin1'), 'encoding'],
    [
      'of a search that did not end well',
      `${block('a')}# search result\nsearch: 2\nresult: 4 Size limit exceeded\n\n`,
      'truncated',
    ],
  ])('%s fails', async (_, content, code) => {
    write(content);
    const failed: unknown = await readAll(['uid']).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(SyncError);
    expect(failed).toMatchObject({ code });
  });

  it('fails if it is replaced while it is read', async () => {
    write(Array.from({ length: 2500 }, (_, i) => block(String(i))).join(''));
    const request = { table: 'people.ldif', mode: 'complete', tables: ['people.ldif'] } as const;
    const failed: unknown = await (async () => {
      for await (const event of adapter.read(connection(), request)) if (event.kind === 'structured') write(block('z'));
    })().catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'changed-during-read' });
  });

  it.each([
    ['(uid=A)', ['a']],
    ['(!(uid=a))', ['b', 'c']],
    ['(|(uid=a)(cn=*son C))', ['a', 'c']],
    ['(cn=per*on*)', ['a', 'b', 'c']],
    ['(&(objectClass=INETORGPERSON)(mail=*))', []],
    ['(uid>=b)', ['b', 'c']],
    ['(uid<=b)', ['a', 'b']],
    ['(manager=UID=Boss,  OU=people,dc=example,dc=org)', ['b']],
    ['(flags:1.2.840.113556.1.4.803:=6)', ['b']],
    ['(flags:1.2.840.113556.1.4.804:=6)', ['b', 'c']],
  ])('is filtered by %s', async (filter, uids) => {
    const extra = (uid: string, lines: string) => `${block(uid).trimEnd()}\n${lines}\n\n`;
    write(block('a') + extra('b', `manager: uid=boss,ou=People,${suffix}\nflags: 7`) + extra('c', 'flags: 2'));
    const events = await readAll(['uid'], { tables: { 'people.ldif': { filter } } });
    expect(rowsOf(events)).toEqual(uids.map((uid) => [cellText([uid])]));
  });

  it.each(['../people.ldif', '/etc/passwd', 'a/../../x.ldif'])('is never looked for at %s', async (file) => {
    const failed: unknown = await readAll(['uid'], { tables: { 'people.ldif': { file } } }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: 'unsafe-path' });
  });
});

describe.skipIf(!ready)(ready ? 'an LDIF file of a real directory' : needs('slapd', 'ldap-utils'), () => {
  let slapd: Slapd;
  beforeAll(async () => {
    slapd = await Slapd.start();
    await slapd.change(
      unit('people') +
        ['a', 'b', 'c'].map((uid) => person(uid, `Person ${'long '.repeat(30)}${uid}`)).join('') +
        entry(
          `uid=d\\,e,ou=people,${suffix}`,
          'objectClass: inetOrgPerson',
          'uid: d,e',
          'cn: Ödön',
          'sn: S',
          'jpegPhoto:: /9j/',
        ),
    );
  });
  afterAll(() => slapd.stop());

  it('has what the directory has, as ldapsearch writes it, with and without its comments', async () => {
    for (const flags of [['-LLL'], []]) {
      const { out } = await slapd.run('ldapsearch', [
        ...flags,
        '-o',
        'ldif-wrap=40',
        '-b',
        suffix,
        '(uid=*)',
        '*',
        '+',
      ]);
      write(out);
      const events = await readAll(['uid', 'cn', 'jpegPhoto', 'dn']);
      expect(rowsOf(events).map(([uid]) => uid)).toEqual(['a', 'b', 'c', 'd,e'].map((uid) => cellText([uid])));
      expect(rowsOf(events)[0]?.[1]).toBe(cellText([`Person ${'long '.repeat(30)}a`]));
      expect(rowsOf(events)[3]?.slice(1, 3)).toEqual([cellText(['Ödön']), cellText([new Uint8Array([255, 216, 255])])]);
      expect(endOf(events)?.certificate).toEqual({ certified: true });
    }
  });
});
