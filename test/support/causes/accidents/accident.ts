import type { CauseCode } from '../../../../domain/codes.ts';
import { cell, copyOf, filled, type ConnectorBody, type Directory, type Sheet, type SheetName } from '../directory.ts';
import type { Random } from '../../random.ts';

/** One way in which a source or its configuration goes wrong; `code` is the cause that should be named first. */
export interface Accident {
  code: CauseCode;
  name: string;
  /** undefined where it cannot happen to this directory. */
  make: (directory: Directory, random: Random) => Made | undefined;
}

export interface Made {
  directory: Directory;
  /** Changes the connector file. */
  configure?: (body: ConnectorBody) => void;
  /** The sync is the one that puts the directory right again, after this one was applied. */
  thenRestored?: true;
}

/** An accident that changes one sheet in place; answers false where it cannot happen. */
export const inSheet =
  (name: SheetName, change: (sheet: Sheet, random: Random, directory: Directory) => boolean) =>
  (directory: Directory, random: Random): Made | undefined => {
    const changed = copyOf(directory);
    return change(changed.sheets[name], random, changed) ? { directory: changed } : undefined;
  };

export const pickSheet = (random: Random): 'users' | 'groups' => (random.chance(0.7) ? 'users' : 'groups');

/** Columns that the connector reads, that most rows have, and that are not the key. */
export function usableColumns({ columns, rows }: Sheet, share = 0.4, fewestValues = 2): number[] {
  return columns.flatMap(({ kind }, i) => {
    if (kind === 'key' || kind === 'unread' || kind === 'parent' || kind === 'group' || kind === 'member') return [];
    if (filled({ columns, rows }, i) < share * rows.length) return [];
    return new Set(rows.map((row) => cell(row, i))).size >= fewestValues ? [i] : [];
  });
}

/** Changes the cells of a column that are not empty. */
export function rewrite(
  { rows }: Sheet,
  index: number,
  write: (text: string, row: string[], n: number) => string,
): number {
  let changed = 0;
  rows.forEach((row, n) => {
    const before = cell(row, index);
    if (before === '') return;
    const after = write(before, row, n);
    if (after !== before) changed++;
    row[index] = after;
  });
  return changed;
}

/** So many of the rows, as a share. */
export const share = (random: Random, sheet: Sheet, part: number): Set<string[]> =>
  new Set(random.some(sheet.rows, Math.round(part * sheet.rows.length)));

/** Keys of a sheet. */
export const keysOf = ({ columns, rows }: Sheet): string[] => {
  const key = columns.findIndex(({ kind }) => kind === 'key');
  return rows.map((row) => cell(row, key));
};

/** Removes rows, and what refers to them where it is said. */
export function removeUsers(directory: Directory, gone: ReadonlySet<string>, withMemberships: boolean): void {
  const { users, memberships } = directory.sheets;
  const key = users.columns.findIndex(({ kind }) => kind === 'key');
  const parent = users.columns.findIndex(({ kind }) => kind === 'parent');
  users.rows = users.rows.filter((row) => !gone.has(cell(row, key)));
  if (!withMemberships) return;
  const member = memberships.columns.findIndex(({ kind }) => kind === 'member');
  memberships.rows = memberships.rows.filter((row) => !gone.has(cell(row, member)));
  if (parent >= 0) for (const row of users.rows) if (gone.has(cell(row, parent))) row[parent] = '';
}
