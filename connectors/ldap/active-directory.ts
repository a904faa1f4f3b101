import { SyncError } from '../../domain/errors.ts';
import type { Checkpoint, ReadEvent, ReadRequest } from '../package.ts';
import { eventsOf } from './changes.ts';
import { checkpointOf, placeOf, refused } from './checkpoint.ts';
import { beginChanges, findContainers, identitiesBelow } from './containers.ts';
import { dirSync, oids, readDirSync, showDeleted } from './controls.ts';
import { textsOf } from './directory.ts';
import { RefusedError } from './errors.ts';
import { allOf, atLeast, attributesOfFilter, parseFilter } from '../entries/filter.ts';
import { identityOfValue } from './identities.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { searchPages } from './pages.ts';
import type { TableRead } from './table-read.ts';

/** Changes of Active Directory: by DirSync, or by the numbers of changes of one server. Both are asked of whole domains. */

/** The naming contexts that hold the bases of a table. */
function contextsOf({ directory, table }: TableRead): string[] {
  const found = table.bases.map((base) => {
    const name = normalName(base);
    const context = directory.root.contexts
      .filter((each) => isWithin(name, normalName(each)))
      .sort((a, b) => b.length - a.length)[0];
    if (context === undefined)
      throw new SyncError('base-missing', `The directory does not hold the base of ${table.name}.`, {
        table: table.name,
      });
    return context;
  });
  return [...new Set(found)];
}

export async function noteDirSync(read: TableRead): Promise<Checkpoint> {
  const containers = await findContainers(read);
  const cookies: Record<string, string> = {};
  for (const context of contextsOf(read))
    cookies[context] = (await askDirSync(read, context, Buffer.alloc(0), ['objectGUID'], () => undefined)).toString(
      'base64',
    );
  return checkpointOf({ kind: 'dirsync', server: read.directory.root.url, containers, cookies }, new Date());
}

/** Asks until nothing more has changed. @returns the cookie of that place */
async function askDirSync(
  { directory, table }: TableRead,
  context: string,
  from: Buffer,
  attributes: readonly string[],
  onChange: (id: string, isDeleted: boolean) => void,
): Promise<Buffer> {
  if (!directory.root.controls.has(oids.dirSync)) throw noDirSync(table.name);
  let cookie = from;
  for (let more = true; more;) {
    let found;
    try {
      found = await directory.search({
        base: context,
        scope: 'sub',
        // an entry that no longer fits the filter of the table has changed, too
        filter: parseFilter('(objectClass=*)'),
        attributes,
        controls: [dirSync(cookie)],
        table: table.name,
        onEntry(read) {
          const entry = read();
          const id = identityOfValue('objectGUID', entry.attributes.get('objectguid')?.[0]);
          if (id !== undefined) onChange(id, textsOf(entry, 'isDeleted')[0] === 'TRUE');
        },
      });
    } catch (error) {
      if (!(error instanceof RefusedError) || error.result !== 50) throw error;
      throw new SyncError(
        'credentials',
        'The reader may not ask for changes by DirSync. Give it the right Replicating Directory Changes.',
        { table: table.name },
      );
    }
    const value = found.controls.get(oids.dirSync);
    if (!value) throw noDirSync(table.name);
    const place = readDirSync(value);
    more = place.more;
    cookie = Buffer.from(place.cookie);
  }
  return cookie;
}

const noDirSync = (table: string) =>
  new SyncError(
    'configuration',
    'The directory does not tell changes by DirSync. Set another kind of changes in the connection.',
    { table },
  );

export async function* readDirSyncChanges(read: TableRead, { since }: ReadRequest): AsyncGenerator<ReadEvent> {
  const { directory, columns, filter } = read;
  const place = placeOf(since, 'dirsync');
  const contexts = contextsOf(read);
  if (!place || contexts.some((context) => place.cookies[context] === undefined)) {
    yield refused('The stored place is of another kind than the settings ask for.');
    return;
  }
  const begin = yield* beginChanges(read, place.containers);
  if (!begin) return;
  const { containers, fresh } = begin;
  const changed = new Set<string>();
  const gone = new Set<string>();
  const cookies: Record<string, string> = {};
  // only entries of which an attribute that is asked for has changed are told; without `name`, new names are not
  const asked = [...columns.ask.filter((name) => name !== '1.1'), ...attributesOfFilter(filter)];
  const attributes = [
    ...new Set([...asked, 'objectGUID', 'name', 'parentGUID', 'isDeleted'].map((name) => name.toLowerCase())),
  ];
  for (const context of contexts) {
    const from = Buffer.from(place.cookies[context] ?? '', 'base64');
    let cookie;
    try {
      cookie = await askDirSync(read, context, from, attributes, (id, isDeleted) =>
        (isDeleted ? gone : changed).add(id),
      );
    } catch (error) {
      if (!(error instanceof RefusedError) || ![2, 12, 53].includes(error.result)) throw error;
      yield refused('The directory does not accept the place of the last read.');
      return;
    }
    cookies[context] = cookie.toString('base64');
  }
  for await (const id of identitiesBelow(read, fresh)) changed.add(id);
  const checkpoint = checkpointOf({ kind: 'dirsync', server: directory.root.url, containers, cookies }, new Date());
  yield* eventsOf(read, { changed, gone }, checkpoint);
}

/** The database of the server, and the number of its last change. @throws SyncError if the server is no domain controller */
async function serverPlace({ directory, table }: TableRead): Promise<{ database: string; usn: string }> {
  const { entries } = await directory.search({
    base: '',
    scope: 'base',
    attributes: ['highestCommittedUSN', 'dsServiceName'],
  });
  const [root] = entries;
  const usn = root && textsOf(root, 'highestCommittedUSN')[0];
  const service = root && textsOf(root, 'dsServiceName')[0];
  if (usn === undefined || service === undefined || !/^\d+$/.test(usn))
    throw new SyncError(
      'configuration',
      'The directory has no numbers of changes. Set another kind of changes in the connection.',
      { table: table.name },
    );
  const settings = await directory.search({ base: service, scope: 'base', attributes: ['invocationId'] });
  const invocation = settings.entries[0]?.attributes.get('invocationid')?.[0];
  if (!invocation)
    throw new SyncError(
      'credentials',
      'The reader cannot see which database the server has (invocationId). Give it the right to read the configuration of the domain.',
      { table: table.name },
    );
  return { database: invocation.toString('hex'), usn };
}

export async function noteUsn(read: TableRead): Promise<Checkpoint> {
  const at = await serverPlace(read);
  const containers = await findContainers(read);
  return checkpointOf({ kind: 'usn', server: read.directory.root.url, containers, ...at }, new Date());
}

/** Where the server is, without what lies below the bases. */
export const serverUsn = async (read: TableRead): Promise<Checkpoint> =>
  checkpointOf(
    { kind: 'usn', server: read.directory.root.url, containers: {}, ...(await serverPlace(read)) },
    new Date(),
  );

export async function* readUsnChanges(read: TableRead, { since }: ReadRequest): AsyncGenerator<ReadEvent> {
  const { directory, table, settings } = read;
  const place = placeOf(since, 'usn');
  if (!place) {
    yield refused('The stored place is of another kind than the settings ask for.');
    return;
  }
  const at = await serverPlace(read);
  if (at.database !== place.database || BigInt(at.usn) < BigInt(place.usn)) {
    yield refused(
      `The numbers of changes are those of one server. The last read was of another one, or of another database.`,
    );
    return;
  }
  const begin = yield* beginChanges(read, place.containers);
  if (!begin) return;
  const { containers, fresh } = begin;
  const changed = new Set<string>();
  const gone = new Set<string>();
  const later = atLeast('uSNChanged', String(BigInt(place.usn) + 1n));
  const search = { scope: 'sub', attributes: ['objectGUID'], pageSize: settings.pageSize, table: table.name } as const;
  for (const base of contextsOf(read)) {
    for await (const { entries } of searchPages(directory, { ...search, base, filter: later })) add(changed, entries);
    const deleted = allOf(parseFilter('(isDeleted=TRUE)'), later);
    const controls = [showDeleted()];
    for await (const { entries } of searchPages(directory, { ...search, base, filter: deleted, controls }))
      add(gone, entries);
  }
  for await (const id of identitiesBelow(read, fresh)) changed.add(id);
  const checkpoint = checkpointOf({ kind: 'usn', server: directory.root.url, containers, ...at }, new Date());
  yield* eventsOf(read, { changed, gone }, checkpoint);
}

function add(to: Set<string>, entries: { attributes: ReadonlyMap<string, readonly Buffer[]> }[]): void {
  for (const { attributes } of entries) {
    const id = identityOfValue('objectGUID', attributes.get('objectguid')?.[0]);
    if (id !== undefined) to.add(id);
  }
}

/** Whether the same database has fewer changes than were stored: it was restored from a copy. */
export function isOlder(since: Checkpoint, now: Checkpoint): boolean {
  const before = placeOf(since, 'usn');
  const after = placeOf(now, 'usn');
  return before !== undefined && after?.database === before.database && BigInt(after.usn) < BigInt(before.usn);
}
