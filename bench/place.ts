import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOf, tables } from './generate.ts';

/** Puts a copy of a snapshot where a connector reads it, each file whole and on the disk. */
export async function placeSnapshot(from: string, root: string, connector: string): Promise<void> {
  for (const table of tables) await place(fileOf(from, table), join(root, connector), `${table}.csv`);
}

/** Makes one delta file the only one that a connector finds. */
export async function placeDelta(file: string, root: string, connector: string, name: string): Promise<void> {
  const folder = join(root, `${connector}-delta`);
  await rm(folder, { recursive: true, force: true });
  await place(file, folder, name);
}

/** Puts a copy of a file where a connector reads it, whole and on the disk. */
export async function place(from: string, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const fresh = join(folder, `${name}.new`);
  await copyFile(from, fresh);
  const handle = await open(fresh, 'r+');
  try {
    // else the disk would still be busy with it while the sync is measured
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(fresh, join(folder, name));
}
