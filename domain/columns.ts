import { SyncError } from './errors.ts';

/** A mapped column that a file lacks, with the column that was probably meant. */
export function missingColumn(table: string, column: string, neededBy: string, columns: readonly string[]): SyncError {
  const same = columns.find((each) => each.length <= 2 * column.length + 10 && flat(each) === flat(column));
  const near = columns.findIndex((each) => distance(each, column) <= 2);
  // only a similar name is shown: if the header was lost, the other names are personal data
  const hint =
    same !== undefined
      ? `It has ${JSON.stringify(same)}, which ${difference(same, column)}.`
      : near >= 0
        ? `The name of its column ${String(near + 1)} is similar.`
        : `None of its ${String(columns.length)} columns has a similar name.`;
  return new SyncError(
    'missing-column',
    `${table} lacks the column ${JSON.stringify(column)}, which ${neededBy} needs. ${hint} Correct the file or the mapping.`,
    { table, column, line: 1 },
  );
}

const flat = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u200b-\u200f\u2060\ufeff]/gu, '');

function difference(near: string, column: string): string {
  if (near.normalize('NFC') === column.normalize('NFC'))
    return 'is written with other Unicode characters (another normal form)';
  if (near.toLowerCase() === column.toLowerCase()) return 'differs by case';
  if (near.replace(/\s/gu, '') === column.replace(/\s/gu, '')) return 'differs by white space';
  return 'differs by case and white space';
}

/** Levenshtein distance, as far as it matters here: names that differ in length by more than two are far apart. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length < 4) return 3;
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const now = [i];
    for (let j = 1; j <= b.length; j++)
      now[j] = Math.min(
        (before[j] ?? 0) + 1,
        (now[j - 1] ?? 0) + 1,
        (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    before = now;
  }
  return before[b.length] ?? 3;
}
