import type { Column, Directory, Sheet } from './directory.ts';
import { Random } from '../random.ts';

/** A directory that nobody has seen: its size, keys, names of columns, formats and order are drawn from the seed. */
export function syntheticDirectory(seed: number): Directory {
  const random = new Random(seed);
  const style = styleOf(random);
  const sites = Array.from({ length: random.between(3, 8) }, () => random.name());
  const units = Array.from(
    { length: random.between(6, 18) },
    () => `${random.name()} ${random.pick(['Dept', 'Unit', 'Office', 'Lab'])}`,
  );
  const users = usersOf(random, style, sites, units);
  const groups = groupsOf(random, style);
  return {
    name: `synthetic ${String(seed)}`,
    sheets: { users, groups, memberships: membershipsOf(random, users, groups, units) },
    membership: random.chance(0.7) ? 'links' : 'resources',
    parents: random.chance(0.6) ? 'links' : 'text',
    labels: random.chance(0.5),
  };
}

interface Style {
  key: (n: number, random: Random) => string;
  date: { write: (year: number, month: number, day: number) => string; type?: 'date'; format?: string };
  yes: readonly [string, string];
  words: 'snake' | 'camel' | 'plain';
}

const two = (n: number) => String(n).padStart(2, '0');

function styleOf(random: Random): Style {
  const countries = ['DE', 'FR', 'US', 'BR', 'JP'];
  return {
    key: random.pick<Style['key']>([
      (n) => String(n).padStart(6, '0'),
      (n) => `u-${String(n).padStart(5, '0')}`,
      (n, of) => `${of.pick(countries)}${String(10_000 + n)}`,
      (n, of) => `${of.word(3, 3)}${String(n)}`,
      (n, of) =>
        Array.from({ length: 4 }, () => of.between(0, 0xffff).toString(16).padStart(4, '0')).join('') + String(n),
    ]),
    date: random.pick<Style['date']>([
      { write: (y, m, d) => `${String(y)}-${two(m)}-${two(d)}` },
      { write: (y, m, d) => `${two(d)}.${two(m)}.${String(y)}` },
      { write: (y, m, d) => `${two(d)}/${two(m)}/${String(y)}`, type: 'date', format: 'dd/MM/yyyy' },
      { write: (y, m, d) => `${String(y)}-${two(m)}-${two(d)}`, type: 'date' },
    ]),
    yes: random.pick([
      ['true', 'false'],
      ['Y', 'N'],
      ['1', '0'],
      ['yes', 'no'],
    ] as const),
    words: random.pick(['snake', 'camel', 'plain'] as const),
  };
}

/** A name of a column in the words of the directory. */
function named({ words }: Style, ...parts: string[]): string {
  if (words === 'snake') return parts.join('_');
  if (words === 'plain') return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ');
  return parts.map((part, i) => (i === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1))).join('');
}

const accented = ['é', 'ü', 'ö', 'ñ', 'ç', 'å', 'ø', 'ł'];

function personName(random: Random): string {
  const family = random.name();
  const spelled = random.chance(0.25) ? family.slice(0, 2) + random.pick(accented) + family.slice(2) : family;
  return `${random.name()} ${spelled}`;
}

/** A person of the directory, without a manager. */
function usersOf(random: Random, style: Style, sites: string[], units: string[]): Sheet {
  const columns: Column[] = [
    { name: named(style, 'user', 'id'), kind: 'key' },
    { name: named(style, 'display', 'name'), kind: 'name' },
    { name: named(style, 'mail'), kind: 'mail' },
    { name: named(style, 'login'), kind: 'unique' },
    { name: named(style, 'department'), kind: 'category' },
    { name: named(style, 'site'), kind: 'category' },
    { name: named(style, 'status'), kind: 'category' },
    {
      name: named(style, 'start', 'date'),
      kind: 'date',
      ...(style.date.type ? { type: style.date.type } : {}),
      ...(style.date.format ? { format: style.date.format } : {}),
    },
    { name: named(style, 'allowance'), kind: 'number' },
    { name: named(style, 'remote'), kind: 'boolean' },
    { name: named(style, 'title'), kind: 'text' },
    { name: named(style, 'manager'), kind: 'parent' },
  ];
  const size = random.between(120, 600);
  const domain = `${random.word()}.example`;
  const titles = Array.from(
    { length: 30 },
    () => `${random.name()} ${random.pick(['Engineer', 'Clerk', 'Lead', 'Analyst'])}`,
  );
  const rows: string[][] = [];
  for (let n = 1; n <= size; n++) {
    const name = personName(random);
    const login = `${name.split(' ')[0]?.toLowerCase() ?? ''}${String(n)}`;
    const boss =
      n > 10 && random.chance(0.9)
        ? cellOf(rows, random.between(0, Math.min(rows.length - 1, Math.floor(size / 8))))
        : '';
    rows.push([
      style.key(n, random),
      name,
      `${login}@${domain}`,
      login,
      skewed(random, units),
      skewed(random, sites),
      random.chance(0.93) ? 'active' : 'suspended',
      style.date.write(random.between(2001, 2025), random.between(1, 12), random.between(1, 28)),
      random.chance(0.9) ? `${String(random.between(100, 9999))}.${two(random.between(1, 99))}` : '',
      random.chance(0.6) ? style.yes[0] : style.yes[1],
      random.chance(0.8) ? random.pick(titles) : '',
      boss,
    ]);
  }
  return { columns, rows: ordered(random, rows) };
}

const cellOf = (rows: string[][], n: number) => rows[n]?.[0] ?? '';

/** Some come much more often than others. */
const skewed = <T>(random: Random, of: readonly T[]): T =>
  of[Math.min(of.length - 1, Math.floor(of.length * random.next() ** 1.5))] as T;

/** By key, by name, by the fifth column, or in no order. */
function ordered(random: Random, rows: string[][]): string[][] {
  const by = random.pick([0, 0, 1, 4, -1]);
  if (by < 0) return random.shuffle(rows);
  return [...rows].sort((a, b) => ((a[by] ?? '') < (b[by] ?? '') ? -1 : 1));
}

function groupsOf(random: Random, style: Style): Sheet {
  const columns: Column[] = [
    { name: named(style, 'group', 'id'), kind: 'key' },
    { name: named(style, 'group', 'name'), kind: 'name' },
    { name: named(style, 'kind'), kind: 'category' },
    { name: named(style, 'parent', 'group'), kind: 'parent' },
    { name: named(style, 'public'), kind: 'boolean' },
    { name: named(style, 'description'), kind: 'text' },
  ];
  const rows: string[][] = [];
  for (let n = 1; n <= random.between(40, 120); n++) {
    const name = `${random.name()} ${random.pick(['Team', 'Guild', 'Crew', 'Board'])}`;
    rows.push([
      `${random.word(3, 6)}-${String(n)}`,
      name,
      random.pick(['team', 'working-group', 'list']),
      n > 5 && random.chance(0.6) ? cellOf(rows, random.between(0, rows.length - 1)) : '',
      random.chance(0.7) ? style.yes[0] : style.yes[1],
      random.chance(0.7) ? `The ${name} looks after ${random.word()} and ${random.word()}` : '',
    ]);
  }
  return { columns, rows: ordered(random, rows) };
}

function membershipsOf(random: Random, users: Sheet, groups: Sheet, units: string[]): Sheet {
  const columns: Column[] = [
    { name: 'group', kind: 'group' },
    { name: 'member', kind: 'member' },
    { name: 'role', kind: 'category' },
  ];
  const rows: string[][] = [];
  groups.rows.forEach(([group = ''], n) => {
    // some groups are those of a department, others are mixed
    const unit = units[n % units.length];
    const pool = n % 3 === 0 ? users.rows.filter((row) => row[4] === unit) : users.rows;
    const size = Math.min(pool.length, n % 7 === 0 ? random.between(20, 60) : random.between(1, 14));
    for (const [member = ''] of random.some(pool, size))
      rows.push([group, member, random.chance(0.12) ? 'owner' : 'member']);
  });
  return { columns, rows: random.chance(0.7) ? rows : random.shuffle(rows) };
}
