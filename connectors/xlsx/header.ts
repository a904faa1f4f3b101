import { SyncError } from '../../domain/errors.ts';
import type { SheetRow } from './sheet.ts';

const maximumColumns = 2000;

/** Names by their place, '' where the header has none; up to the last name. */
export function columnsOf({ cells }: SheetRow): string[] {
  const named = [...cells].filter(([, { text }]) => text !== '');
  const last = Math.max(-1, ...named.map(([at]) => at));
  return Array.from({ length: last + 1 }, (_, at) => cells.get(at)?.text ?? '');
}

/** Why a header makes its sheet unusable. */
export function headerFault(
  table: string,
  line: number,
  { cells }: SheetRow,
  columns: readonly string[],
): SyncError | undefined {
  const place = { table, line };
  if (columns.length > maximumColumns)
    return new SyncError(
      'too-many-columns',
      `${table} has ${String(columns.length)} columns. The limit is ${String(maximumColumns)}.`,
      place,
    );
  const bad = [...cells].find(([, { fault }]) => fault);
  if (bad)
    return new SyncError(
      'missing-column',
      `${table}: the name of column ${String(bad[0] + 1)} ${bad[1].fault?.what ?? ''}. Write the name itself.`,
      place,
    );
  const again = columns.findIndex((name, i) => name !== '' && columns.indexOf(name) !== i);
  if (again < 0) return undefined;
  // the places, not the name: if the header was lost, the name is personal data
  return new SyncError(
    'duplicate-header',
    `${table} has the same name in the columns ${String(columns.indexOf(columns[again] ?? '') + 1)} and ${String(again + 1)} of its header. Rename or remove one of them. If row ${String(line)} is a row of data, the sheet has lost its header.`,
    place,
  );
}
