import { SyncError } from '../../domain/errors.ts';

const separators = ['-', '_', '.'];

/**
 * The table of a delta file. The stem of the file is the stem of the table, or begins or ends with it beside `-`, `_` or
 * `.`, or the file is in a folder with the name of the table. The longest stem wins, so `users-external-1.csv` is not taken
 * for `users.csv`.
 */
export function tableOf(file: string, tables: readonly string[]): string | undefined {
  const parts = file.split('/');
  const name = stem(parts.at(-1) ?? '');
  const folder = parts.length > 1 ? parts[0] : undefined;
  const fitting = tables.filter((table) => {
    const wanted = stem(table.split('/').at(-1) ?? table);
    return (
      name === wanted ||
      folder === wanted ||
      folder === table ||
      separators.some((each) => name.startsWith(wanted + each) || name.endsWith(each + wanted))
    );
  });
  return fitting.sort((a, b) => b.length - a.length)[0];
}

const stem = (name: string) => name.replace(/\.csv$/i, '');

/** @throws SyncError `unknown-delta-file` for a file of no table */
export function refuseUnknown(files: readonly string[], tables: readonly string[]): void {
  for (const file of files)
    if (tableOf(file, tables) === undefined)
      throw new SyncError(
        'unknown-delta-file',
        `The delta file ${file} belongs to none of the tables ${tables.join(', ')}. Name it after its table, for example ${stem(tables[0] ?? 'users')}-0001.csv, or remove it from the folder.`,
        { table: file },
      );
}

/** Delta files of one table, in name order. */
export const filesOf = (table: string, files: readonly string[], tables: readonly string[]): string[] =>
  files.filter((file) => tableOf(file, tables) === table);
