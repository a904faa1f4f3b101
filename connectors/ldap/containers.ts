import type { Filter } from 'ldapts';
import type { ReadEvent } from '../package.ts';
import { branchRenamed } from './checkpoint.ts';
import { createHash } from 'node:crypto';
import { SyncError } from '../../domain/errors.ts';
import { allOf, parseFilter } from '../entries/filter.ts';
import { identityOfValue } from './identities.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { searchPages } from './pages.ts';
import { isExcluded, type TableRead } from './table-read.ts';

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
  const fresh = read.table.scope === 'sub' ? freshBranches(read, before, names) : [];
  if (fresh.length > mostFresh) {
    yield branchRenamed(read.table.name);
    return undefined;
  }
  yield { kind: 'segment', source: read.table.name, columns: read.columns.names };
  return { containers: digests, fresh };
}

/** Each is a search of its own. More are read with everything else. */
const mostFresh = 200;

/** The names of branches that were not there before, without those that are within another one or are excluded. */
function freshBranches({ table }: TableRead, before: Containers, names: ReadonlyMap<string, string>): string[] {
  const added = new Set([...names].filter(([id]) => before[id] === undefined).map(([, name]) => name));
  return [...added].filter(
    (name) => !isBelowOne(name, added) && !table.exclude.some((branch) => isWithin(name, branch)),
  );
}

/** Whether a name is below another one of a set: looked up by its ends, since a directory may have many new branches. */
function isBelowOne(name: string, others: ReadonlySet<string>): boolean {
  for (let at = name.indexOf(','); at >= 0; at = name.indexOf(',', at + 1))
    if (others.has(name.slice(at + 1))) return true;
  return false;
}

/**
 * The identities of the entries below branches that were not there before. A branch that was moved into the base brings entries along that
 * have not changed themselves, so the directory does not tell them. It tells the entry of the branch itself, which has changed.
 */
export async function* identitiesBelow(
  read: TableRead,
  branches: readonly string[],
  further?: Filter,
): AsyncGenerator<string> {
  const { directory, table, filter, identity, settings } = read;
  for (const base of branches)
    for await (const { entries } of searchPages(directory, {
      base,
      scope: 'sub',
      filter: further ? allOf(filter, further) : filter,
      attributes: [identity],
      pageSize: settings.pageSize,
      table: table.name,
    }))
      for (const entry of entries) {
        const id = identityOfValue(identity, entry.attributes.get(identity.toLowerCase())?.[0]);
        if (id !== undefined && normalName(entry.dn) !== base && !isExcluded(read, entry)) yield id;
      }
}
