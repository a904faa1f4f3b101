import type { Filter } from 'ldapts';
import type { ReadEvent } from '../package.ts';
import { branchRenamed } from './checkpoint.ts';
import { createHash } from 'node:crypto';
import { SyncError } from '../../domain/errors.ts';
import { allOf, parseFilter } from '../entries/filter.ts';
import { identityOfValue } from './identities.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { searchPages } from './pages.ts';
import type { TableRead } from './table-read.ts';

/**
 * Entries that have others below them. If one is renamed or moved, the names below it change, and entries may leave the base,
 * without a trace in what the directory tells of changes. So each checkpoint holds the names of all of them.
 */

/** A digest of the name, by identity. */
export type Containers = Record<string, string>;

/** More would not be a tree that people made. */
const most = 50_000;

export const findContainers = async (read: TableRead): Promise<Containers> => (await lookForContainers(read)).digests;

/** @returns the names by identity, too */
async function lookForContainers(read: TableRead): Promise<{ digests: Containers; names: Map<string, string> }> {
  const { directory, table, identity, settings } = read;
  const filter = parseFilter(
    directory.root.isActiveDirectory
      ? '(|(objectClass=organizationalUnit)(objectClass=container)(objectClass=builtinDomain))'
      : '(hasSubordinates=TRUE)',
  );
  const digests: Containers = {};
  const names = new Map<string, string>();
  for (const base of table.bases)
    for await (const { entries } of searchPages(directory, {
      base,
      scope: table.scope,
      filter,
      attributes: [identity],
      pageSize: settings.pageSize,
      table: table.name,
    }))
      for (const { dn, attributes } of entries) {
        const id = identityOfValue(identity, attributes.get(identity.toLowerCase())?.[0]);
        if (id === undefined) continue;
        const normal = normalName(dn);
        names.set(id, normal);
        if (names.size > most)
          throw new SyncError(
            'configuration',
            `The table ${table.name} has more than ${most.toLocaleString('en-US')} entries with others below them, so its changes cannot be told. Set changes: none.`,
            { table: table.name },
          );
        digests[id] = createHash('sha256').update(normal).digest('base64url').slice(0, 11);
      }
  return { digests, names };
}

/** @returns whether a container was renamed, moved or removed since */
function wereMoved(before: Containers, now: Containers): boolean {
  return Object.entries(before).some(([id, name]) => now[id] !== name);
}

/** Where a read of changes begins. */
export interface ChangesBegin {
  containers: Containers;
  /** Names of the branches that were not there before. */
  fresh: string[];
}

/**
 * The beginning of every read of changes: a branch that was renamed or moved ends it, since the names below changed without a trace.
 * @returns undefined if the read has ended
 */
export async function* beginChanges(
  read: TableRead,
  before: Containers,
): AsyncGenerator<ReadEvent, ChangesBegin | undefined> {
  const { digests, names } = await lookForContainers(read);
  if (wereMoved(before, digests)) {
    yield branchRenamed(read.table.name);
    return undefined;
  }
  yield { kind: 'segment', source: read.table.name, columns: read.columns.names };
  const added = [...names].filter(([id]) => before[id] === undefined).map(([, name]) => name);
  const fresh = added.filter((name) => !added.some((other) => other !== name && isWithin(name, other)));
  return { containers: digests, fresh: read.table.scope === 'sub' ? fresh : [] };
}

/**
 * The identities of the entries in branches that were not there before. One that was moved into the base brings entries along that
 * have not changed themselves, so the directory does not tell them.
 */
export async function* identitiesBelow(
  { directory, table, filter, identity, settings }: TableRead,
  branches: readonly string[],
  further?: Filter,
): AsyncGenerator<string> {
  for (const base of branches)
    for await (const { entries } of searchPages(directory, {
      base,
      scope: 'sub',
      filter: further ? allOf(filter, further) : filter,
      attributes: [identity],
      pageSize: settings.pageSize,
      table: table.name,
    }))
      for (const { attributes } of entries) {
        const id = identityOfValue(identity, attributes.get(identity.toLowerCase())?.[0]);
        if (id !== undefined) yield id;
      }
}
