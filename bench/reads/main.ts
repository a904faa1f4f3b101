import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf } from '../../local/stack-error.ts';
import { describeMachine } from '../machine.ts';
import { Product } from '../product.ts';
import { inWorkplace } from '../workplace.ts';
import { measureDeltas } from './deltas.ts';
import { measureExports } from './exports.ts';
import { makeWorld, type Wanted } from './make.ts';
import { measureAll } from './measure.ts';
import { measureReaders } from './readers.ts';
import { render } from './render.ts';
import { renderExports } from './render-exports.ts';

const usage = `npm run bench:reads -- [options]

  --users N        how many resources the entity type that is read has (default 200,000)
  --connectors N   how many connectors sync-status lists, with 200 syncs each (default 200)
  --readers N      how many read at once while a sync applies (default 200)
  --files N        how many delta files that were taken lie in a folder (default 10,000)
  --rows N         how many rows a table of a database has that is exported (default 500,000)
  --entries N      how many entries a directory has that is exported (default 50,000)
  --only-exports   measure exports alone
  --no-write       leave bench/results/reads.md and exports.md as they are

Loads users by a real sync, then measures over HTTP what people and programs read, each beside the floor that Postgres sets.
Then exports a database and a directory, each beside the client of its server. This part needs psql, slapd and ldapsearch.`;

const results = join(import.meta.dirname, '..', 'results');
const database = 'bench_reads';

interface ExportsWanted {
  rows: number;
  entries: number;
}

async function main(wanted: Wanted & ExportsWanted, write: boolean, onlyExports: boolean): Promise<void> {
  const machine = describeMachine();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  await inWorkplace('reads', async ({ folder, cleanup, postgres }) => {
    const exports = await measureExports(
      { databaseUrl: await postgres.createDatabase('bench_exports'), folder: join(folder, 'exports') },
      wanted,
      say,
    );
    const told = renderExports({ machine, postgres: postgres.version, exports });
    process.stdout.write(told);
    if (write) await writeFile(join(results, 'exports.md'), told);
    if (onlyExports) return;
    const product = await Product.start(join(folder, 'product'), await postgres.createDatabase(database));
    cleanup.add(() => product.stop());
    const world = await makeWorld(product, wanted, join(folder, 'snapshots'), say);
    await postgres.settle(database);
    const measured = await measureAll(product, world, say);
    const readers = await measureReaders(product, world, wanted.readers, say);
    const deltas = await measureDeltas(product.databaseUrl, join(folder, 'deltas'), wanted.files, say);
    const text = render({ machine, postgres: postgres.version, wanted, world, measured, readers, deltas });
    process.stdout.write(text);
    if (write) await writeFile(join(results, 'reads.md'), text);
    process.exitCode = readers.every(({ errors }) => errors === 0) ? 0 : 1;
  });
}

const number = (text: string) => ({ type: 'string' as const, default: text });
const { values } = parseArgs({
  options: {
    users: number('200000'),
    connectors: number('200'),
    readers: number('200'),
    files: number('10000'),
    rows: number('500000'),
    entries: number('50000'),
    'only-exports': { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const wanted = {
  users: Number(values.users),
  connectors: Number(values.connectors),
  readers: Number(values.readers),
  files: Number(values.files),
  rows: Number(values.rows),
  entries: Number(values.entries),
};
if (values.help || !Object.values(wanted).every((each) => Number.isInteger(each) && each > 0) || wanted.users % 200 > 0)
  process.stdout.write(`${usage}\n`);
else
  try {
    await main(wanted, !values['no-write'], values['only-exports']);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
