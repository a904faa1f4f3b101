import type { Filter } from 'ldapts';
import { SyncError } from '../../domain/errors.ts';
import type { KeyAnswer } from '../package.ts';
import type { Entry } from '../entries/entry.ts';
import { anyOf, equals } from '../entries/filter.ts';
import { entriesOf, type TableRead } from './table-read.ts';

/** How many values one filter has: servers refuse long ones. */
const together = 25;

/** A value that an attribute is asked for. */
export interface Sought {
  value: Buffer | string;
  /** Asks for this value alone. */
  alone: () => Promise<KeyAnswer>;
}

/**
 * Asks for the entries that have one of some values, by few filters. A directory does not say which value an entry matched, and
 * only the directory knows what is equal there. So what is not clear from the bytes is asked for alone.
 * @returns the answers in the order of the values
 */
export async function readTogether(
  read: TableRead,
  attribute: string,
  sought: readonly Sought[],
): Promise<KeyAnswer[]> {
  const found = new Map<Sought, KeyAnswer>();
  const chunks: Map<string, Sought>[] = [];
  for (const each of sought) {
    const form = looseForm(each.value);
    const last = chunks.at(-1);
    // two values that may be equal never stand in one filter
    if (last && last.size < together && !last.has(form)) last.set(form, each);
    else chunks.push(new Map([[form, each]]));
  }
  for (const chunk of chunks)
    for (const [each, answer] of await readChunk(read, attribute, [...chunk.values()])) found.set(each, answer);
  return sought.flatMap((each) => found.get(each) ?? []);
}

async function readChunk(
  read: TableRead,
  attribute: string,
  chunk: readonly Sought[],
): Promise<Map<Sought, KeyAnswer>> {
  const answers = new Map<Sought, KeyAnswer>();
  const entries = chunk.length > 1 ? await search(read, attribute, chunk) : undefined;
  const clear = entries && assign(attribute, chunk, entries);
  if (clear)
    for (const [each, its] of clear)
      if (its.length > 0) answers.set(each, { state: 'found', records: its.map(read.columns.recordOf) });
  const missing = chunk.filter((each) => !answers.has(each));
  // an entry that matches a value stands behind another one perhaps, so the rest is asked for again without what was found
  const none =
    clear && missing.length > 0 && (answers.size === 0 || (await search(read, attribute, missing))?.length === 0);
  for (const each of missing) answers.set(each, none ? { state: 'gone' } : await each.alone());
  return answers;
}

/** @returns undefined if the directory does not answer such a filter by entries alone */
async function search(read: TableRead, attribute: string, chunk: readonly Sought[]): Promise<Entry[] | undefined> {
  const filters: Filter[] = chunk.map(({ value }) => equals(attribute, value));
  const entries: Entry[] = [];
  try {
    for await (const page of entriesOf(read, anyOf(filters), [attribute])) {
      if (page.references > 0) return undefined;
      entries.push(...page.entries);
    }
  } catch (error) {
    if (!(error instanceof SyncError) || !refusesFilter(error)) throw error;
    return undefined;
  }
  return entries;
}

/** Whether a directory cannot evaluate a filter, or would have to look at every entry for it. */
export const refusesFilter = ({ code }: SyncError): boolean => code === 'filter-invalid' || code === 'admin-limit';

/** The entries of each value; undefined if it is not clear which value an entry matched. */
function assign(
  attribute: string,
  chunk: readonly Sought[],
  entries: readonly Entry[],
): Map<Sought, Entry[]> | undefined {
  const assigned = new Map<Sought, Entry[]>(chunk.map((each) => [each, []]));
  const byForm = new Map(chunk.map((each) => [looseForm(each.value), each]));
  for (const entry of entries) {
    const values = entry.attributes.get(attribute.toLowerCase()) ?? [];
    const loose = new Set(values.flatMap((value) => byForm.get(looseForm(value)) ?? []));
    const exact = chunk.filter(({ value }) => values.some((each) => each.equals(Buffer.from(value as string))));
    if (loose.size === 0 || (exact.length > 0 && exact.length < loose.size)) return undefined;
    for (const each of loose) assigned.get(each)?.push(entry);
  }
  return assigned;
}

/** A form that is the same for all values that any rule of equality takes for one: case, spaces, signs and zeros do not count. */
function looseForm(value: Buffer | string): string {
  const bytes = Buffer.from(value as string);
  const text = bytes.toString('utf8');
  if (text.includes('\uFFFD')) return bytes.toString('hex');
  const bare = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replace(/^0+(?=.)/, '');
  return bare === '' ? text : bare;
}
