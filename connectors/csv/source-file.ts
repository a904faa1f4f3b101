import type { Readable } from 'node:stream';
import { SyncError } from '../../domain/errors.ts';

/** One version of a file, open for reading, wherever the file is. */
export interface SourceFile {
  /** As people know it: its path below the folder of the connection. */
  name: string;
  /** Another text if the file was written, or if another file has its name. */
  identity: string;
  /** A text that only files with the same content share, if their place has one. Absent: the content has to be read. */
  version?: string;
  /** In bytes, as it is stored. */
  size: number;
  modifiedAt: Date | undefined;
  /** @param range from `start` up to `end`, without `end`; `piece`: the most bytes at once */
  bytes(range?: { start?: number; end?: number; piece?: number }): Readable;
  /** @throws SyncError `changed-during-read` if its name no longer leads to the version that was opened */
  refuseChange(): Promise<void>;
  close(): Promise<void>;
}

export function changed(table: string, cause?: unknown): SyncError {
  return new SyncError(
    'changed-during-read',
    `${table} was changed or replaced while it was read. Write files under another name and rename them when they are complete. Then start the sync again.`,
    { table },
    { cause },
  );
}
