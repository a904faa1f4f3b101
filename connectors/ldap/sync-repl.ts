import { SyncError } from '../../domain/errors.ts';
import type { Checkpoint, ReadEvent, ReadRequest } from '../package.ts';
import { lookForCanaries } from './canary.ts';
import { eventsOf } from './changes.ts';
import { checkpointOf, placeOf, refused } from './checkpoint.ts';
import { beginChanges, findContainers, identitiesBelow } from './containers.ts';
import { oids, readSyncDone, readSyncInfo, readSyncState, syncRequest } from './controls.ts';
import { textsOf, type Directory } from './directory.ts';
import { RefusedError } from './errors.ts';
import { isWithin, normalName } from '../entries/names.ts';
import type { TableRead } from './table-read.ts';

/** Changes as RFC 4533 tells them, by one refresh from a cookie on. */

export async function noteCookies(read: TableRead): Promise<Checkpoint> {
  const { directory, table } = read;
  const containers = await findContainers(read);
  const cookies: Record<string, string> = {};
  for (const base of table.bases) {
    const csns = await contextCsns(directory, base);
    // where the place cannot be read, the cookie of a refresh of everything is the place
    cookies[base] = csns.length > 0 ? cookieOfCsns(csns) : (await cookieOfRefresh(read, base)).toString('base64');
  }
  return checkpointOf({ kind: 'syncrepl', server: directory.root.url, containers, cookies }, new Date());
}

/** Where the server is, without what lies below the bases; undefined if it does not say so at once. */
export async function serverCookies({ directory, table }: TableRead): Promise<Checkpoint | undefined> {
  const cookies: Record<string, string> = {};
  for (const base of table.bases) {
    const csns = await contextCsns(directory, base);
    if (csns.length === 0) return undefined;
    cookies[base] = cookieOfCsns(csns);
  }
  return checkpointOf({ kind: 'syncrepl', server: directory.root.url, containers: {}, cookies }, new Date());
}

const cookieOfCsns = (csns: readonly string[]) => Buffer.from(`rid=000,csn=${csns.join(';')}`).toString('base64');

/** Where the server is: one number for each server that writes. Empty if the reader may not see it. */
async function contextCsns(directory: Directory, base: string): Promise<string[]> {
  const name = normalName(base);
  const suffix = directory.root.contexts
    .filter((context) => isWithin(name, normalName(context)))
    .sort((a, b) => b.length - a.length)[0];
  if (suffix === undefined) return [];
  const { entries } = await directory.search({ base: suffix, scope: 'base', attributes: ['contextCSN'] });
  return (entries[0] ? textsOf(entries[0], 'contextCSN') : []).sort();
}

async function cookieOfRefresh(read: TableRead, base: string): Promise<Buffer> {
  const { cookie } = await refresh(read, base, undefined);
  if (!cookie) throw unable(read, 'The directory gives no cookie of where its changes are');
  return cookie;
}

export async function* readRefresh(read: TableRead, { since }: ReadRequest): AsyncGenerator<ReadEvent> {
  const { directory, table } = read;
  const place = placeOf(since, 'syncrepl');
  if (!place || table.bases.some((base) => place.cookies[base] === undefined)) {
    yield refused('The stored place is of another kind than the settings ask for.');
    return;
  }
  const begin = yield* beginChanges(read, place.containers);
  if (!begin) return;
  const changed = new Set<string>();
  const gone = new Set<string>();
  const present = new Set<string>();
  const phases = new Set<Refresh['phase']>();
  const cookies: Record<string, string> = {};
  for (const base of table.bases) {
    const cookie = Buffer.from(place.cookies[base] ?? '', 'base64');
    let found: Refresh;
    try {
      found = await refresh(read, base, cookie);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (error.result === refreshRequired) {
        yield refused('The directory no longer knows the place of the last read.');
        return;
      }
      if (error.result !== unwilling) throw error;
      // nothing is told, and nothing is lost: the next read asks again from the same place
      const reason = `${directory.root.url} is older than what was read last, or does not accept the place of the last read. Nothing was read of ${table.name}.`;
      yield { kind: 'end', certificate: { certified: false, code: 'behind', reason } };
      return;
    }
    for (const id of found.changed) changed.add(id);
    for (const id of found.gone) gone.add(id);
    for (const id of found.present) present.add(id);
    phases.add(found.phase);
    cookies[base] = (found.cookie ?? cookie).toString('base64');
  }
  // in one base all that is there was named, in another one all that is gone
  if (phases.size > 1) {
    yield refused('The directory told its changes in two ways at once, which cannot be put together.');
    return;
  }
  if (phases.has('present') && present.size === 0 && changed.size === 0) {
    await lookForCanaries(read);
    yield refused('The directory says that nothing is left, which only a complete read may find.');
    return;
  }
  for await (const id of identitiesBelow(read, begin.fresh)) changed.add(id);
  const { containers } = begin;
  const checkpoint = checkpointOf({ kind: 'syncrepl', server: directory.root.url, containers, cookies }, new Date());
  yield* eventsOf(read, { changed, gone, ...(phases.has('present') ? { present } : {}) }, checkpoint);
}

/** RFC 4533, 2.6 and RFC 4511, 4.1.9 */
const refreshRequired = 4096;
const unwilling = 53;

interface Refresh {
  changed: Set<string>;
  gone: Set<string>;
  present: Set<string>;
  /** `present`: what is neither changed nor present is gone. `delete`: only what is named is gone. */
  phase: 'present' | 'delete';
  cookie: Buffer | undefined;
  /** Entries that came without saying what they are. */
  stateless: number;
}

/** Identities only: entries would fill the memory, since a refresh has no pages. */
async function refresh(read: TableRead, base: string, since: Buffer | undefined): Promise<Refresh> {
  const { directory, table, filter } = read;
  if (!directory.root.controls.has(oids.syncRequest))
    throw unable(read, 'The directory does not tell changes by RFC 4533');
  const told: Refresh = {
    changed: new Set(),
    gone: new Set(),
    present: new Set(),
    phase: 'present',
    cookie: undefined,
    stateless: 0,
  };
  const ended = new Set<'delete'>();
  const { controls, references } = await directory.search({
    base,
    scope: table.scope,
    // 389 Directory Server says nothing of an entry that has left the filter, so it is asked for all: what the filter leaves out is gone
    ...(directory.root.is389 ? {} : { filter }),
    attributes: ['1.1'],
    controls: [syncRequest(since)],
    table: table.name,
    onEntry(_, message) {
      const value = message.controls().get(oids.syncState);
      if (!value) {
        told.stateless++;
        return;
      }
      // without a cookie nothing is compared, and all identities would be kept for nothing
      if (!since) return;
      const { state, uuid } = readSyncState(value);
      const list = state === 'delete' ? told.gone : state === 'present' ? told.present : told.changed;
      list.add(uuid.toString('hex'));
    },
    onInfo(content) {
      const info = readSyncInfo(content);
      if (!info) return;
      if (info.cookie) told.cookie = Buffer.from(info.cookie);
      if (info.kind === 'phase' && info.of === 'delete') ended.add('delete');
      if (info.kind === 'ids' && info.gone) ended.add('delete');
      if (info.kind === 'ids')
        for (const uuid of info.uuids) (info.gone ? told.gone : told.present).add(uuid.toString('hex'));
    },
  });
  const value = controls.get(oids.syncDone);
  if (!value || told.stateless > 0) throw unable(read, 'The directory does not answer as RFC 4533 says');
  if (references > 0) throw unable(read, 'The directory refers to another server, and its changes would not be told');
  const done = readSyncDone(value);
  if (done.cookie) told.cookie = Buffer.from(done.cookie);
  // 389 Directory Server never names what is there, and says that it names what is gone only where something is
  if (done.refreshDeletes || ended.has('delete') || (directory.root.is389 && told.present.size === 0))
    told.phase = 'delete';
  return told;
}

const unable = ({ table }: TableRead, what: string) =>
  new SyncError(
    'configuration',
    `${what}. Set up syncprov in the directory, or set changes: modifyTimestamp in the connection.`,
    { table: table.name },
  );

/** Whether the server has not yet what was stored: for one of the servers that write, its number is lower. */
export function isBehind(since: Checkpoint, now: Checkpoint): boolean {
  const before = placeOf(since, 'syncrepl');
  const after = placeOf(now, 'syncrepl');
  if (!before || !after) return false;
  return Object.entries(before.cookies).some(([base, cookie]) => {
    const stored = csnsOf(cookie);
    const found = csnsOf(after.cookies[base] ?? '');
    return [...stored].some(([server, csn]) => (found.get(server) ?? '') < csn);
  });
}

/** `rid=000,csn=20261201091400.000000Z#000000#001#000000;…`, by the number of the server. */
function csnsOf(cookie: string): Map<string, string> {
  const text = Buffer.from(cookie, 'base64').toString('latin1');
  const csns = /csn=([^,]*)/.exec(text)?.[1]?.split(';') ?? [];
  return new Map(csns.map((csn) => [csn.split('#')[2] ?? '', csn]));
}
