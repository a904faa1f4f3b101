import { SyncError } from '../../domain/errors.ts';
import type { Entry } from '../entries/entry.ts';
import { textsOf, type Directory } from './directory.ts';
import { SearchEntry } from './search-entry.ts';

/**
 * Attributes of which the server sends a range of the values at a time: `member;range=0-1499`, and `-*` for the last
 * (MS-ADTS 3.1.1.3.1.3.3).
 */
const range = /^(.+);range=(\d+)-(\d+|\*)$/;

/** What changes with every change of an entry. */
export const stamps = ['uSNChanged', 'modifyTimestamp'];

const isRanged = (entry: Entry) =>
  entry instanceof SearchEntry
    ? entry.hasOption('range=')
    : [...entry.attributes.keys()].some((name) => range.test(name));

/** The entries with all values. @returns those that are still there */
export async function wholeEntries(directory: Directory, entries: Entry[], table: string): Promise<Entry[]> {
  const whole: Entry[] = [];
  for (const entry of entries) {
    const found = isRanged(entry) ? await readRanges(directory, entry, table) : entry;
    if (found) whole.push(found);
  }
  return whole;
}

const mostAttempts = 5;

/** Reads the ranges of an entry again, until it was not changed between the first and the last. */
async function readRanges(directory: Directory, entry: Entry, table: string): Promise<Entry | undefined> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const attributes = new Map([...entry.attributes].filter(([name]) => !range.test(name)));
    const names = [...entry.attributes.keys()].flatMap((name) => range.exec(name)?.[1] ?? []);
    let first: string | undefined;
    let last: string | undefined;
    for (const name of new Set(names)) {
      const values: Buffer[] = [];
      for (let end = false; !end;) {
        const part = await readOne(directory, entry, [`${name};range=${String(values.length)}-*`, ...stamps], table);
        if (!part) return undefined;
        last = stamps.map((stamp) => textsOf(part, stamp).join()).join();
        first ??= last;
        const [found, ranged] = [...part.attributes].find(([each]) => range.exec(each)?.[1] === name) ?? [];
        const bounds = found === undefined ? undefined : range.exec(found);
        const plain = part.attributes.get(name) ?? [];
        // the last value was removed meanwhile, or all were
        if (!ranged && plain.length === 0) break;
        if (bounds && Number(bounds[2]) !== values.length) throw lostRange(table);
        values.push(...(ranged ?? plain));
        end = !bounds || bounds[3] === '*';
        if (!end && (ranged ?? []).length === 0) throw lostRange(table);
      }
      attributes.set(name, values);
    }
    if (first === last) return { dn: entry.dn, attributes };
  }
  throw new SyncError(
    'changed-during-read',
    `An entry with very many values was changed each time that it was read, ${String(mostAttempts)} times. Start the sync again.`,
    { table },
  );
}

/** By its GUID, so that a new name does not hide it. @returns undefined if it is gone; without GUID nobody knows that */
async function readOne(
  directory: Directory,
  entry: Entry,
  attributes: string[],
  table: string,
): Promise<Entry | undefined> {
  const guid = entry.attributes.get('objectguid')?.[0];
  const base = directory.root.isActiveDirectory && guid ? `<GUID=${guid.toString('hex')}>` : entry.dn;
  try {
    return (await directory.search({ base, scope: 'base', attributes, table })).entries[0];
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'base-missing') throw error;
    if (base !== entry.dn) return undefined;
    throw new SyncError(
      'changed-during-read',
      'An entry with very many values was renamed or deleted while it was read. Start the sync again.',
      { table },
    );
  }
}

const lostRange = (table: string) =>
  new SyncError('paging-lost', 'The directory did not send the next range of the values of an attribute.', { table });
