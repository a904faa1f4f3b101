import { link, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RowError, Sync } from '../../domain/sync.ts';
import { sleep } from '../support/api-client.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const good = csv('id,name,mail', 'E1,Ada,ada@example.org', 'E2,Ben,ben@example.org', 'E3,Cyd,cyd@example.org');
const utf16 = (text: string, bom: boolean) => Buffer.from(`${bom ? '\ufeff' : ''}${text}`, 'utf16le');

interface Expected {
  status: Sync['status'];
  code?: string;
  hold?: string;
  cause?: string;
  /** Row codes of the errors told, in any order; `code effect` where the effect matters. */
  rows?: string[];
  /** Names by id that are stored afterwards; as before where left out. */
  stored?: Record<string, string>;
  withheld?: number;
  read?: number;
  rejected?: number;
  message?: RegExp;
  line?: number;
  column?: string;
}

const same = { E1: 'Ada', E2: 'Ben', E3: 'Cyd' };
const fails = (code: string, more: Partial<Expected> = {}): Expected => ({ status: 'failed', code, ...more });
const fine = (more: Partial<Expected> = {}): Expected => ({ status: 'completed', ...more });
const rejects = (rows: string[], more: Partial<Expected> = {}): Expected => ({
  status: 'completed-with-errors',
  rows,
  ...more,
});
/** Whose row it is nobody can tell, and someone seems to be gone: a person looks at it. */
const unreadable: Expected = { status: 'held', hold: 'unreadable-key', rows: ['row-shape'] };
const million = 'x'.repeat((1 << 20) + 1);

const cases: [string, string | Buffer | null, Expected][] = [
  ['a 0-byte file', '', fails('empty-file')],
  ['no file', null, fails('missing-file')],
  ['a header and no rows where there were some', 'id,name,mail\n', { status: 'held', hold: 'zero-rows' }],
  [
    'columns in another order',
    good.replaceAll(/^([^,]*),([^,]*),([^,\n]*)$/gm, '$3,$1,$2'),
    fine({ rows: ['schema-drift warning'] }),
  ],
  ['a mapped column that is missing', csv('id,name', 'E1,Ada'), fails('missing-column', { column: 'mail' })],
  ['a header that differs by case', good.replace('mail', 'Mail'), fails('missing-column', { message: /"Mail"/ })],
  [
    'a header that differs by a space',
    good.replace('mail', ' mail'),
    fails('missing-column', { message: /white space/ }),
  ],
  ['a header that comes twice', good.replace('id,name,mail', 'id,name,name'), fails('duplicate-header')],
  [
    'one column too many, which nothing maps',
    good.replaceAll('\n', ',x\n').replace(',x\n', ',extra\n'),
    fine({ rows: ['schema-drift warning'] }),
  ],
  [
    'more than 2,000 columns',
    `${Array.from({ length: 2001 }, (_, i) => `c${String(i)}`).join(',')}\n`,
    fails('too-many-columns'),
  ],
  ['identical rows under one key', `${good}E3,Cyd,cyd@example.org\n`, fine()],
  ['different rows under one key', `${good}E3,Cydney,cyd@example.org\n`, rejects(['duplicate-key', 'duplicate-key'])],
  [
    'keys that differ by case',
    `${good}e3,Cyd,c@example.org\n`,
    fine({ rows: ['case-variant warning', 'case-variant warning'], stored: { ...same, e3: 'Cyd' } }),
  ],
  ['an empty key', `${good},Dan,dan@example.org\n`, rejects(['key-empty'])],
  [
    'a key with a space at its end',
    `${good}"E4 ",Dan,dan@example.org\n`,
    rejects(['key-unclean'], { message: /U\+0020/ }),
  ],
  [
    'a key with a no-break space',
    `${good}\u00a0E4,Dan,dan@example.org\n`,
    rejects(['key-unclean'], { message: /U\+00A0/ }),
  ],
  [
    'a key with a zero-width space',
    `${good}E\u200b4,Dan,dan@example.org\n`,
    rejects(['key-unclean'], { message: /U\+200B/ }),
  ],
  ['a key that is not normalised', `${good}E\u0065\u0301,Dan,dan@example.org\n`, rejects(['key-unclean'])],
  ['UTF-8 with a byte order mark', `\ufeff${good}`, fine()],
  ['UTF-16 with a byte order mark', utf16(good, true), fine()],
  ['UTF-16 without a byte order mark', utf16(good, false), fails('encoding')],
  [
    'bytes that are not UTF-8',
    Buffer.from(good.replace('Cyd,', 'C\u00ffd,'), 'latin1'),
    fails('encoding', { message: /byte/ }),
  ],
  ['a NUL in a value', good.replace('Cyd,', 'C\u0000d,'), rejects(['invalid-character'])],
  ['a lone surrogate in UTF-16', utf16(good.replace('Cyd,', 'C\ud800d,'), true), rejects(['invalid-character'])],
  [
    'CRLF, LF, CR and blank lines mixed',
    'id,name,mail\r\nE1,Ada,ada@example.org\n\nE2,Ben,ben@example.org\rE3,Cyd,cyd@example.org\r\n',
    fine(),
  ],
  ['a quote that is never closed', good.replace('Ben,', '"Ben,'), fails('unclosed-quote', { line: 3 })],
  ['a quote inside an unquoted field', good.replace('Ben,', 'B"en,'), unreadable],
  [
    'several quotes inside an unquoted field, which are one row',
    good + csv('E4,a "b" "c",x'),
    rejects(['row-shape'], { read: 4, rejected: 1 }),
  ],
  [
    'a blank behind a closing quote',
    good + csv('E4,"Dan" ,d@x', 'E5,"Eve","e@x"'),
    rejects(['row-shape'], { read: 5, rejected: 1, stored: { ...same, E5: 'Eve' } }),
  ],
  [
    'a last line without its line end, changed and cut',
    csv('id,name,mail', 'E1,Ada,ada@example.org', 'E2,Ben,ben@example.org') + 'E3,Cy,c',
    fine({ rows: ['unfinished-line warning'], read: 3, rejected: 0 }),
  ],
  ['a short row', good.replace('E2,Ben,ben@example.org', 'E2,Ben'), unreadable],
  ['a long row', good.replace('ben@example.org', 'ben@example.org,x'), unreadable],
  ['a last line that is cut off', good.slice(0, -18), fails('truncated')],
  [
    'a last line without its line end, and someone gone',
    csv('id,name,mail', 'E1,Ada,ada@example.org') + 'E2,Ben,ben@example.org',
    { status: 'completed-with-errors', withheld: 1, rows: ['unfinished-line warning'] },
  ],
  ['a field over 1 MiB', good.replace('Cyd,', `${million},`), rejects(['field-too-long'])],
  [
    'text that a spreadsheet takes for a formula',
    good.replace('Cyd', '=cmd()'),
    fine({ stored: { ...same, E3: '=cmd()' } }),
  ],
  [
    'numbers as text',
    good.replace('Cyd', '1e5').replace('Ben', '00123'),
    fine({ stored: { E1: 'Ada', E2: '00123', E3: '1e5' } }),
  ],
  ['another delimiter', good.replaceAll(',', ';'), fails('wrong-delimiter')],
  [
    'names of JavaScript as data',
    good.replace('Cyd', '__proto__').replace('Ben', 'constructor'),
    fine({ stored: { ...same, E2: 'constructor', E3: '__proto__' } }),
  ],
];

describe('bad input over files', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(onePerson({ thresholds: wide }), 'one');
    await stack.place('one', { 'people.csv': good });
    const first = await stack.syncAndResume('one');
    expect(first.status).toBe('completed');
  });
  afterAll(() => stack.stop());

  const stored = async () => {
    const found = await stack.all<{ key: string[]; attributes: Record<string, string> }>(
      '/v1/entity-types/one_Person/resources',
    );
    return Object.fromEntries(found.map(({ key, attributes }) => [key[0] ?? '', attributes['name'] ?? '']));
  };

  afterEach(async () => {
    // a case that failed leaves nothing to the next one
    for (const { id, digest } of await stack.all<Sync>('/v1/syncs?status=held'))
      await stack.call('POST', `/v1/syncs/${id}/reject`, { digest });
  });

  it.each(cases)('%s', async (_name, content, expected) => {
    await stack.place('one', { 'people.csv': content });
    const sync = await stack.sync('one');
    expect({ status: sync.status, error: sync.error?.code }).toEqual({ status: expected.status, error: expected.code });
    const errors = await stack.all<RowError>(`/v1/syncs/${sync.id}/errors`);
    const told = errors.map(({ code, effect }) => (effect === 'warning' ? `${code} warning` : code));
    expect(told.sort()).toEqual(expected.rows ?? []);
    expect(await stored()).toEqual(expected.stored ?? same);
    if (expected.withheld !== undefined) expect(sync.deletesWithheld).toBe(expected.withheld);
    if (expected.read !== undefined)
      expect(sync.counters['one_Person']).toMatchObject({ read: expected.read, rejected: expected.rejected });
    if (expected.hold !== undefined) expect(sync.holds.map((hold) => hold.code)).toContain(expected.hold);
    if (expected.line !== undefined) expect(sync.error?.line).toBe(expected.line);
    if (expected.column !== undefined) expect(sync.error?.column).toBe(expected.column);
    if (sync.error) expect(sync.error.table).toBe('people.csv');
    if (expected.message)
      expect([sync.error?.message ?? '', ...errors.map((error) => error.message)].join('\n')).toMatch(expected.message);
    const read = sync.counters['one_Person'];
    if (read && read.read > 0) {
      // rows in = accepted + rejected + duplicates + filtered, and what was stored adds up
      expect(read.updated + read.deleted + read.unchanged).toBe(read.stored);
    }
    if (sync.status === 'held') await stack.decide(sync, 'reject');
    // the next good file brings back the good state
    await stack.place('one', { 'people.csv': good });
    const healed = await stack.sync('one');
    expect(healed.status).toBe('completed');
    expect(await stored()).toEqual(same);
  });

  it('accepts a file with a header alone where nothing was stored', async () => {
    await stack.place('fresh', { 'people.csv': 'id,name,mail\n' });
    await stack.put(onePerson({ name: 'fresh' }), 'fresh');
    expect(await stack.sync('fresh')).toMatchObject({ status: 'completed', applied: true });
  });

  it('rejects both rows, naming both, where a key that is not case-sensitive comes twice', async () => {
    await stack.put(onePerson({ name: 'folded', thresholds: wide, key: { caseInsensitive: true } }), 'folded');
    await stack.place('folded', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x', 'e1,Eda,e@x', 'E2,Ben,b@x') });
    const sync = await stack.syncAndResume('folded');
    expect(sync).toMatchObject({
      status: 'completed-with-errors',
      counters: { folded_Person: { inserted: 1, rejected: 2 } },
    });
    const errors = await stack.all<RowError>(`/v1/syncs/${sync.id}/errors`);
    expect(errors.map((error) => [error.code, error.line])).toEqual([
      ['duplicate-key', 2],
      ['duplicate-key', 3],
    ]);
  });

  it('never takes an unknown word for false, an impossible day for another one', async () => {
    const properties = {
      active: { column: 'active', type: 'boolean' },
      since: { column: 'since', type: 'date', format: 'dd.MM.yyyy' },
    };
    await stack.put(onePerson({ name: 'typed', thresholds: wide, properties }), 'typed');
    await stack.place('typed', {
      'people.csv': csv(
        'id,name,mail,active,since',
        'E1,Ada,a@x,true,31.01.2024',
        'E2,Ben,b@x,perhaps,01.02.2024',
        'E3,Cyd,c@x,false,02.31.2024',
      ),
    });
    const sync = await stack.syncAndResume('typed');
    const errors = await stack.all<RowError>(`/v1/syncs/${sync.id}/errors`);
    expect(errors.map((error) => [error.code, error.property, error.key])).toEqual([
      ['format', 'active', ['E2']],
      ['format', 'since', ['E3']],
    ]);
    const found = await stack.all<{ attributes: unknown }>('/v1/entity-types/typed_Person/resources');
    expect(found.map((each) => each.attributes)).toEqual([
      { id: 'E1', name: 'Ada', mail: 'a@x', active: true, since: '2024-01-31' },
    ]);
  });

  it('names swapped headers and changed day and month as causes of a hold', async () => {
    const days = Array.from({ length: 200 }, (_, i) => [1 + (i % 12), 1 + ((i * 5) % 12)] as const);
    const two = (n: number) => String(n).padStart(2, '0');
    const file = (header: string, turned: boolean) =>
      csv(
        header,
        ...days.map(
          ([d, m], i) =>
            `K${String(i)},Name ${String(i)},m${String(i)}@x,${two(turned ? m : d)}/${two(turned ? d : m)}/2024`,
        ),
      );
    const properties = { since: { column: 'since', type: 'date', format: 'dd/MM/yyyy' } };
    await stack.put(onePerson({ name: 'causes', properties }), 'causes');
    await stack.place('causes', { 'people.csv': file('id,name,mail,since', false) });
    await stack.syncAndResume('causes');
    await stack.place('causes', { 'people.csv': file('id,mail,name,since', false) });
    const swapped = await stack.sync('causes');
    expect(swapped.status).toBe('held');
    expect(swapped.causes.map((cause) => cause.code)).toContain('swapped-headers');
    await stack.decide(swapped, 'reject');
    await stack.place('causes', { 'people.csv': file('id,name,mail,since', true) });
    const turned = await stack.sync('causes');
    expect(turned.status).toBe('held');
    expect(turned.causes.map((cause) => cause.code)).toContain('date-format-changed');
    await stack.decide(turned, 'reject');
  });

  it('reads no file outside its folder, by a name or by a link', async () => {
    const outside = join(stack.folder, 'outside');
    await mkdir(outside, { recursive: true });
    await writeFile(join(outside, 'people.csv'), good);
    await stack.place('linked', {});
    await symlink(join(outside, 'people.csv'), join(stack.files, 'linked', 'people.csv'));
    await stack.put(onePerson({ name: 'linked' }), 'linked');
    expect((await stack.sync('linked')).error?.code).toBe('unsafe-path');
    await rm(join(stack.files, 'linked', 'people.csv'));
    await stack.put(onePerson({ name: 'linked', directory: '../outside' }), 'linked').catch((error: unknown) => {
      expect(String(error)).toMatch(/422/);
    });
    expect((await stack.sync('linked')).status).toBe('failed');
  });

  it('fails where a file is replaced while it is read, and takes the next whole one', async () => {
    const line = (_: unknown, i: number) => `E${String(i)},Name ${String(i)},m${String(i)}@example.org\n`;
    const many = `id,name,mail\n${Array.from({ length: 400_000 }, line).join('')}`;
    await stack.put(onePerson({ name: 'moving', thresholds: wide }), 'moving');
    await stack.place('moving', { 'people.csv': many });
    const folder = join(stack.files, 'moving');
    const whole = ['.one', '.other'].map((name) => join(folder, name));
    for (const each of whole) await writeFile(each, many);
    const reading = new AbortController();
    const replacing = (async () => {
      // a whole file at any moment, another one every few milliseconds
      for (let n = 0; !reading.signal.aborted; n++) {
        await link(whole[n % 2] ?? '', join(folder, '.new'));
        await rename(join(folder, '.new'), join(folder, 'people.csv'));
        await sleep(5);
      }
    })();
    const started = await stack.startSync('moving');
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${started.id}`)).status !== 'running');
    reading.abort();
    await replacing;
    await stack.place('moving', { 'people.csv': good });
    const sync = await stack.settled(started.id);
    expect(sync).toMatchObject({ status: 'failed', error: { code: 'changed-during-read', table: 'people.csv' } });
    const next = await stack.syncAndResume('moving');
    expect(next).toMatchObject({ status: 'completed', counters: { moving_Person: { inserted: 3 } } });
  });
});
