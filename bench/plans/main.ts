import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf } from '../../local/stack-error.ts';
import { Product } from '../product.ts';
import { inWorkplace } from '../workplace.ts';
import { sizes, type SizeName } from '../sizes.ts';
import { PlanCollector } from './collect.ts';
import { goThrough } from './go-through.ts';
import { KeptPlans } from './kept.ts';
import { readNames } from './names.ts';

const usage = `npm run bench:plans -- [options]

  --size S|M    how much data: 20 thousand users and 200 thousand memberships, or ten times that (default S)
  --min-ms N    plans of executions that took less are left out (default 0)
  --no-write    leave bench/results/plans as it is

Writes bench/results/plans/<size>/<statement>.txt: of each core statement and step the execution that took longest, with
rows, pages and times of every node. Fails where a statement goes through a whole table for each row of another, or where
a core statement was not executed.`;

const database = 'bench_plans';
const began = performance.now();
const say = (line: string) => {
  process.stdout.write(`[${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s] ${line}\n`);
};

async function main(size: SizeName, atLeast: number, write: boolean): Promise<number> {
  return inWorkplace('plans', async ({ folder, cleanup, postgres }) => {
    const databaseUrl = await postgres.createDatabase(database);
    const { adminUrl, logFile } = postgres;
    const collector = await PlanCollector.start({ adminUrl, database, logFile, timing: true });
    const own = join(folder, 'product');
    await mkdir(own);
    const product = await Product.start(own, databaseUrl);
    cleanup.add(() => product.stop());
    const kept = new KeptPlans();
    try {
      const after = async (step: string) => {
        kept.add(step, await collector.take(), await readNames(databaseUrl));
        say(step);
        await postgres.settle(database);
      };
      const scratch = join(folder, 'scratch');
      await goThrough({ api: product.api, shape: sizes[size], files: product.files, scratch, after });
    } catch (error) {
      say(`The product said:\n${product.said}`);
      throw error;
    }
    const head = `Size ${size}, PostgreSQL ${postgres.version}; rows and pages are those of each node with all below it.`;
    if (write) await writePlans(size, kept.files(head, atLeast));
    for (const name of kept.missing) say(`WRONG: ${name} was not executed; see bench/plans/statements.ts`);
    for (const what of kept.repeated) say(`WRONG: ${what}`);
    return kept.missing.length + kept.repeated.length > 0 ? 1 : 0;
  });
}

async function writePlans(size: SizeName, files: ReadonlyMap<string, string>): Promise<void> {
  const folder = join(import.meta.dirname, '..', 'results', 'plans', size);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (name.endsWith('.txt')) await rm(join(folder, name));
  for (const [name, text] of files) await writeFile(join(folder, `${name}.txt`), text);
  say(`written: bench/results/plans/${size}, ${String(files.size)} statements`);
}

try {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: 'S' },
      'min-ms': { type: 'string', default: '0' },
      'no-write': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const size = (Object.keys(sizes) as SizeName[]).find((name) => name === values.size);
  const atLeast = Number(values['min-ms']);
  if (values.help) process.stdout.write(`${usage}\n`);
  else if (size === undefined || !(atLeast >= 0)) {
    process.stderr.write(`--size or --min-ms cannot be understood.\n\n${usage}\n`);
    process.exitCode = 1;
  } else process.exitCode = await main(size, atLeast, !values['no-write']);
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}
