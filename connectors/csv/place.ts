import type { SourceFile } from './source-file.ts';

/** Where the files of a connection are. */
export interface Place {
  /** Names of files that do not begin with a dot, folders first level included, sorted. @param endings of the names; absent: any */
  list(endings?: readonly string[]): Promise<string[]>;
  open(name: string): Promise<SourceFile>;
  /** `SourceFile.identity` of files as they are now, by name; none for a file that is gone. */
  identities(names: readonly string[], signal?: AbortSignal): Promise<Map<string, string>>;
  close(): Promise<void>;
}
