import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import type { MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { canonicalDump, type Dump } from '../support/canonical-dump.ts';
import { peopleAndGroups } from '../support/connector.ts';
import { Faults } from '../support/faults.ts';
import { buildWithBugs, plantedBugs, type PlantedBugName } from '../support/planted-bugs.ts';
import { Stack } from '../support/stack.ts';
import { carryThrough } from './carry-through.ts';
import { sourceFiles } from './fault-source.ts';

/** What a fault test does at its point, and what it finds wrong afterwards; nothing where the product is sound. */
interface FaultTest {
  catches: PlantedBugName;
  point: MarkedPoint;
  fault: (around: Around) => Promise<string[]>;
  wrong: (around: Around, done: Sync) => Promise<string[]>;
}

interface Around {
  stack: Stack;
  connector: string;
  undisturbed: Dump;
  query: (sql: string) => Promise<Record<string, unknown>[]>;
  /** Number of the connector's newest sync. */
  newest: () => Promise<string>;
  /** Files of the newest sync in the export store, as paths below its folder. */
  exported: () => Promise<string[]>;
}

const nothing = () => Promise.resolve([]);

const faultTests: FaultTest[] = [
  {
    catches: 'no rename',
    point: 'export/file-open',
    // nothing may stand under a name that somebody reads before it is whole
    fault: async ({ exported }) => (await exported()).filter((path) => !path.endsWith('.tmp')),
    wrong: nothing,
  },
  {
    catches: 'no check of hashes',
    point: 'prepare/begun',
    fault: async ({ exported }) => {
      const part = (await exported()).find((path) => path.includes('people') && path.endsWith('part-0001.csv'));
      if (part === undefined) throw new Error('there is no part to change');
      await appendFile(part, 'E999999,Somebody whom the source does not have,x@example.org,\n');
      return [];
    },
    wrong: (_around, { status, error }) =>
      Promise.resolve(status === 'failed' && error?.code === 'export-modified' ? [] : [`it ended ${status}`]),
  },
  {
    catches: 'no look at the marker of staging',
    point: 'synchronize/begun',
    // as Postgres leaves it when it comes back from a crash
    fault: async ({ query }) => {
      const [found] = await query(
        `select string_agg(format('syncline_staging.%I', tablename), ', ') as tables from pg_tables
         where schemaname = 'syncline_staging'`,
      );
      await query(`truncate ${String(found?.['tables'])}`);
      return [];
    },
    wrong: differences,
  },
  {
    catches: 'no check of the digest',
    point: 'apply/begun',
    // as a database that was restored to another sync of the same number
    fault: async ({ query, newest }) => {
      await query(`update syncline.sync set digest = 'sha256:another' where no = ${await newest()}`);
      return [];
    },
    wrong: notRefused,
  },
  {
    catches: 'no count of the change rows',
    point: 'apply/begun',
    fault: async ({ query, newest }) => {
      await query(`delete from syncline.link_change where sync = ${await newest()} and seq in (
        select seq from syncline.link_change where sync = ${await newest()} and operation = 'd' limit 1)`);
      return [];
    },
    wrong: notRefused,
  },
  {
    catches: 'no apply mark',
    point: 'apply/committed',
    fault: async ({ stack }) => {
      await stack.kill('worker');
      stack.launch('worker');
      return [];
    },
    wrong: differences,
  },
];

/** Apply must end it: nothing of it is stored. */
function notRefused(_around: Around, { status, applied, error }: Sync): Promise<string[]> {
  const refused = status === 'failed' && !applied && error?.code === 'change-set-altered';
  return Promise.resolve(refused ? [] : [`it ended ${status}`]);
}

async function differences({ stack, connector, undisturbed }: Around): Promise<string[]> {
  const { digest, lines } = await canonicalDump(stack.databaseUrl, connector);
  if (digest === undisturbed.digest) return [];
  return Object.keys(lines).filter(
    (about) => JSON.stringify(lines[about]) !== JSON.stringify(undisturbed.lines[about]),
  );
}

/** Runs each of the fault tests on one build. @returns what each found wrong */
async function runAll(bugs: PlantedBugName[]): Promise<Record<string, string[]>> {
  const faults = await Faults.create();
  const build = await buildWithBugs(bugs);
  const stack = await Stack.start(faults.environment, { build: build.folder });
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  const query: Around['query'] = async (sql) => (await client.query<Record<string, unknown>>(sql)).rows;
  try {
    const bringTo = async (connector: string, n: number) => {
      await stack.place(connector, sourceFiles(n));
      return carryThrough(stack, connector);
    };
    const names = ['unharmed', ...faultTests.map((_, i) => `faulty${String(i)}`)];
    for (const name of names) await stack.put(peopleAndGroups({ name }), name);
    await Promise.all(names.map((connector) => bringTo(connector, 0)));
    await bringTo('unharmed', 1);
    const undisturbed = await canonicalDump(stack.databaseUrl, 'unharmed');
    const found: Record<string, string[]> = {};
    for (const [i, { catches, point, fault, wrong }] of faultTests.entries()) {
      const connector = `faulty${String(i)}`;
      const exported = async () => {
        const folder = join(stack.folder, 'exports', connector);
        const newest = (await readdir(folder)).sort().at(-1) ?? '';
        const entries = await readdir(join(folder, newest), { recursive: true, withFileTypes: true });
        return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      };
      const newest = async () => {
        const [row] = await query(
          `select max(s.no) as no from syncline.sync s join syncline.connector c on c.id = s.connector
           where c.name = '${connector}'`,
        );
        return String(row?.['no']);
      };
      const around: Around = { stack, connector, undisturbed, query, newest, exported };
      await faults.arm(point);
      const going = bringTo(connector, 1);
      going.catch(() => undefined);
      await faults.reached(point);
      const atOnce = await fault(around);
      await faults.release(point);
      const later = await going.then(
        (done) => wrong(around, done),
        () => ['it never ended'],
      );
      found[catches] = [...atOnce, ...later];
    }
    return found;
  } finally {
    await client.end();
    await stack.stop();
    await build.remove();
    await faults.remove();
  }
}

const bugs = Object.keys(plantedBugs) as PlantedBugName[];

describe('fault tests', () => {
  let sound: Record<string, string[]>;
  let broken: Record<string, string[]>;
  beforeAll(async () => {
    [sound, broken] = await Promise.all([runAll([]), runAll(bugs)]);
  }, 600_000);

  it.each(bugs)('find nothing wrong with the product, and catch a build with %s', (bug) => {
    expect(sound[bug]).toEqual([]);
    expect(broken[bug]?.length).toBeGreaterThan(0);
  });
});
