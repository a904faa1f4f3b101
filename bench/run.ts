import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arguments } from './arguments.ts';
import type { Cleanup } from './cleanup.ts';
import { measureConcurrency, type ConcurrencyResult } from './concurrency.ts';
import { floorNames, measureFloor, type FloorName } from './floors.ts';
import { generate, type Files } from './generate.ts';
import { itemsEnvironment, measureItems } from './items.ts';
import { measureLinked } from './linked.ts';
import { describeMachine, readVersions } from './machine.ts';
import { measurePeer } from './measure-peer.ts';
import { measureOverhead } from './overhead.ts';
import { peers } from './peers/index.ts';
import { BenchPostgres } from './postgres.ts';
import { Product } from './product.ts';
import type { Results } from './results.ts';
import { runRound } from './round.ts';
import { syncScenarios, syncsFor } from './scenarios.ts';
import { eighth, type Shape } from './sizes.ts';
import { residentMemory } from './worker-memory.ts';

export interface Bench {
  options: Arguments;
  /** An empty folder, which the caller removes. */
  folder: string;
  cleanup: Cleanup;
  signal: AbortSignal;
  say: (line: string) => void;
}

const settings = ['shared_buffers', 'work_mem', 'maintenance_work_mem', 'max_wal_size', 'fsync', 'synchronous_commit'];
const database = 'bench_product';

/** Measures everything that was asked for, one thing at a time. */
export async function runBench(bench: Bench): Promise<Results> {
  const { options, folder, cleanup, signal, say } = bench;
  const began = performance.now();
  const machine = describeMachine();
  if (machine.load > machine.cores / 2)
    say(`The machine is busy (load ${String(machine.load)}): the times will be too long.`);
  const postgres = await BenchPostgres.start(folder);
  cleanup.add(() => postgres.stop());
  const versions = await readVersions(postgres.version, once(say), signal);
  const snapshots = await makeSnapshots(options.size, join(folder, 'snapshots'));
  say(`generated ${(snapshots.before.bytes / 1e6).toFixed(0)} MB a snapshot`);
  const results: Results = {
    size: options.size.name,
    date: new Date().toISOString().slice(0, 10),
    machine,
    versions,
    postgresSettings: await postgres.settings(settings),
    rows: snapshots.before.rows,
    bytes: snapshots.before.bytes,
    floors: await measureFloors(bench, postgres, snapshots.before),
    product: {},
    reads: [],
    restingMemory: undefined,
    overhead: [],
    concurrency: [],
    linked: [],
    items: [],
    peers: [],
    peersLeftOut: {},
    seconds: 0,
  };
  for (const { name, runs } of options.peers) {
    signal.throwIfAborted();
    const scratch = join(folder, 'peers');
    if (runs === 0)
      results.peersLeftOut[name] = `too slow for size ${options.size.name}; ask for it with --peers ${name}`;
    else results.peers.push(await measurePeer(peers[name], { runs, postgres, ...snapshots, scratch, signal, say }));
  }
  await measureProduct(bench, postgres, snapshots, results);
  if (options.concurrency) results.concurrency = await measureMany(bench, postgres);
  if (options.linked)
    results.linked = await withProduct(bench, postgres, (product, own) => {
      const { runs, size } = options;
      const scratch = join(own, 'scratch');
      return measureLinked({ runs, shape: size, product, postgres, database, ...snapshots, scratch, say });
    });
  if (options.items)
    results.items = await withProduct(
      bench,
      postgres,
      (product) => measureItems({ product, postgres, database, ...snapshots, say }),
      itemsEnvironment(postgres),
    );
  results.seconds = (performance.now() - began) / 1000;
  return results;
}

async function makeSnapshots(shape: Shape, folder: string): Promise<{ before: Files; after: Files }> {
  return {
    before: await generate(shape, 'before', 0, join(folder, 'before')),
    after: await generate(shape, 'after', 0, join(folder, 'after')),
  };
}

async function measureFloors(
  { options, say }: Bench,
  postgres: BenchPostgres,
  files: Files,
): Promise<Results['floors']> {
  const url = await postgres.createDatabase('bench_floors');
  const floors: Record<FloorName, number[]> = { read: [], readAndHash: [], parse: [], parseAndCopy: [], copy: [] };
  // they take seconds, and every ratio stands on them
  for (let run = 0; run < Math.max(5, options.runs); run++)
    for (const name of floorNames) {
      await postgres.settle('bench_floors');
      floors[name].push(await measureFloor(name, files.folder, url));
    }
  await postgres.dropDatabase('bench_floors');
  say(`floors: raw COPY ${floors.copy.map((each) => each.toFixed(2)).join(', ')} s`);
  return floors;
}

async function measureProduct(
  bench: Bench,
  postgres: BenchPostgres,
  snapshots: { before: Files; after: Files },
  results: Results,
): Promise<void> {
  const { options, signal, say } = bench;
  const scenarios = syncsFor(options.scenarios);
  const overhead = options.scenarios.includes('overhead');
  if (scenarios.length === 0 && !overhead) return;
  const rounds = scenarios.length === 0 ? 1 : options.runs;
  for (let number = 1; number <= rounds; number++) {
    signal.throwIfAborted();
    await withProduct(bench, postgres, async (product, folder) => {
      results.restingMemory ??= residentMemory(product.workerPid);
      const scratch = join(folder, 'scratch');
      const round = await runRound({
        ...{ number, shape: options.size, product, postgres, database, ...snapshots, scratch, scenarios, say },
        reads: options.scenarios.includes('reads'),
      });
      for (const scenario of syncScenarios) {
        const measured = round[scenario];
        if (measured) (results.product[scenario] ??= []).push(measured);
      }
      if (round.reads) results.reads.push(round.reads);
      if (overhead && number === rounds) results.overhead = await measureOverhead(product, join(folder, 'tiny'));
    });
  }
}

async function measureMany(bench: Bench, postgres: BenchPostgres): Promise<ConcurrencyResult[]> {
  const { options, folder, say } = bench;
  const shape = eighth(options.size);
  const snapshots = await makeSnapshots(shape, join(folder, 'eighth'));
  return withProduct(bench, postgres, (product) =>
    measureConcurrency({ runs: options.runs, shape, product, postgres, database, ...snapshots, say }),
  );
}

/** The product on an empty database, with nothing left of it afterwards. */
async function withProduct<Result>(
  { folder, cleanup, say }: Bench,
  postgres: BenchPostgres,
  work: (product: Product, folder: string) => Promise<Result>,
  environment: Record<string, string> = {},
): Promise<Result> {
  const own = join(folder, 'product');
  await rm(own, { recursive: true, force: true });
  await mkdir(own);
  const product = await Product.start(own, await postgres.createDatabase(database), environment);
  const stop = () => product.stop();
  cleanup.add(stop);
  try {
    return await work(product, own);
  } catch (error) {
    say(`The product said:\n${product.said}`);
    throw error;
  } finally {
    await stop();
    await postgres.dropDatabase(database);
  }
}

/** Progress of a download comes many times a second. */
function once(say: (line: string) => void): (text: string) => void {
  let last = '';
  return (text) => {
    const what = text.replace(/[\d.]+/g, '');
    if (what !== last) say(text);
    last = what;
  };
}
