import { beforeAll, describe, expect, it } from 'vitest';
import { cell, connectorOf, copyOf, filesOf, indexesOf, indexOf, type Directory } from '../support/causes/directory.ts';
import { largeDirectory } from '../support/causes/large.ts';
import { Random } from '../support/random.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';

/** CAUSES_PEOPLE=100000 npm test -- test/causes/cost.test.ts. A time is of one machine, so it is not part of all tests. */
const people = Number(process.env['CAUSES_PEOPLE'] ?? 0);
const turns = 3;
const seed = 77;
const happenings: Record<string, (directory: Directory, random: Random) => void> = {
  'a quarter of the people goes, and links to them dangle': ({ sheets: { users } }, random) => {
    users.rows = users.rows.filter(() => !random.chance(0.25));
  },
  'the last quarter of the people goes': ({ sheets: { users } }) => {
    users.rows = users.rows.slice(0, Math.floor(0.75 * users.rows.length));
  },
  'one department goes with its memberships': ({ sheets: { users, memberships } }) => {
    const [index = 0] = indexesOf(users, 'category');
    const department = cell(users.rows[0] ?? [], index);
    const stays = new Set<string>();
    users.rows = users.rows.filter((row) => cell(row, index) !== department);
    for (const row of users.rows) stays.add(cell(row, indexOf(users, 'key')));
    memberships.rows = memberships.rows.filter((row) => stays.has(cell(row, indexOf(memberships, 'member'))));
  },
  'half of the memberships go': ({ sheets: { memberships } }, random) => {
    memberships.rows = memberships.rows.filter(() => random.chance(0.5));
  },
  'every name changes': ({ sheets: { users } }, random) => {
    for (const row of users.rows) row[indexOf(users, 'name')] = random.name();
  },
};

const reason = people > 0 ? '' : ' (not run: set CAUSES_PEOPLE, since a time is of one machine)';

describe.runIf(people > 0)(`the search for causes${reason}`, () => {
  let directory: Directory;
  beforeAll(() => {
    directory = largeDirectory(people, seed, new Random(seed));
  });

  it.each(Object.entries(happenings))(
    'costs less than a twentieth of a sync: %s',
    { timeout: 900_000 },
    async (name, happen) => {
      const shares: number[] = [];
      for (let turn = 0; turn < turns; turn++) {
        const changed = copyOf(directory);
        happen(changed, new Random(seed + turn));
        const { changes, whole, search } = await syncOf(directory, changed);
        shares.push(search / whole);
        process.stdout.write(
          `${name}: ${String(changes)} changes, ${search.toFixed(0)} of ${whole.toFixed(0)} ms = ${((100 * search) / whole).toFixed(1)} %\n`,
        );
      }
      const [, median = 1] = shares.toSorted((a, b) => a - b);
      expect(median).toBeGreaterThan(0);
      expect(median).toBeLessThan(0.05);
    },
  );
});

/**
 * One complete sync, from its first step to the end of its apply, in a database of its own: a directory that came back and went
 * again would be searched for what it undoes. Milliseconds.
 */
async function syncOf(
  before: Directory,
  after: Directory,
): Promise<{ changes: number; whole: number; search: number }> {
  const local = await InProcess.start();
  try {
    // nothing is held: the summary of a held sync would count as a part of the sync
    await local.put({ ...connectorOf(before, 'large'), ...{ thresholds: wide, windows: wideWindows } });
    await local.place('large', filesOf(before));
    await local.sync('large', 'complete');
    await local.place('large', filesOf(after));
    // the search has a savepoint of its own
    let begun = 0;
    let search = 0;
    local.db.on('query', ({ sql }: { sql: string }) => {
      if (sql === 'savepoint causes') begun = performance.now();
    });
    local.db.on('query-response', (_answer: unknown, { sql }: { sql: string }) => {
      if (sql === 'release savepoint causes') search = performance.now() - begun;
    });
    const start = performance.now();
    const { changeCount } = await local.sync('large', 'complete');
    return { changes: changeCount ?? 0, whole: performance.now() - start, search };
  } finally {
    await local.stop();
  }
}
