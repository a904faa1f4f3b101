import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { inOrder, shuffled } from './random.ts';
import {
  changingCells,
  danglingRow,
  groupColumns,
  groupOf,
  groupRow,
  hasUser,
  membershipColumns,
  membershipRow,
  orgUnitColumns,
  orgUnitRow,
  userColumns,
  userKey,
  userNumbers,
  userRow,
  usersForDelta,
  type Snapshot,
} from './rows.ts';
import type { Shape } from './sizes.ts';

export const tables = ['users', 'org-units', 'groups', 'memberships'] as const;
export type Table = (typeof tables)[number];

export const columnsOf: Record<Table, string[]> = {
  users: userColumns,
  'org-units': orgUnitColumns,
  groups: groupColumns,
  memberships: membershipColumns,
};

/** Files of one snapshot, and what is in them. */
export interface Files {
  folder: string;
  rows: Record<Table, number>;
  bytes: number;
}

export const fileOf = (folder: string, table: Table): string => join(folder, `${table}.csv`);

const flushAt = 1 << 20;

/**
 * Writes a snapshot, the same bytes for the same arguments, a MiB at a time.
 * @param order 0: by number; anything else: shuffled, each number another way
 */
export async function generate(shape: Shape, snapshot: Snapshot, order: number, folder: string): Promise<Files> {
  await mkdir(folder, { recursive: true });
  const at = (size: number) => (order === 0 ? inOrder : shuffled(size, order));
  const perUser = shape.membershipsPerUser;
  const users = userNumbers(shape);
  let bytes = 0;
  const write = async (table: Table, size: number, row: (n: number) => string | undefined) => {
    const next = at(size);
    const written = await writeRows(fileOf(folder, table), columnsOf[table], size, (n) => row(next(n)));
    bytes += written.bytes;
    return written.rows;
  };
  const rows = {
    users: await write('users', users, (n) => (hasUser(shape, snapshot, n) ? userRow(shape, snapshot, n) : undefined)),
    'org-units': await write('org-units', shape.orgUnits, orgUnitRow),
    groups: await write('groups', shape.groups, (n) => groupRow(snapshot, n)),
    memberships: await write('memberships', users * perUser + (shape.dangling ?? 0), (n) => {
      if (n >= users * perUser) return danglingRow(shape, n - users * perUser);
      const user = Math.floor(n / perUser);
      return hasUser(shape, snapshot, user) ? membershipRow(shape, snapshot, user, n % perUser) : undefined;
    }),
  };
  return { folder, rows, bytes };
}

/** A delta file over the second snapshot: half of the memberships go, half come. */
export async function generateLinkDelta(shape: Shape, changes: number, folder: string): Promise<void> {
  const users = usersForDelta(shape, changes / 2);
  await mkdir(folder, { recursive: true });
  await writeRows(join(folder, 'memberships-0001.csv'), ['command', ...membershipColumns], changes, (n) => {
    const user = users[n >> 1] ?? 0;
    return n % 2 === 0
      ? `delete,${membershipRow(shape, 'after', user, 0)}`
      : `merge,${groupOf(shape, user, 11)},${userKey(user)}`;
  });
}

/** A delta file over the second snapshot: users with other values in three columns. */
export async function generateUserDelta(shape: Shape, changes: number, folder: string): Promise<void> {
  const users = usersForDelta(shape, changes);
  await mkdir(folder, { recursive: true });
  const columns = ['command', 'employee_id', 'title', 'phone', 'last_login'];
  await writeRows(join(folder, 'users-0001.csv'), columns, changes, (n) => {
    const user = users[n] ?? 0;
    const { title, phone, lastLogin } = changingCells(user, 2);
    return `update,${userKey(user)},${title},${phone},${lastLogin}`;
  });
}

/** Writes a file of so many rows, but for those that are undefined. */
export async function writeRows(
  path: string,
  columns: readonly string[],
  size: number,
  row: (n: number) => string | undefined,
): Promise<{ rows: number; bytes: number }> {
  const handle = await open(path, 'w');
  try {
    let text = `${columns.join(',')}\n`;
    let rows = 0;
    let bytes = 0;
    for (let n = 0; n < size; n++) {
      const line = row(n);
      if (line !== undefined) {
        text += `${line}\n`;
        rows++;
      }
      if (text.length >= flushAt || n === size - 1) {
        bytes += (await handle.write(text)).bytesWritten;
        text = '';
      }
    }
    return { rows, bytes };
  } finally {
    await handle.close();
  }
}
