import type { Checkpoint, ReadEvent, ReadRequest } from '../package.ts';
import { SyncError } from '../../domain/errors.ts';
import { isOlder, noteDirSync, noteUsn, readDirSyncChanges, readUsnChanges, serverUsn } from './active-directory.ts';
import { serverOf } from './checkpoint.ts';
import { noteLargest, readSince } from './modify-timestamp.ts';
import { urlsOf } from './settings.ts';
import { isBehind, noteCookies, readRefresh, serverCookies } from './sync-repl.ts';
import type { TableRead } from './table-read.ts';

/** The ways in which directories tell changes, by the setting `changes`. */

const notes = {
  syncrepl: noteCookies,
  dirsync: noteDirSync,
  usn: noteUsn,
  modifyTimestamp: noteLargest,
  none: () => Promise.resolve(undefined),
};

export const noteOf = (read: TableRead): Promise<Checkpoint | undefined> => notes[read.settings.changes](read);

const places = {
  syncrepl: serverCookies,
  usn: serverUsn,
  dirsync: () => Promise.resolve(undefined),
  modifyTimestamp: () => Promise.resolve(undefined),
  none: () => Promise.resolve(undefined),
};

/** What tells whether the server is behind, where a request or two find it: enough for a read of single entries. */
export const placeOfServer = (read: TableRead): Promise<Checkpoint | undefined> => places[read.settings.changes](read);

const readers = { syncrepl: readRefresh, dirsync: readDirSyncChanges, usn: readUsnChanges, modifyTimestamp: readSince };

export function readChanges(read: TableRead, request: ReadRequest): AsyncIterable<ReadEvent> {
  const { changes } = read.settings;
  if (changes === 'none')
    throw new SyncError(
      'configuration',
      'The connection has changes: none, so it cannot be synchronised incrementally.',
    );
  return readers[changes](read, request);
}

/**
 * Why the server that is read is older than what is stored, or may be; undefined if nothing shows that. A server that is no longer
 * configured says nothing: whoever took it out of the settings is asked by the hold `filter-changed`.
 */
export function whyBehind(
  { directory, settings }: TableRead,
  since: Checkpoint,
  now: Checkpoint | undefined,
): string | undefined {
  const server = serverOf(since);
  if (server !== undefined && server !== directory.root.url && urlsOf(settings).includes(server))
    return `${directory.root.url} was read, and ${server} before. One may not have yet what the other has.`;
  return now && (isBehind(since, now) || isOlder(since, now))
    ? `${directory.root.url} has not yet all that was read before.`
    : undefined;
}
