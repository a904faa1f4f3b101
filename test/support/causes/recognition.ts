import type { CauseCode } from '../../../domain/codes.ts';
import { accident } from './accidents/index.ts';
import type { Directory } from './directory.ts';
import { ordinaryDay } from './ordinary.ts';
import { Random } from '../random.ts';
import type { Trials } from './trials.ts';

/** What syncs named over accidents and ordinary days of one directory. */
export interface Recognition {
  directory: string;
  trials: { code: CauseCode; accident: string; named: CauseCode[]; changes: number }[];
  days: { day: number; named: CauseCode[]; changes: number }[];
}

/** Has a sync over so many accidents of each code, and over so many ordinary days. */
export async function recognise(
  trials: Trials,
  directory: Directory,
  { codes, turns, days, seed }: { codes: readonly CauseCode[]; turns: number; days: number; seed: number },
): Promise<Recognition> {
  const found: Recognition = { directory: directory.name, trials: [], days: [] };
  for (let turn = 0; turn < turns; turn++) {
    const { causes, changes } = await trials.dryRun(await trials.put(directory));
    found.trials.push({
      code: 'first-sync',
      accident: 'a new connector',
      named: causes.map(({ code }) => code),
      changes,
    });
  }
  const connector = await trials.store(directory);
  for (const code of codes)
    for (let turn = 0; turn < turns; turn++) {
      const random = new Random(Math.imul(seed, 31) + turn);
      const happened = accident(code, directory, random, seed + turn);
      if (!happened) continue;
      const { causes, changes } = await trials.named(connector, directory, happened.made);
      found.trials.push({ code, accident: happened.name, named: causes.map((cause) => cause.code), changes });
    }
  for (let day = 0; day < days; day++) {
    const ordinary = ordinaryDay(directory, new Random(Math.imul(seed, 101) + day));
    const { causes, changes } = await trials.named(connector, directory, { directory: ordinary });
    found.days.push({ day, named: causes.map((cause) => cause.code), changes });
  }
  return found;
}
