import type { ReadEvent } from '../package.ts';
import { branchRenamed } from './checkpoint.ts';
import { createHash } from 'node:crypto';
import { SyncError } from '../../domain/errors.ts';
import { parseFilter } from '../entries/filter.ts';
import { identityOfValue } from './identities.ts';
import { normalName } from '../entries/names.ts';
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

export async function findContainers(read: TableRead): Promise<Containers> {
  const { directory, table, identity, settings } = read;
  const filter = parseFilter(
    directory.root.isActiveDirectory
      ? '(|(objectClass=organizationalUnit)(objectClass=container)(objectClass=builtinDomain))'
      : '(hasSubordinates=TRUE)',
  );
  const found: Containers = {};
  let count = 0;
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
        if (++count > most)
          throw new SyncError(
            'configuration',
            `The table ${table.name} has more than ${most.toLocaleString('en-US')} entries with others below them, so its changes cannot be told. Set changes: none.`,
            { table: table.name },
          );
        found[id] = createHash('sha256').update(normalName(dn)).digest('base64url').slice(0, 11);
      }
  return found;
}

/** @returns whether a container was renamed, moved or removed since */
function wereMoved(before: Containers, now: Containers): boolean {
  return Object.entries(before).some(([id, name]) => now[id] !== name);
}

/**
 * The beginning of every read of changes: a branch that was renamed or moved ends it, since the names below changed without a trace.
 * @returns the containers as they are; undefined if the read has ended
 */
export async function* beginChanges(
  read: TableRead,
  before: Containers,
): AsyncGenerator<ReadEvent, Containers | undefined> {
  const now = await findContainers(read);
  if (wereMoved(before, now)) {
    yield branchRenamed(read.table.name);
    return undefined;
  }
  yield { kind: 'segment', source: read.table.name, columns: read.columns.names };
  return now;
}
