import type { Filter } from 'ldapts';
import { SyncError } from '../../domain/errors.ts';
import type { Certificate, Checkpoint } from '../package.ts';
import { isOwn } from '../entries/columns.ts';
import { allOf, equals } from '../entries/filter.ts';
import { certificateOf, lookForCanaries } from './canary.ts';
import { placeOfServer, whyBehind } from './note.ts';
import type { TableRead } from './table-read.ts';

/** What a read of single entries proves. */
export interface KeyProof {
  certificate: Certificate;
  /** Why an entry that was not found may be there all the same; undefined if it is gone. */
  doubt: string | undefined;
}

/**
 * Looks at what a read of single entries proves, on its connection and after it: the canaries of the table are seen, also where the
 * directory is asked for them as it was asked for the entries, and the server is not behind what was read before.
 * @param by the columns that entries were asked by
 */
export async function proveKeys(
  read: TableRead,
  by: readonly string[],
  last: Checkpoint | undefined,
): Promise<KeyProof> {
  const { table } = read;
  const behind = last && whyBehind(read, last, await placeOfServer(read));
  if (behind !== undefined) return { certificate: { certified: false, code: 'behind', reason: behind }, doubt: behind };
  if (!Array.isArray(table.canary))
    return {
      certificate: certificateOf(read, 0),
      doubt: `The directory does not show the entry. settings.tables.${table.name} has no canary, so nobody knows whether the entry is gone or hidden.`,
    };
  try {
    await lookForCanaries(read, { alsoNeeded: by });
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'canary-missing') throw error;
    return { certificate: { certified: false, code: 'no-canary', reason: error.message }, doubt: error.message };
  }
  const found = await findsCanary(read, table.canary[0]?.dn ?? '', by);
  return {
    certificate: certificateOf(read, 0),
    doubt: found
      ? undefined
      : `The directory does not find the entry of settings.tables.${table.name}.canary[0] by ${by.join(' and ')}, so it does not find others either.`,
  };
}

/** Whether the directory finds an entry by its own values: it answers a filter that it cannot evaluate as if nothing matched. */
async function findsCanary(
  { directory, table, filter }: TableRead,
  base: string,
  by: readonly string[],
): Promise<boolean> {
  const names = by.filter((name) => !isOwn(name));
  if (names.length === 0) return true;
  const search = { base, scope: 'base', table: table.name } as const;
  const [canary] = (await directory.search({ ...search, filter, attributes: names })).entries;
  const filters: Filter[] = [];
  for (const name of names) {
    const [value] = canary?.attributes.get(name.toLowerCase()) ?? [];
    if (value) filters.push(equals(name, value));
  }
  if (filters.length < names.length) return false;
  const again = await directory.search({ ...search, filter: allOf(filter, ...filters), attributes: ['1.1'] });
  return again.entries.length > 0;
}
