import type { CellObject } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import type { Certificate, Pacer } from '../package.ts';
import { IdSet } from './id-set.ts';

export interface ListItem {
  id: string;
  cell: CellObject;
}

export interface ListPage {
  items: readonly ListItem[];
  /** How many items the list has, as the page says. */
  total: number | undefined;
  /** Where the next page begins, for lists with cursors; undefined on the last page. */
  next?: string | undefined;
}

/** How the pages of a list are asked for. */
export type Paging =
  /** By the number of the items before the page. */
  | { kind: 'offset'; ask(before: number): Promise<ListPage> }
  /** By the number of the page, from 0. */
  | { kind: 'page'; ask(page: number): Promise<ListPage> }
  /** By what the page before says; `expired`: the source has forgotten it. */
  | { kind: 'cursor'; ask(cursor: string | undefined): Promise<ListPage | 'expired'> };

export interface List {
  /** For messages. */
  table: string;
  paging: Paging;
  /** The list is read until two reads have the same ids. */
  twice: boolean;
  pacer: Pacer | undefined;
}

/** What one read of all pages showed. */
type Verdict = 'whole' | 'pages-shifted' | 'count-mismatch';

const mostReads = 3;
const mostEmptyPages = 1000;

/**
 * Reads a list page by page, and gives each item once. If the list moved while it was read, or has another number of items than
 * it says, it is read again: items that were not given yet are given then. An item that is gone meanwhile was there when
 * it was given.
 * @returns whether the list proved that this was all
 * @throws SyncError `pages-shifted` or `count-mismatch` if three reads were not enough
 */
export async function* readList(list: List): AsyncGenerator<ListItem[], Certificate> {
  const given = new IdSet();
  let before: IdSet | undefined;
  let found: Exclude<Verdict, 'whole'> = 'pages-shifted';
  for (let reads = 0; reads < mostReads; reads++) {
    const seen: Seen = { ids: new IdSet(), common: 0, counted: false, before };
    const verdict = yield* readOnce(list, seen, given);
    if (verdict !== 'whole') {
      found = verdict;
      before = undefined;
    } else if (!list.twice) return certificateOf(list, seen);
    else if (before && before.size === seen.ids.size && seen.common === before.size) return { certified: true };
    else {
      found = 'pages-shifted';
      before = seen.ids;
    }
  }
  throw new SyncError(found, messages[found](list.table), { table: list.table });
}

const messages = {
  'pages-shifted': (table: string) =>
    `The list ${table} moved while its pages were read, ${String(mostReads)} times. Sync at a quieter hour, or sort the list by something that stays. If the list is at rest, the source ignores what asks for a page: compare the setting paging with its documentation.`,
  'count-mismatch': (table: string) =>
    `The list ${table} says another number of entries than it gives, ${String(mostReads)} times. Some may be hidden from the reader, or its pages are not counted as the protocol says.`,
};

/** The ids of one read. */
interface Seen {
  ids: IdSet;
  before: IdSet | undefined;
  /** How many of them the read before had, too. */
  common: number;
  /** Whether each page said how many items there are. */
  counted: boolean;
}

function certificateOf({ paging }: List, { counted }: Seen): Certificate {
  if (counted && paging.kind !== 'page') return { certified: true };
  if (paging.kind === 'cursor')
    return {
      certified: true,
      code: 'no-total',
      reason:
        'The source tells no number of entries. That its last page names no further one is all that proves the end.',
    };
  return {
    certified: false,
    code: 'no-total',
    reason: 'The source does not prove that no page moved while the list was read. Set verify: twice to read it twice.',
  };
}

async function* readOnce(list: List, seen: Seen, given: IdSet): AsyncGenerator<ListItem[], Verdict> {
  const { paging, pacer } = list;
  const cursors = new IdSet();
  let place: Place = { before: 0, page: 0, cursor: undefined, last: undefined };
  let total: number | undefined;
  let empty = 0;
  let largest = 0;
  for (;;) {
    const page = await askPage(paging, place, largest, pacer);
    if (page === 'expired' || page === 'moved') return 'pages-shifted';
    if (place.page > 0 && page.total !== total) return 'count-mismatch';
    total = page.total;
    for (const { id } of page.items) {
      if (!seen.ids.add(id)) return 'pages-shifted';
      if (seen.before?.has(id)) seen.common += 1;
    }
    const fresh = page.items.filter(({ id }) => given.add(id));
    if (fresh.length > 0) yield fresh;
    const received = seen.ids.size;
    if (total !== undefined && received > total) return 'count-mismatch';
    const full = page.items.length + (page.repeated ?? 0) >= largest;
    largest = Math.max(largest, page.items.length);
    if (isLast(paging, page, received, full)) {
      seen.counted = total !== undefined;
      return total === undefined || received === total ? 'whole' : 'count-mismatch';
    }
    if (page.next !== undefined && !cursors.add(page.next)) return 'pages-shifted';
    empty = page.items.length === 0 ? empty + 1 : 0;
    if (empty >= mostEmptyPages) return 'pages-shifted';
    // the caller counts one request for each batch
    if (fresh.length === 0) await pacer?.request();
    place = { before: received, page: place.page + 1, cursor: page.next, last: page.items.at(-1)?.id ?? place.last };
  }
}

interface Place {
  before: number;
  page: number;
  cursor: string | undefined;
  /** The id of the item before the page. */
  last: string | undefined;
}

/** A total that is too small would hide what is behind it: behind a full page one more is asked for. */
function isLast(paging: Paging, { items, total, next }: ListPage, received: number, full: boolean): boolean {
  if (paging.kind === 'cursor') return next === undefined;
  return items.length === 0 || (total !== undefined && received >= total && !full);
}

/**
 * By offset, the last item of the page before is asked for again: if it is not there, items before it have come or gone. A server
 * whose pages have one item gives nothing else, so the next one is asked for by itself.
 */
async function askPage(
  paging: Paging,
  { before, page, cursor, last }: Place,
  largest: number,
  pacer: Pacer | undefined,
): Promise<(ListPage & { repeated?: number }) | 'expired' | 'moved'> {
  if (paging.kind === 'cursor') return paging.ask(cursor);
  if (paging.kind === 'page') return paging.ask(page);
  if (last === undefined) return paging.ask(before);
  const found = await paging.ask(before - 1);
  const [first, ...items] = found.items;
  if (first?.id !== last) return 'moved';
  if (items.length > 0 || largest > 1 || found.total === before) return { ...found, items, repeated: 1 };
  await pacer?.request();
  return paging.ask(before);
}
