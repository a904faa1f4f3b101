import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SyncError, type ErrorPlace } from '../../domain/errors.ts';

/** Ways below the configured roots, and nothing else: no `..`, no symbolic link. The roots themselves may be links. */

export interface Folder {
  root: string;
  /** Below the root, no part of the way a symbolic link. */
  path: string;
  /** As the settings call it, for messages. */
  name: string;
}

/**
 * The folder that a setting names: an absolute one inside a root, or a relative one below the first root that has it.
 * @throws SyncError `unsafe-path`, `missing-file`, `connection`
 */
export async function findFolder(roots: readonly string[], directory: string, setting: string): Promise<Folder> {
  refuseUnsafeName(directory, `The ${setting} ${JSON.stringify(directory)} leads out of the file roots.`);
  const fitting = roots.filter((root) => isInside(root, resolve(root, directory)));
  if (fitting.length === 0)
    throw new SyncError(
      'unsafe-path',
      `The ${setting} ${JSON.stringify(directory)} lies in none of the file roots. Move the files, or add their folder to SYNCLINE_FILE_ROOTS.`,
    );
  for (const root of fitting) {
    const path = resolve(root, directory);
    if ((await look(root, path, {}))?.isDirectory()) return { root, path, name: directory };
  }
  throw new SyncError(
    'missing-file',
    `There is no folder ${JSON.stringify(directory)} in the file roots (${roots.map(shown).join(', ')}). Create it there, or correct the setting ${setting}.`,
  );
}

/** @throws SyncError `unsafe-path` for names that lead elsewhere whatever they are joined to */
export function refuseUnsafeName(name: string, message: string, place: ErrorPlace = {}): void {
  if (name.includes('\0') || name.split(/[/\\]/).includes('..')) throw new SyncError('unsafe-path', message, place);
}

/**
 * What lies at the end of the way, or undefined where nothing does.
 * @throws SyncError `unsafe-path` where a part below the root is a symbolic link, `connection` where it cannot be looked at
 */
export async function look(root: string, path: string, place: ErrorPlace): Promise<Stats | undefined> {
  let at = root;
  try {
    let found = await stat(root);
    for (const part of relative(root, path).split(sep).filter(Boolean)) {
      at = join(at, part);
      found = await lstat(at);
      if (found.isSymbolicLink())
        throw new SyncError(
          'unsafe-path',
          `${JSON.stringify(part)} is a symbolic link. Put the file or folder itself into the file root, or make the target of the link a root.`,
          place,
        );
    }
    return found;
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw unreadable(place.table ?? shown(at), cause, place);
  }
}

export interface Entry {
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
}

/** What lies in a folder, by name; hidden entries are left out. */
export async function entriesOf(path: string, name: string): Promise<Entry[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith('.'))
      .map((entry) => ({
        name: entry.name,
        kind: entry.isFile()
          ? ('file' as const)
          : entry.isDirectory()
            ? ('folder' as const)
            : entry.isSymbolicLink()
              ? ('link' as const)
              : ('other' as const),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw unreadable(`The folder ${name}`, cause, {});
  }
}

export const isCsv = (name: string): boolean => name.toLowerCase().endsWith('.csv');

/** Whether the path is the root or lies below it, by its text alone. */
function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** A path as people know it: relative to where the program was started, where it lies below. */
function shown(path: string): string {
  const way = relative('', path);
  return way === '' || way.startsWith('..') ? path : way;
}

/** The SyncError for what the file system refused: `connection`, which is tried again, unless it is a link or gone. */
export function unreadable(what: string, cause: unknown, place: ErrorPlace): SyncError {
  if (cause instanceof SyncError) return cause;
  const code = errno(cause) ?? 'unknown error';
  if (code === 'ELOOP') return new SyncError('unsafe-path', `${what} is a symbolic link.`, place, { cause });
  if (isMissing(cause))
    return new SyncError(
      'changed-during-read',
      `${what} was removed while it was read. Start the sync again.`,
      place,
      {
        cause,
      },
    );
  const advice =
    code === 'EACCES' || code === 'EPERM'
      ? 'Give the user that the worker runs as the right to read it.'
      : 'The disk or network drive may be at fault; it is tried again.';
  return new SyncError('connection', `${what} cannot be read (${code}). ${advice}`, place, { cause });
}

const isMissing = (error: unknown): boolean => errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR';

function errno(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
