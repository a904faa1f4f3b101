import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf } from '../../local/stack-error.ts';
import { openDatabase, row, type Database } from '../../repository/database.ts';
import { migrate } from '../../repository/migrate.ts';
import { describeMachine, type Machine } from '../machine.ts';
import { inWorkplace } from '../workplace.ts';
import { makeCatalog, makeMixed, makeUpdates, storePeople, type MadeSync } from './make-changes.ts';
import { measureReview, type Measured } from './measure.ts';

const usage = `npm run bench:review -- [options]

  --changes N    how many changes a change set has (default 2,000,000)
  --no-write     leave bench/results/review.md as it is

Writes change sets by SQL, and measures the summary and pages of their lists: in one process, without HTTP.`;

const database = 'bench_review';

async function main(changes: number, write: boolean): Promise<void> {
  const machine = describeMachine();
  await inWorkplace('review', async ({ cleanup, postgres }) => {
    const url = await postgres.createDatabase(database);
    await migrate(url);
    const db = openDatabase(url, { applicationName: 'bench', poolSize: 4, statementTimeoutMs: 300_000 });
    cleanup.add(() => db.destroy());
    const ids = await makeCatalog(db);
    const people = Math.floor(changes / 2);
    await storePeople(db, ids, people);
    const sets = { mixed: await makeMixed(db, ids, people), updates: await makeUpdates(db, ids, people) };
    await postgres.settle(database);
    const results: Record<string, Measured[]> = {};
    for (const [name, sync] of Object.entries(sets)) results[name] = await measureReview(db, sync.no);
    const text = render(machine, postgres.version, sets, results, await sizesOf(db));
    process.stdout.write(text);
    if (write) await writeFile(join(import.meta.dirname, '..', 'results', 'review.md'), text);
  });
}

async function sizesOf(db: Database): Promise<string> {
  const found = await row<{ size: string }>(
    db,
    `select pg_size_pretty(pg_total_relation_size('syncline.summary') + pg_total_relation_size('syncline.change_spans')) as size`,
  );
  return found?.size ?? '';
}

function render(
  { processor, cores, memory, system, load }: Machine,
  postgres: string,
  sets: Record<string, MadeSync>,
  results: Record<string, Measured[]>,
  size: string,
): string {
  const lines = [
    '# Review',
    '',
    `${processor}, ${String(cores)} cores, ${String(memory)} GiB, ${system}, load ${String(load)} at the start. PostgreSQL ${postgres}, Node ${process.versions.node}.`,
    'Times are the best and the worst of the repetitions, in milliseconds. A load above 0 means that others were at work: compare the times of one run.',
    `Summaries and spans of both change sets take ${size}.`,
  ];
  for (const [name, measured] of Object.entries(results)) {
    lines.push(
      '',
      `## ${name}: ${(sets[name]?.changes ?? 0).toLocaleString('en-US')} changes`,
      '',
      '| what | best | worst |',
      '| --- | ---: | ---: |',
    );
    for (const { what, milliseconds } of measured)
      lines.push(`| ${what} | ${Math.min(...milliseconds).toFixed(0)} | ${Math.max(...milliseconds).toFixed(0)} |`);
  }
  return `${lines.join('\n')}\n`;
}

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '2000000' },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const changes = Number(values.changes);
if (values.help || !Number.isInteger(changes) || changes < 20_000) process.stdout.write(`${usage}\n`);
else
  try {
    await main(changes, !values['no-write']);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
