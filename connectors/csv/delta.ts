import { SyncError } from '../../domain/errors.ts';

const separators = ['-', '_', '.'];

/**
 * Finds the table of a delta file. The stem of the file is the stem of the table, or begins or ends with it beside `-`, `_` or
 * `.`, or the file is in a folder with the name of the table. The longest stem wins, so `users-external-1.csv` is not taken
 * for `users.csv`.
 */
function tableFinder(tables: readonly string[]): (file: string) => string | undefined {
  const known = [...tables]
    .sort((a, b) => b.length - a.length)
    .map((table) => {
      const wanted = stem(table.split('/').at(-1) ?? table).replace(/[-_.]*\*[-_.]*/g, '');
      const begins = separators.map((each) => wanted + each);
      const ends = separators.map((each) => each + wanted);
      return { table, wanted, begins, ends };
    });
  return (file) => {
    const parts = file.split('/');
    const name = stem(parts.at(-1) ?? '');
    const folder = parts.length > 1 ? parts[0] : undefined;
    return known.find(
      ({ table, wanted, begins, ends }) =>
        name === wanted ||
        folder === wanted ||
        folder === table ||
        begins.some((each) => name.startsWith(each)) ||
        ends.some((each) => name.endsWith(each)),
    )?.table;
  };
}

/** What follows `.csv`, or stands in its place, if the setting compression says so. */
export const packedEndings = { gzip: ['.gz'], zip: ['.zip'] };

const stem = (name: string) => name.replace(/(\.csv)?(\.gz|\.zip)$|\.csv$/i, '');

/** @throws SyncError `unknown-delta-file` for a file of no table */
export function refuseUnknown(files: readonly string[], tables: readonly string[]): void {
  const tableOf = tableFinder(tables);
  for (const file of files)
    if (tableOf(file) === undefined)
      throw new SyncError(
        'unknown-delta-file',
        `The delta file ${file} belongs to none of the tables ${tables.join(', ')}. Name it after its table, for example ${stem(tables[0] ?? 'users')}-0001.csv, or remove it from the folder.`,
        { table: file },
      );
}

/** Delta files of one table, in name order. */
export function filesOf(table: string, files: readonly string[], tables: readonly string[]): string[] {
  const tableOf = tableFinder(tables);
  return files.filter((file) => tableOf(file) === table);
}
