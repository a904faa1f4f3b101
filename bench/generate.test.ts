import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshotChanges } from './expected.ts';
import { fileOf, generate, generateLinkDelta, generateUserDelta, tables, type Table } from './generate.ts';
import { sizes } from './sizes.ts';

const shape = sizes.XS;

describe('generated files', () => {
  let folder: string;
  let before: Record<Table, string[]>;
  let after: Record<Table, string[]>;

  const make = async (name: string, snapshot: 'before' | 'after', order: number) => {
    const files = await generate(shape, snapshot, order, join(folder, name));
    const lines = {} as Record<Table, string[]>;
    for (const table of tables) {
      lines[table] = (await readFile(fileOf(files.folder, table), 'utf8')).trimEnd().split('\n').slice(1);
      expect(lines[table]).toHaveLength(files.rows[table]);
    }
    return lines;
  };
  const first = (line: string) => line.slice(0, line.indexOf(','));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-bench-test-'));
    before = await make('before', 'before', 0);
    after = await make('after', 'after', 0);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are the same bytes each time', async () => {
    expect(await make('again', 'before', 0)).toEqual(before);
  });

  it('have the same rows in another order', async () => {
    const shuffled = await make('shuffled', 'before', 1);
    for (const table of tables) {
      expect(shuffled[table]).not.toEqual(before[table]);
      expect(shuffled[table].toSorted()).toEqual(before[table].toSorted());
    }
  });

  it('lead to nothing that is not there', () => {
    for (const lines of [before, after]) {
      const keys = new Set([...lines.users, ...lines.groups, ...lines['org-units']].map(first));
      const referred = [
        ...lines.users.flatMap((line) => line.match(/\b(E|OU)-\d+/g) ?? []),
        ...lines['org-units'].flatMap((line) => line.match(/\bOU-\d+/g) ?? []),
        ...lines.memberships.flatMap((line) => line.split(',')),
      ];
      expect(referred.filter((key) => !keys.has(key))).toEqual([]);
      expect(new Set(lines.memberships).size).toBe(lines.memberships.length);
    }
  });

  it('change between the snapshots as it is expected of a sync to find', () => {
    const { resources, links } = snapshotChanges(shape);
    const gone = (table: Table) => {
      const keys = new Set(after[table].map(first));
      return before[table].filter((line) => !keys.has(first(line))).length;
    };
    expect(gone('users')).toBe(resources.deleted);
    const memberships = new Set(after.memberships);
    const goneMemberships = before.memberships.filter((line) => !memberships.has(line)).length;
    // each user that goes takes two more links along: to the manager and to the org unit
    expect(goneMemberships).toBe(links.deleted - 2 * resources.deleted);
    const withoutManager = (lines: string[]) => new Map(lines.map((line) => [first(line), line.replace(/,E-\d+/, '')]));
    const now = new Map([...withoutManager(after.users), ...withoutManager(after.groups)]);
    const changed = [...withoutManager(before.users), ...withoutManager(before.groups)].filter(
      ([key, line]) => now.has(key) && now.get(key) !== line,
    );
    expect(changed).toHaveLength(resources.updated);
  });

  it('have deltas over the second snapshot of which each row changes something', async () => {
    await generateLinkDelta(shape, 1_000, folder);
    const rows = (await readFile(join(folder, 'memberships-0001.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    const stored = new Set(after.memberships);
    for (const row of rows) expect(stored.has(row.slice(row.indexOf(',') + 1))).toBe(row.startsWith('delete,'));
    expect(new Set(rows).size).toBe(1_000);

    await generateUserDelta(shape, 1_000, folder);
    const users = (await readFile(join(folder, 'users-0001.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    const lines = new Map(after.users.map((line) => [first(line), line]));
    for (const user of users) {
      const [, key = '', title = ''] = user.split(',');
      expect(lines.get(key)?.includes(`,${title},`)).toBe(false);
    }
    expect(new Set(users).size).toBe(1_000);
  });
});
