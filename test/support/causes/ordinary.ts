import { cell, copyOf, indexOf, indexesOf, type Directory } from './directory.ts';
import { removeUsers } from './accidents/accident.ts';
import type { Random } from '../random.ts';

/** A day on which nothing went wrong: people come, go, move and change their names; sometimes a team is reorganised. */
export function ordinaryDay(directory: Directory, random: Random): Directory {
  const day = copyOf(directory);
  const scale = Math.max(1, day.sheets.users.rows.length / 150);
  const some = (most: number) => random.between(0, Math.round(most * scale));
  hire(day, random, some(3));
  leave(day, random, some(2));
  move(day, random, some(3));
  rename(day, random, some(2));
  joinAndLeaveGroups(day, random, some(6));
  groups(day, random);
  if (random.chance(0.4)) random.pick([mergeGroups, renameUnit, newTeam])(day, random);
  return day;
}

function hire({ sheets: { users, groups, memberships } }: Directory, random: Random, count: number): void {
  const [key, group, member] = [indexOf(users, 'key'), indexOf(groups, 'key'), indexOf(memberships, 'member')];
  for (let n = 0; n < count; n++) {
    const model = random.pick(users.rows);
    const name = `${random.name()} ${random.name()}`;
    const login = `${name.split(' ')[0]?.toLowerCase() ?? ''}${String(random.between(1000, 9_999_999))}`;
    const row = model.map((text, i) => {
      const kind = users.columns[i]?.kind;
      if (kind === 'name') return name;
      if (kind === 'mail') return `${login}@${text.split('@')[1] ?? 'mail.example'}`;
      if (kind === 'unique') return /^\d+$/.test(text) ? String(random.between(1, 99_999_999)) : login;
      return text;
    });
    // keys go on in the form that they have
    row[key] =
      cell(model, key).replace(/\d+$/, (digits) =>
        String(random.between(0, 10 ** digits.length - 1)).padStart(digits.length, '0'),
      ) + (random.chance(0.5) ? '' : '');
    if (users.rows.some((each) => cell(each, key) === row[key])) continue;
    users.rows.splice(random.between(0, users.rows.length), 0, row);
    for (const of of random.some(groups.rows, random.between(0, 3)))
      memberships.rows.push(
        membership(memberships.columns.length, memberships, cell(of, group), row[key] ?? '', member),
      );
  }
}

function membership(
  width: number,
  { columns, rows }: Directory['sheets']['memberships'],
  group: string,
  user: string,
  member: number,
): string[] {
  const model = rows[0] ?? [];
  const at = columns.findIndex(({ kind }) => kind === 'group');
  return Array.from({ length: width }, (_, i) => (i === at ? group : i === member ? user : cell(model, i)));
}

function leave(day: Directory, random: Random, count: number): void {
  const { users } = day.sheets;
  removeUsers(day, new Set(random.some(users.rows, count).map((row) => cell(row, indexOf(users, 'key')))), true);
}

/** Another unit or place, or another manager. */
function move({ sheets: { users } }: Directory, random: Random, count: number): void {
  const columns = indexesOf(users, 'category', 'parent');
  for (const row of random.some(users.rows, count)) {
    const index = random.pick(columns);
    row[index] = cell(random.pick(users.rows), index);
    if (cell(row, index) === cell(row, indexOf(users, 'key'))) row[index] = '';
  }
}

function rename({ sheets: { users } }: Directory, random: Random, count: number): void {
  for (const row of random.some(users.rows, count)) {
    const name = `${cell(row, indexOf(users, 'name')).split(' ')[0] ?? ''} ${random.name()}`;
    row[indexOf(users, 'name')] = name;
    const mail = indexOf(users, 'mail');
    if (random.chance(0.6))
      row[mail] = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@${cell(row, mail).split('@')[1] ?? ''}`;
  }
}

function joinAndLeaveGroups(
  { sheets: { users, groups, memberships } }: Directory,
  random: Random,
  count: number,
): void {
  const gone = new Set(random.some(memberships.rows, Math.floor(count / 2)));
  memberships.rows = memberships.rows.filter((row) => !gone.has(row));
  const pairs = new Set(memberships.rows.map((row) => pairOf(memberships, row)));
  for (let n = 0; n < count; n++) {
    const [group, user] = [
      cell(random.pick(groups.rows), indexOf(groups, 'key')),
      cell(random.pick(users.rows), indexOf(users, 'key')),
    ];
    const row = membership(memberships.columns.length, memberships, group, user, indexOf(memberships, 'member'));
    if (pairs.has(pairOf(memberships, row))) continue;
    pairs.add(pairOf(memberships, row));
    memberships.rows.splice(random.between(0, memberships.rows.length), 0, row);
  }
}

const pairOf = (memberships: Directory['sheets']['memberships'], row: string[]) =>
  `${cell(row, indexOf(memberships, 'group'))} ${cell(row, indexOf(memberships, 'member'))}`;

/** Now and then a group is made, renamed or dissolved with its memberships. */
function groups(day: Directory, random: Random): void {
  const { groups: sheet, memberships } = day.sheets;
  const [key, name, parent] = [indexOf(sheet, 'key'), indexOf(sheet, 'name'), indexOf(sheet, 'parent')];
  if (random.chance(0.3)) {
    const row = random.pick(sheet.rows);
    row[name] = `${random.name()} Team`;
  }
  if (random.chance(0.2)) {
    const leaf = random.pick(
      sheet.rows.filter((row) => !sheet.rows.some((other) => cell(other, parent) === cell(row, key))),
    );
    sheet.rows = sheet.rows.filter((row) => row !== leaf);
    memberships.rows = memberships.rows.filter((row) => cell(row, indexOf(memberships, 'group')) !== cell(leaf, key));
  }
}

/** The members of a small group go to another one, and the first is dissolved. */
function mergeGroups(day: Directory, random: Random): void {
  const { groups: sheet, memberships } = day.sheets;
  const [group, key, parent] = [indexOf(memberships, 'group'), indexOf(sheet, 'key'), indexOf(sheet, 'parent')];
  const leaves = sheet.rows.filter((row) => !sheet.rows.some((other) => cell(other, parent) === cell(row, key)));
  const [from, to] = random.some(leaves, 2).map((row) => cell(row, key));
  if (from === undefined || to === undefined) return;
  const there = new Set(memberships.rows.map((row) => pairOf(memberships, row)));
  memberships.rows = memberships.rows.flatMap((row) => {
    if (cell(row, group) !== from) return [row];
    const moved = row.with(group, to);
    return there.has(pairOf(memberships, moved)) ? [] : [moved];
  });
  if (random.chance(0.5)) sheet.rows = sheet.rows.filter((row) => cell(row, key) !== from);
}

/** A unit with few people is renamed. */
function renameUnit({ sheets: { users } }: Directory, random: Random): void {
  const columns = indexesOf(users, 'category').filter((i) => new Set(users.rows.map((row) => cell(row, i))).size >= 5);
  if (columns.length === 0) return;
  const index = random.pick(columns);
  const sizes = new Map<string, number>();
  for (const row of users.rows) sizes.set(cell(row, index), (sizes.get(cell(row, index)) ?? 0) + 1);
  const small = [...sizes].filter(([, size]) => size <= Math.max(8, 0.08 * users.rows.length)).map(([unit]) => unit);
  if (small.length === 0) return;
  const [unit, name] = [random.pick(small), random.name()];
  for (const row of users.rows) if (cell(row, index) === unit) row[index] = name;
}

/** A team is founded with people of all units. */
function newTeam({ sheets: { users, groups: sheet, memberships } }: Directory, random: Random): void {
  const id = `${random.word(5, 8)}-${String(random.between(100, 999))}`;
  const row = [...random.pick(sheet.rows)];
  row[indexOf(sheet, 'key')] = id;
  row[indexOf(sheet, 'name')] = `${random.name()} Team`;
  sheet.rows.push(row);
  for (const user of random.some(users.rows, random.between(3, 15)))
    memberships.rows.push(
      membership(
        memberships.columns.length,
        memberships,
        id,
        cell(user, indexOf(users, 'key')),
        indexOf(memberships, 'member'),
      ),
    );
}
