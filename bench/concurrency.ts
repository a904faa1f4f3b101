import { connectorFile } from './connector.ts';
import { describeChanges, firstChanges, foundChanges, sameChanges, snapshotChanges } from './expected.ts';
import type { Files } from './generate.ts';
import { measureSync } from './measure-sync.ts';
import { placeSnapshot } from './place.ts';
import type { BenchPostgres } from './postgres.ts';
import type { Product } from './product.ts';
import type { Shape } from './sizes.ts';
import { timed } from './statistics.ts';
import { peakMemory, resetPeakMemory } from './worker-memory.ts';

/** How many connectors at once, and how many workers for them: first more of the one, then of the other. */
export const curve = [
  { connectors: 1, workers: 1 },
  { connectors: 2, workers: 1 },
  { connectors: 4, workers: 1 },
  { connectors: 8, workers: 1 },
  { connectors: 8, workers: 2 },
  { connectors: 8, workers: 4 },
] as const;

export interface ConcurrencyResult {
  connectors: number;
  workers: number;
  /** Rows that the files of one connector have. */
  rows: number;
  seconds: number[];
  /** Of the first worker. */
  workerMemory: (number | undefined)[];
  faults: string[];
}

export interface ConcurrencyInput {
  runs: number;
  shape: Shape;
  product: Product;
  postgres: BenchPostgres;
  database: string;
  before: Files;
  after: Files;
  say: (line: string) => void;
}

/**
 * Complete syncs of several connectors of one size at once, each with 1 % changed: forth to the second snapshot and back
 * to the first in turn, so that every run has the same work.
 */
export async function measureConcurrency(input: ConcurrencyInput): Promise<ConcurrencyResult[]> {
  const { shape, product, before, after, say } = input;
  const most = Math.max(...curve.map(({ connectors }) => connectors));
  const names = Array.from({ length: most }, (_, n) => `many-${String(n + 1)}`);
  const stands = new Map(names.map((name) => [name, before]));
  for (const name of names) {
    await placeSnapshot(before.folder, product.files, name);
    await product.api.putConnector(connectorFile(name));
    const { faults } = await measureSync(product, name, 'complete', firstChanges(shape));
    if (faults.length > 0) throw new Error(`${name} could not be loaded: ${faults.join('; ')}`);
  }
  const expected = snapshotChanges(shape);
  const results: ConcurrencyResult[] = [];
  for (const { connectors, workers } of curve) {
    await product.runWorkers(workers);
    const result: ConcurrencyResult = {
      connectors,
      workers,
      rows: Object.values(before.rows).reduce((sum, rows) => sum + rows, 0),
      seconds: [],
      workerMemory: [],
      faults: [],
    };
    for (let run = 0; run < input.runs; run++) {
      const chosen = names.slice(0, connectors);
      for (const name of chosen) {
        const next = stands.get(name) === before ? after : before;
        stands.set(name, next);
        await placeSnapshot(next.folder, product.files, name);
      }
      await input.postgres.settle(input.database);
      resetPeakMemory(product.workerPid);
      const { seconds, result: syncs } = await timed(() =>
        Promise.all(
          chosen.map(async (name) => product.api.settled((await product.api.startSync(name, 'complete')).id)),
        ),
      );
      result.seconds.push(seconds);
      result.workerMemory.push(peakMemory(product.workerPid));
      for (const { connector, status, counters } of syncs)
        if (status !== 'completed' || !sameChanges(foundChanges(counters), expected))
          result.faults.push(
            `${connector} of ${String(connectors)} at once ended ${status} with ${describeChanges(foundChanges(counters))}; its files have ${describeChanges(expected)}`,
          );
    }
    say(
      `${String(connectors)} connectors at once, ${String(workers)} workers: ${result.seconds.map((each) => each.toFixed(2)).join(', ')} s`,
    );
    results.push(result);
  }
  return results;
}
