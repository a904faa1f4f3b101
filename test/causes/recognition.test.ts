import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accidentCodes } from '../support/causes/accidents/index.ts';
import { asTheyHappened } from '../support/causes/accidents/as-they-happened.ts';
import { Random } from '../support/random.ts';
import { realDirectory } from '../support/causes/real.ts';
import { recognise, type Recognition } from '../support/causes/recognition.ts';
import { syntheticDirectory } from '../support/causes/synthetic.ts';
import { Trials } from '../support/causes/trials.ts';
import { writeTable } from '../support/causes/write-table.ts';

const root = join(import.meta.dirname, '..', '..');
/**
 * The same on each run: the goals are shares, which a small round misses by chance with one seed in some. CAUSES_SEED tries
 * another one.
 */
const seed = Number(process.env['CAUSES_SEED'] ?? 20_261_130);
/** The file whose table is written again: npm run causes:table. Without it, a small round of the same. */
const table = process.env['CAUSES_TABLE'];
const turns = Number(process.env['CAUSES_TURNS'] ?? (table === undefined ? 1 : 20));
const days = table === undefined ? 15 : 70;

describe('the causes that syncs name', () => {
  let trials: Trials;
  beforeAll(async () => {
    trials = await Trials.start();
  });
  afterAll(() => trials.stop());

  const example = () => realDirectory(join(root, 'examples', 'community'), 'the community of 2019');
  /** A later state of the same community, if its folder is given. */
  const later = process.env['CAUSES_DIRECTORY'];

  it('are right and first for accidents of every kind, and none on ordinary days', { timeout: 6_000_000 }, async () => {
    const directories =
      table === undefined
        ? [example(), syntheticDirectory(seed)]
        : [
            later === undefined
              ? example()
              : realDirectory(later, 'a community of 2026', { labels: false, parents: 'text' }),
            syntheticDirectory(seed),
            syntheticDirectory(seed + 1),
          ];
    const all: Recognition[] = [];
    for (const directory of directories)
      all.push(await recognise(trials, directory, { codes: accidentCodes, turns, days, seed }));
    const tried = all.flatMap((each) => each.trials);
    const missed = tried.filter(({ code, named }) => named[0] !== code);
    const unusual = all.flatMap((each) => each.days).filter(({ named }) => named.length > 0);
    const ordinary = all.flatMap((each) => each.days).length;
    if (table !== undefined) writeTable(join(root, table), all, seed);
    const told = `seed ${String(seed)}: ${JSON.stringify([...missed, ...unusual], null, 1)}`;
    expect(tried.length, told).toBeGreaterThanOrEqual(0.8 * accidentCodes.length * turns * directories.length);
    expect(missed.length, told).toBeLessThanOrEqual(0.05 * tried.length);
    expect(unusual.length, told).toBeLessThanOrEqual(Math.max(1, 0.01 * ordinary));
  });

  it('are right for what happened to real directories', { timeout: 600_000 }, async () => {
    for (const directory of [example(), syntheticDirectory(seed + 2)]) {
      const connector = await trials.store(directory);
      for (const { name, code, make } of asTheyHappened) {
        const changed = make(directory, new Random(seed));
        const { causes } = await trials.named(connector, directory, { directory: changed });
        expect(causes[0]?.code, `${name}, ${directory.name}`).toBe(code);
      }
    }
  });
});
