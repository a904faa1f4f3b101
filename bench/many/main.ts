import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf } from '../../local/stack-error.ts';
import { describeMachine } from '../machine.ts';
import { Product } from '../product.ts';
import { inWorkplace } from '../workplace.ts';
import { allAtOnce, oneAfterAnother, type AtOnce } from './measure.ts';
import { render } from './render.ts';
import { makeWorld } from './world.ts';

const usage = `npm run bench:many -- [options]

  --connectors N   how many connectors are due at once (default 200)
  --people N       how many people each has (default 500)
  --workers LIST   with how many workers, each more than the one before (default 1,2,4)
  --no-write       leave bench/results/many.md as it is

Loads small connectors, synchronises them one after another, and then all at once with more and more workers.`;

const results = join(import.meta.dirname, '..', 'results', 'many.md');

async function main(connectors: number, people: number, workers: readonly number[], write: boolean): Promise<void> {
  const machine = describeMachine();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  await inWorkplace('many', async ({ folder, cleanup, postgres }) => {
    const product = await Product.start(join(folder, 'product'), await postgres.createDatabase('bench_many'));
    cleanup.add(() => product.stop());
    const world = await makeWorld(product, { connectors, people }, say);
    const alone = await oneAfterAnother(product, world, 1);
    say(`one after another: ${alone.toFixed(1)} s`);
    const curve: AtOnce[] = [];
    for (const [n, count] of workers.entries()) {
      const measured = await allAtOnce(product, world, count, n + 2);
      say(`at once, workers: ${JSON.stringify(measured)}`);
      curve.push(measured);
    }
    const text = render({ machine, postgres: postgres.version, connectors, people, alone, curve });
    process.stdout.write(text);
    if (write) await writeFile(results, text);
    process.exitCode = curve.every(({ faults }) => faults.length === 0) ? 0 : 1;
  });
}

const { values } = parseArgs({
  options: {
    connectors: { type: 'string', default: '200' },
    people: { type: 'string', default: '500' },
    workers: { type: 'string', default: '1,2,4' },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [connectors, people] = [Number(values.connectors), Number(values.people)];
const workers = values.workers.split(',').map(Number);
if (values.help || ![connectors, people, ...workers].every((each) => Number.isInteger(each) && each > 0))
  process.stdout.write(`${usage}\n`);
else
  try {
    await main(connectors, people, workers, !values['no-write']);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
