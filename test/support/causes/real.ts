import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Column, ColumnKind, Directory, Sheet, SheetName } from './directory.ts';
import { Random } from '../random.ts';

const kinds: Record<SheetName, Record<string, ColumnKind>> = {
  users: {
    ...{ user_id: 'key', login: 'unique', display_name: 'name', email: 'mail', status: 'category' },
    ...{ github_id: 'unique', zulip_id: 'text', discord_id: 'text', matrix: 'text' },
  },
  groups: {
    ...{ group_id: 'key', name: 'name', kind: 'category', parent_group_id: 'parent', org_unit_id: 'unread' },
    ...{ status: 'category', top_level: 'boolean', description: 'text', email: 'text' },
  },
  memberships: {
    ...{
      group_id: 'group',
      member_id: 'member',
      member_type: 'category',
      member_login: 'text',
      role: 'category',
      rank: 'text',
    },
  },
};

/**
 * A real directory: the folder of one snapshot. Some columns that it lacks are added, so that every accident can be made of
 * it: a start date, an allowance and a unit, drawn from the key and so the same in every snapshot.
 */
export function realDirectory(folder: string, name: string, more: Partial<Directory> = {}): Directory {
  const sheets = {
    users: sheet(folder, 'users'),
    groups: sheet(folder, 'groups'),
    memberships: sheet(folder, 'memberships'),
  };
  addColumns(sheets.users);
  return { name, sheets, membership: 'links', parents: 'links', labels: true, ...more };
}

function sheet(folder: string, name: SheetName): Sheet {
  const [header = [], ...rows] = parse(readFileSync(join(folder, `${name}.csv`), 'utf8'), { bom: true });
  const columns = header.map((column): Column => ({ name: column, kind: kinds[name][column] ?? 'unread' }));
  if (name !== 'memberships') return { columns, rows };
  // a membership stands once for each role
  const [group, member] = [header.indexOf('group_id'), header.indexOf('member_id')];
  const seen = new Set<string>();
  const once = rows.filter((row) => {
    const pair = `${row[group] ?? ''} ${row[member] ?? ''}`;
    return seen.has(pair) ? false : seen.add(pair);
  });
  return { columns, rows: once };
}

function addColumns({ columns, rows }: Sheet): void {
  columns.push(
    { name: 'joined', kind: 'date' },
    { name: 'allowance', kind: 'number' },
    { name: 'remote', kind: 'boolean' },
    { name: 'unit', kind: 'category' },
  );
  for (const row of rows) {
    const random = new Random(Buffer.from(row[0] ?? '').reduce((sum, byte) => Math.imul(sum, 31) + byte, 7));
    const two = (n: number) => String(n).padStart(2, '0');
    row.push(
      `${String(random.between(2012, 2025))}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`,
      `${String(random.between(100, 9999))}.${two(random.between(1, 99))}`,
      random.chance(0.5) ? 'true' : 'false',
      random.pick(['core', 'infra', 'docs', 'tools', 'events', 'design', 'security', 'mentors', 'triage']),
    );
  }
}
