import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Pacer, ReadEvent } from '../../connectors/package.ts';
import type { SyncError } from '../../domain/errors.ts';
import { Throttled } from '../../domain/throttle.ts';
import { FakeDirectory, type Answer, type Asked } from '../support/fake-directory.ts';

const allow = parseOutboundAllow('127.0.0.1');
if (typeof allow === 'string') throw new Error(allow);
const adapter = createLdapPackage({ allow, secretFolders: [] });
const base = 'dc=example,dc=org';
let directory: FakeDirectory;
beforeAll(async () => {
  directory = await FakeDirectory.start();
});
afterAll(() => directory.stop());

async function read(answer: (asked: Asked) => Answer, timeout = '5s', pacer?: Pacer): Promise<ReadEvent[]> {
  directory.answer = answer;
  const settings = adapter.settings.parse({
    url: directory.url,
    baseDN: base,
    timeout,
    tls: { plaintext: true },
    tables: { groups: { canary: 'none' } },
  });
  const events: ReadEvent[] = [];
  const wanted = { columns: ['cn', 'member'], key: ['cn'] };
  const request = {
    table: 'groups',
    mode: 'complete',
    tables: ['groups'],
    wanted,
    ...(pacer ? { pacer } : {}),
  } as const;
  for await (const event of adapter.read({ name: 'd', settings, secrets: {} }, request)) events.push(event);
  return events;
}
const cellsOf = (events: readonly ReadEvent[]) =>
  events.flatMap((event) => (event.kind === 'structured' ? event.records.map(({ cells }) => cells) : []));
const failure = (answer: (asked: Asked) => Answer, timeout?: string) =>
  read(answer, timeout).then(
    () => undefined,
    (error: unknown) => error,
  );

const dn = `cn=g,${base}`;
const most = 1500;
/** A group of which the server sends 1,500 members at a time, as Active Directory does. */
function group(members: () => { values: string[]; stamp: string }) {
  return ({ attributes, cookie }: Asked): Answer => {
    const { values, stamp } = members();
    const asked = attributes.find((name) => name.startsWith('member'));
    const from = Number(/range=(\d+)/.exec(asked ?? '')?.[1] ?? 0);
    const part = values.slice(from, from + most);
    const last = from + part.length >= values.length;
    const whole = values.length <= most && from === 0;
    const name = whole ? 'member' : `member;range=${String(from)}-${last ? '*' : String(from + part.length - 1)}`;
    // a server that has values in ranges also names the attribute without any
    const empty = whole ? {} : { member: [] };
    const entry = {
      dn,
      attributes: { cn: ['g'], uSNChanged: [stamp], ...empty, ...(part.length > 0 ? { [name]: part } : {}) },
    };
    return { entries: [entry], ...(cookie === undefined ? {} : { cookie: '' }) };
  };
}
const people = (count: number, of = 'm') => Array.from({ length: count }, (_, i) => `cn=${of}${String(i)},${base}`);

describe('a directory that sends values in ranges', () => {
  it.each([0, 1, 1500, 1501, 3000, 3001, 10_001])('is read to the last of %i values', async (count) => {
    const events = await read(group(() => ({ values: people(count), stamp: '1' })));
    expect(cellsOf(events)).toEqual([[['g'], people(count)]]);
    expect(events.at(-1)).toEqual({ kind: 'end', certificate: { certified: true } });
  });

  it('is read again where the entry was changed between two ranges', async () => {
    let asked = 0;
    const events = await read(
      group(() => {
        asked++;
        // the page and the first range show the old group
        return asked <= 2 ? { values: people(3001, 'old'), stamp: '1' } : { values: people(2500, 'new'), stamp: '2' };
      }),
    );
    expect(cellsOf(events)).toEqual([[['g'], people(2500, 'new')]]);
  });

  it('fails with changed-during-read where the entry is never at rest', async () => {
    let stamp = 0;
    const failed = await failure(group(() => ({ values: people(3001), stamp: String(++stamp) })));
    expect(failed).toMatchObject({ code: 'changed-during-read' });
  });

  it('fails with changed-during-read where the entry is no longer under its name', async () => {
    const answer = group(() => ({ values: people(3001), stamp: '1' }));
    const failed = await failure((asked) => (asked.scope === 'base' ? { result: 32 } : answer(asked)));
    expect(failed).toMatchObject({ code: 'changed-during-read' });
  });
});

describe('a directory that', () => {
  const entry = (name: string) => ({ dn: `cn=${name},${base}`, attributes: { cn: [name] } });

  it('sends pages without entries is read to the page that is the last', async () => {
    const pages: Record<string, Answer> = {
      '': { entries: [entry('a')], cookie: '1' },
      1: { cookie: '2' },
      2: { cookie: '3' },
      3: { entries: [entry('b')], cookie: '' },
    };
    const events = await read(({ cookie }) => pages[cookie ?? ''] ?? {});
    expect(cellsOf(events).map(([cn]) => cn)).toEqual([['a'], ['b']]);
  });

  it('forgets the control of pages fails with paging-lost', async () => {
    expect(await failure(() => ({ entries: [entry('a')] }))).toMatchObject({ code: 'paging-lost' });
    const second = ({ cookie }: Asked): Answer => (cookie === '' ? { entries: [entry('a')], cookie: '1' } : {});
    expect(await failure(second)).toMatchObject({ code: 'paging-lost' });
  });

  it.each([0, 2, 5, 7])(
    'sends %i bytes of the control of pages fails with paging-lost: this is no end',
    async (cutTo) => {
      const page = (): Answer => ({ entries: [entry('a')], cookie: 'abcdef', cutTo });
      expect(await failure(page)).toMatchObject({ code: 'paging-lost' });
    },
  );

  it.each([
    [3, 'time-limit'],
    [4, 'size-limit'],
    [10, 'base-missing'],
    [11, 'admin-limit'],
    [12, 'paging-lost'],
    [32, 'base-missing'],
    [50, 'credentials'],
    [53, 'paging-lost'],
  ])('ends the second page with result %i fails with %s', async (result, code) => {
    const failed = await failure(({ cookie }) =>
      cookie === '' ? { entries: [entry('a')], cookie: '1' } : { result, cookie: '' },
    );
    expect(failed).toMatchObject({ code });
    expect((failed as SyncError).message).toContain(String(result));
  });

  it('is busy is asked again when the limits say so, from the page where it was', async () => {
    let busy = 2;
    const answer = ({ cookie }: Asked): Answer => {
      if (cookie === '') return { entries: [entry('a')], cookie: '1' };
      return busy-- > 0 ? { result: 51 } : { entries: [entry('b')], cookie: '' };
    };
    let waits = 0;
    const patient: Pacer = {
      request: () => Promise.resolve(),
      busy() {
        waits++;
        return Promise.resolve();
      },
    };
    expect(cellsOf(await read(answer, '5s', patient))).toHaveLength(2);
    expect(waits).toBe(2);
    busy = 1;
    const impatient: Pacer = { ...patient, busy: () => Promise.reject(new Throttled(60)) };
    await expect(read(answer, '5s', impatient)).rejects.toBeInstanceOf(Throttled);
    busy = 1;
    expect(await failure(answer)).toMatchObject({ code: 'throttled' });
  });

  it('does not answer fails with connection', async () => {
    const begun = Date.now();
    expect(await failure(() => ({ silent: true }), '1s')).toMatchObject({ code: 'connection' });
    expect(Date.now() - begun).toBeLessThan(20_000);
  }, 30_000);

  it.each([
    ['says what is no LDAP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'bad-body'],
    ['announces an entry of 2 GB', Buffer.from('30847fffffff', 'hex'), 'too-large'],
    ['announces a length that never ends', Buffer.from('3080', 'hex'), 'bad-body'],
  ])('%s fails', async (_, raw, code) => {
    expect(await failure(() => ({ raw }))).toMatchObject({ code });
  });
});
