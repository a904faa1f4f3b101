import { describe, expect, it } from 'vitest';
import { SyncError } from '../../domain/errors.ts';
import { readList, type ListItem, type ListPage, type Paging } from './read-list.ts';

const item = (id: string): ListItem => ({ id, cell: new Map([['id', id]]) });
const ids = (...names: string[]) => names.map(item);

async function read(paging: Paging, twice = false) {
  const given: string[] = [];
  let requests = 0;
  const pacer = {
    request: () => {
      requests += 1;
      return Promise.resolve();
    },
    busy: () => Promise.resolve(),
  };
  const events = readList({ table: 'People', paging, twice, pacer });
  for (;;) {
    const { done, value } = await events.next();
    if (done) return { given, certificate: value, requests };
    given.push(...value.map(({ id }) => id));
  }
}

const refused = async (paging: Paging, twice = false) => {
  const error: unknown = await read(paging, twice).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SyncError);
  return (error as SyncError).code;
};

/** A server whose list can change before each request. */
function offsets(
  names: string[],
  { size = 2, total = (n: number): number | undefined => n, change = (_asked: number): unknown => undefined } = {},
): Extract<Paging, { kind: 'offset' }> & { asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    kind: 'offset',
    ask(before) {
      change(asked.length);
      asked.push(before);
      return Promise.resolve({ items: ids(...names.slice(before, before + size)), total: total(names.length) });
    },
  };
}

describe('pages by offset', () => {
  it('ask again for the last item of the page before, and are certified by their total', async () => {
    const paging = offsets(['a', 'b', 'c', 'd', 'e'], { size: 3 });
    expect(await read(paging)).toMatchObject({ given: ['a', 'b', 'c', 'd', 'e'], certificate: { certified: true } });
    // the last page is full, so one more is asked for
    expect(paging.asked).toEqual([0, 2, 4]);
  });

  it('of one item are read, too', async () => {
    const paging = offsets(['a', 'b', 'c'], { size: 1 });
    expect(await read(paging)).toMatchObject({ given: ['a', 'b', 'c'], certificate: { certified: true } });
  });

  it('of an empty list are certified', async () => {
    expect(await read(offsets([]))).toMatchObject({ given: [], certificate: { certified: true } });
  });

  it('that move are read again: each item once, also those that a gap had hidden', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const paging = offsets(names, {
      size: 3,
      change: (asked) => {
        if (asked === 1) names.shift();
      },
    });
    const { given, certificate } = await read(paging);
    expect(given).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(certificate).toEqual({ certified: true });
  });

  it('that move each time fail', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    let next = 0;
    const change = () => names.unshift(`new ${String(next++)}`);
    expect(await refused(offsets(names, { size: 3, change }))).toMatch(/^(pages-shifted|count-mismatch)$/);
  });

  it.each([
    ['fewer', (n: number) => n - 1],
    ['more', (n: number) => n + 1],
  ])('that say %s items than they give fail', async (_, total) => {
    expect(await refused(offsets(['a', 'b', 'c', 'd', 'e'], { total }))).toBe('count-mismatch');
  });

  it('of a server that ignores the place never end, and fail', async () => {
    expect(await refused({ kind: 'offset', ask: () => Promise.resolve({ items: ids('a', 'b'), total: 5 }) })).toBe(
      'pages-shifted',
    );
  });

  it('of a server that counts from 1 more fail, since one item is missing', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const ask = (before: number) => Promise.resolve({ items: ids(...names.slice(before + 1, before + 4)), total: 5 });
    expect(await refused({ kind: 'offset', ask })).toBe('count-mismatch');
  });

  it('without a total are certified by a second read alone', async () => {
    const total = () => undefined;
    expect(await read(offsets(['a', 'b', 'c'], { total }))).toMatchObject({
      certificate: { certified: false, code: 'no-total' },
    });
    const twice = await read(offsets(['a', 'b', 'c'], { total }), true);
    expect(twice).toMatchObject({ given: ['a', 'b', 'c'], certificate: { certified: true } });
  });
});

describe('pages by number', () => {
  const pages = (read: (page: number, asked: number) => ListPage): Paging => {
    let asked = 0;
    return { kind: 'page', ask: (page) => Promise.resolve(read(page, asked++)) };
  };
  const three = (page: number): ListPage => ({
    items: [ids('a', 'b'), ids('c'), ids('d', 'e')][page] ?? [],
    total: undefined,
  });

  it('are read to the empty one, and not certified', async () => {
    expect(await read(pages(three))).toMatchObject({
      given: ['a', 'b', 'c', 'd', 'e'],
      certificate: { certified: false, code: 'no-total' },
    });
    const counted = (page: number) => ({ ...three(page), total: 5 });
    expect(await read(pages(counted))).toMatchObject({ certificate: { certified: false, code: 'no-total' } });
    expect(await refused(pages((page) => ({ ...three(page), total: 6 })))).toBe('count-mismatch');
  });

  it('are certified by two reads with the same ids, asked for one by one', async () => {
    const found = await read(pages(three), true);
    expect(found).toMatchObject({ given: ['a', 'b', 'c', 'd', 'e'], certificate: { certified: true } });
    // pages without a batch: the last of the first read is its end, then those of the second
    expect(found.requests).toBe(3);
  });

  it('that differ from read to read fail; one change is read through', async () => {
    const later = (page: number, asked: number): ListPage =>
      asked < 4 || page !== 1 ? three(page) : { items: ids('c', 'x'), total: undefined };
    expect(await read(pages(later), true)).toMatchObject({ given: ['a', 'b', 'c', 'd', 'e', 'x'] });
    const always = (page: number, asked: number): ListPage =>
      page === 0 ? { items: ids(`n${String(asked)}`), total: undefined } : { items: [], total: undefined };
    expect(await refused(pages(always), true)).toBe('pages-shifted');
  });

  it('of a server that ignores the number fail', async () => {
    expect(await refused(pages(() => ({ items: ids('a', 'b'), total: undefined })))).toBe('pages-shifted');
  });
});

describe('pages by cursor', () => {
  const chain = (pages: Record<string, ListPage | 'expired'>): Paging => ({
    kind: 'cursor',
    ask: (cursor) => Promise.resolve(pages[cursor ?? ''] ?? 'expired'),
  });

  it('are certified by the page without a cursor, and may be empty before', async () => {
    const paging = chain({
      '': { items: ids('a'), total: undefined, next: '1' },
      1: { items: [], total: undefined, next: '2' },
      2: { items: ids('b'), total: undefined },
    });
    expect(await read(paging)).toMatchObject({
      given: ['a', 'b'],
      certificate: { certified: true, code: 'no-total' },
      requests: 1,
    });
    const counted = chain({
      '': { items: ids('a'), total: 2, next: '1' },
      1: { items: ids('b'), total: 2 },
    });
    expect((await read(counted)).certificate).toEqual({ certified: true });
  });

  it.each([
    [
      'come again',
      { '': { items: ids('a'), total: 2, next: '1' }, 1: { items: ids('b'), total: 2, next: '1' } },
      'pages-shifted',
    ],
    [
      'give an item twice',
      { '': { items: ids('a'), total: undefined, next: '1' }, 1: { items: ids('a'), total: undefined } },
      'pages-shifted',
    ],
    ['are forgotten', { '': { items: ids('a'), total: undefined, next: '1' } }, 'pages-shifted'],
    ['are ignored', { '': { items: ids('a', 'b'), total: 5 } }, 'count-mismatch'],
    [
      'count other than they give',
      { '': { items: ids('a'), total: 1, next: '1' }, 1: { items: ids('b'), total: 1 } },
      'count-mismatch',
    ],
  ] as [string, Record<string, ListPage>, string][])('that %s fail', async (_, pages, code) => {
    expect(await refused(chain(pages))).toBe(code);
  });

  it('without an end fail', async () => {
    let next = 0;
    const ask = () => Promise.resolve({ items: [], total: undefined, next: String(next++) });
    expect(await refused({ kind: 'cursor', ask })).toBe('pages-shifted');
  });

  it('that are forgotten once are read again from the beginning', async () => {
    let forgets = true;
    const paging: Paging = {
      kind: 'cursor',
      ask(cursor) {
        if (cursor === undefined) return Promise.resolve({ items: ids('a'), total: undefined, next: '1' });
        const answer = forgets ? ('expired' as const) : { items: ids('b'), total: undefined };
        forgets = false;
        return Promise.resolve(answer);
      },
    };
    expect(await read(paging)).toMatchObject({ given: ['a', 'b'], certificate: { certified: true } });
  });
});
