import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SyncError } from '../domain/errors.ts';

/** Files below the configured roots, and nothing else: no `..`, no symbolic link, no device or pipe. */

/**
 * The folder that a setting names: an absolute one inside a root, or a relative one below the first root that has it.
 * @param setting its name, for the message
 */
export async function findFolder(roots: readonly string[], directory: string, setting = 'directory'): Promise<string> {
  if (directory.includes('\0') || directory.split(/[/\\]/).includes('..'))
    throw new SyncError('unsafe-path', `The directory ${JSON.stringify(directory)} is outside the file roots.`);
  for (const root of roots) {
    const folder = isAbsolute(directory) ? resolve(directory) : join(root, directory);
    if (!inside(root, folder)) continue;
    if (!(await exists(folder))) continue;
    await refuseLinks(root, folder);
    if (!(await lstat(folder)).isDirectory())
      throw new SyncError('unsafe-path', `${JSON.stringify(directory)} is not a folder.`);
    return folder;
  }
  if (isAbsolute(directory) && !roots.some((root) => inside(root, resolve(directory))))
    throw new SyncError(
      'unsafe-path',
      `The directory ${JSON.stringify(directory)} is outside the file roots. Add it to SYNCLINE_FILE_ROOTS, or move the files.`,
    );
  throw new SyncError(
    'missing-file',
    `There is no folder ${JSON.stringify(directory)} in the file roots (SYNCLINE_FILE_ROOTS). Create it there, or correct the setting ${setting}.`,
  );
}

/** Opens a regular file below the folder for reading. */
export async function openFile(
  roots: readonly string[],
  folder: string,
  name: string,
): Promise<{ handle: FileHandle; path: string }> {
  if (name.includes('\0') || isAbsolute(name) || name.split(/[/\\]/).some((part) => part === '..' || part === '.'))
    throw new SyncError('unsafe-path', `The table ${JSON.stringify(name)} is outside the folder of its connection.`, {
      table: name,
    });
  const path = join(folder, name);
  const root = roots.find((each) => inside(each, path));
  if (root === undefined)
    throw new SyncError('unsafe-path', `The table ${JSON.stringify(name)} is outside the file roots.`, {
      table: name,
    });
  if (!(await exists(path)))
    throw new SyncError(
      'missing-file',
      `The file ${name} is not in the folder of its connection. Put it there, or correct the table in the connector file.`,
      {
        table: name,
      },
    );
  await refuseLinks(root, path, name);
  let handle: FileHandle;
  try {
    // NONBLOCK: opening a pipe must not wait for its writer. NOFOLLOW: a link that was created after the check is refused
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw unreadable(name, cause);
  }
  if (!(await handle.stat()).isFile()) {
    await handle.close();
    throw new SyncError('unsafe-path', `${name} is not a regular file.`, { table: name });
  }
  return { handle, path };
}

/** Names of the files below a folder that end with one of the endings, folders first level included, sorted by name. */
export async function filesBelow(folder: string, endings: readonly string[]): Promise<string[]> {
  const fits = (name: string) => !name.startsWith('.') && endings.some((ending) => name.toLowerCase().endsWith(ending));
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && fits(entry.name)) found.push(entry.name);
    if (entry.isDirectory())
      for (const below of await readdir(join(folder, entry.name), { withFileTypes: true }))
        if (below.isFile() && fits(below.name)) found.push(`${entry.name}/${below.name}`);
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

function inside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (code(error) === 'ENOENT' || code(error) === 'ENOTDIR') return false;
    throw new SyncError(
      'connection',
      'The worker cannot read a folder of the file roots. Give the worker permission to read it.',
      {},
      { cause: error },
    );
  }
}

/** No part of the way below the root may be a symbolic link; the root itself may. */
async function refuseLinks(root: string, path: string, table?: string): Promise<void> {
  let at = root;
  for (const part of relative(root, path).split(sep).filter(Boolean)) {
    at = join(at, part);
    if ((await lstat(at)).isSymbolicLink())
      throw new SyncError(
        'unsafe-path',
        `${JSON.stringify(part)} is a symbolic link. Files must be in the file roots themselves.`,
        table === undefined ? {} : { table },
      );
  }
  await realpath(path);
}

function unreadable(table: string, cause: unknown): SyncError {
  if (code(cause) === 'ELOOP')
    return new SyncError('unsafe-path', `${table} is a symbolic link.`, { table }, { cause });
  if (code(cause) === 'ENOENT')
    return new SyncError('changed-during-read', `${table} was removed while it was opened.`, { table }, { cause });
  return new SyncError(
    'connection',
    `The worker cannot read ${table} (${code(cause) ?? 'unknown error'}). Give the worker permission to read it.`,
    { table },
    { cause },
  );
}

function code(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
