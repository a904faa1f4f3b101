import { filesBelow, findFolder } from '../file-roots.ts';
import { openLocal } from './local-file.ts';
import type { CsvSettings } from './settings.ts';
import type { SourceFile } from './source-file.ts';
import { stampsOf } from './stamp.ts';

/** Where the files of a connection are. */
export interface Place {
  /** Names of files that do not begin with a dot, folders first level included, sorted. @param endings of the names; absent: any */
  list(endings?: readonly string[]): Promise<string[]>;
  open(name: string): Promise<SourceFile>;
  /** `SourceFile.identity` of files as they are now, by name; none for a file that is gone. */
  identities(names: readonly string[], signal?: AbortSignal): Promise<Map<string, string>>;
}

/** The folder of a connection below the file roots. */
export async function localPlace(fileRoots: readonly string[], { directory }: CsvSettings): Promise<Place> {
  const folder = await findFolder(fileRoots, directory);
  return {
    list: (endings = ['']) => filesBelow(folder, endings),
    open: (name) => openLocal(fileRoots, folder, name),
    identities: (names, signal) => stampsOf(folder, names, signal),
  };
}
