import type { Control, Filter } from 'ldapts';
import { SyncError } from '../../domain/errors.ts';
import { domainScope, oids, paged, readPaged } from './controls.ts';
import type { Directory, Found } from './directory.ts';

/** One page should not be much larger than this. */
const pageBytes = 8 << 20;
/** The first page shows how large entries are. */
const firstPage = 100;
/** Servers may send pages without entries, but not for ever. */
const mostEmptyPages = 10_000;

/**
 * The pages of a search (RFC 2696), to the empty cookie that proves the end. The search of ldapts ends at a page without
 * entries, though the cookie is not empty.
 */
export async function* searchPages(
  directory: Directory,
  search: {
    base: string;
    scope: 'base' | 'one' | 'sub';
    filter: Filter;
    attributes: readonly string[];
    controls?: readonly Control[];
    pageSize: number;
    /** Whether each page becomes a batch. */
    counted?: boolean;
    table: string;
  },
): AsyncGenerator<Found> {
  let cookie: Buffer = Buffer.alloc(0);
  let size = Math.min(search.pageSize, firstPage);
  let empty = 0;
  // the caller counts the request of the read, and one for each batch
  let counted = search.counted === true;
  const controls = [...(search.controls ?? []), ...scopeControls(directory)];
  if (search.scope === 'base') {
    // one entry has no pages, and 389 Directory Server answers success without the control if there is none
    yield await directory.search({ ...search, counted, controls });
    return;
  }
  do {
    const found = await directory.search({ ...search, counted, controls: [paged(size, cookie), ...controls] });
    const value = found.controls.get(oids.paged);
    if (!value) throw pagingLost(search.table, 'The directory answered without the control of pages');
    cookie = cookieOf(value, search.table);
    counted = search.counted === true && found.entries.length > 0;
    empty = found.entries.length === 0 ? empty + 1 : 0;
    if (empty > mostEmptyPages) throw pagingLost(search.table, 'The directory sends pages without entries, and no end');
    if (found.entries.length > 0)
      size = Math.max(1, Math.min(search.pageSize, Math.floor(pageBytes / (found.bytes / found.entries.length))));
    yield found;
  } while (cookie.length > 0);
}

/** A copy, since what it came with would stay in memory. */
function cookieOf(value: Buffer, table: string): Buffer {
  try {
    return Buffer.from(readPaged(value).cookie);
  } catch (cause) {
    throw pagingLost(table, 'The directory answered with a control of pages that cannot be read', cause);
  }
}

/** Searches of Active Directory would be referred to the other domains of the forest. */
export const scopeControls = ({ root }: Directory): Control[] =>
  root.controls.has(oids.domainScope) ? [domainScope()] : [];

const pagingLost = (table: string, what: string, cause?: unknown) =>
  new SyncError(
    'paging-lost',
    `${what}, so nobody knows whether the list was whole.`,
    { table },
    cause === undefined ? {} : { cause },
  );
