import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, reasonOf, StackError } from './stack-error.ts';

/** The files and folders of the local stack. */
export interface DataFolder {
  root: string;
  logs: string;
  postgres: string;
  temporal: string;
  lock: string;
  children: string;
}

const folders = ['logs', 'temporal', 'exports', 'files'];

/**
 * Makes the data folder, readable by this user alone: it holds people's data and the database's passwords.
 * @throws StackError when it cannot be made or written
 */
export function prepareDataFolder(root: string): DataFolder {
  try {
    const made = !exists(root);
    mkdirSync(root, { recursive: true, mode: 0o700 });
    // As root Postgres runs as another user, who has to get through to its own folder; the others stay closed to it.
    if (made && process.getuid?.() === 0) chmodSync(root, 0o711);
    accessSync(root, constants.W_OK | constants.X_OK);
    for (const name of folders) mkdirSync(join(root, name), { recursive: true, mode: 0o700 });
    // Permission bits say nothing about a read-only or full disk.
    rmdirSync(mkdtempSync(join(root, '.write-')));
  } catch (error) {
    const what: Record<string, string> = {
      EACCES: 'this user may not write there',
      EPERM: 'this user may not write there',
      EROFS: 'the disk is read-only',
      ENOTDIR: 'a part of the path is a file, not a folder',
      EEXIST: 'there is a file of that name',
      ENOSPC: 'the disk is full',
    };
    throw new StackError(
      `The data folder ${root} cannot be used: ${what[codeOf(error) ?? ''] ?? reasonOf(error)}.\n` +
        'Make it writable, or set SYNCLINE_DATA_DIR to a folder that is.',
    );
  }
  return {
    root,
    logs: join(root, 'logs'),
    postgres: join(root, 'postgres'),
    temporal: join(root, 'temporal'),
    lock: join(root, 'lock.json'),
    children: join(root, 'children.json'),
  };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
