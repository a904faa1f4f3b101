import { SyncError } from '../../domain/errors.ts';

const maximumColumns = 2000;

export const empty = (table: string) =>
  new SyncError('empty-file', `${table} is empty: it has no header. A failed export often leaves such a file.`, {
    table,
  });

/** Why a header makes its file unusable. */
export function findHeaderFault(table: string, delimiter: string, names: string[]): SyncError | undefined {
  const place = { table, line: 1 };
  if (names.length > maximumColumns) return tooManyColumns(table, `${String(names.length)} columns`);
  const again = names.findIndex((name, i) => name !== '' && names.indexOf(name) !== i);
  if (again >= 0) {
    const first = names.indexOf(names[again] ?? '');
    // the places, not the name: if the header was lost, the name is personal data
    return new SyncError(
      'duplicate-header',
      `${table} has the same name in the columns ${String(first + 1)} and ${String(again + 1)} of its header. Rename or remove one of them. If line 1 is a row of data, the file has lost its header.`,
      place,
    );
  }
  const only = names.length === 1 ? (names[0] ?? '') : '';
  const other = [';', '\t', '|', ','].find((each) => each !== delimiter && only.includes(each));
  if (other !== undefined)
    return new SyncError(
      'wrong-delimiter',
      `${table} has only one column with the delimiter ${JSON.stringify(delimiter)}. Its header looks separated by ${JSON.stringify(other)}. Correct the setting delimiter.`,
      place,
    );
  if (names.some((name) => name.includes('\0')))
    return new SyncError(
      'encoding',
      `The header of ${table} has NUL characters. The file may have another encoding than the setting encoding says.`,
      {
        ...place,
        offset: 0,
      },
    );
  return undefined;
}

const tooManyColumns = (table: string, has: string) =>
  new SyncError('too-many-columns', `${table} has ${has}. The limit is ${String(maximumColumns)}.`, {
    table,
    line: 1,
  });

/** A header with too many separators is refused before anything parses it. */
export function refuseEndless(table: string, begin: Buffer, delimiter: number, quote: number): void {
  if (begin.includes(quote)) return;
  let columns = 1;
  for (const byte of begin) if (byte === delimiter) columns++;
  if (columns > maximumColumns) throw tooManyColumns(table, `more than ${String(columns)} columns`);
}
