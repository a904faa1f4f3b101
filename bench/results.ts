import type { ConcurrencyResult } from './concurrency.ts';
import type { FloorName } from './floors.ts';
import type { Files } from './generate.ts';
import type { ItemsResult } from './items.ts';
import type { LinkedResult } from './linked.ts';
import type { Machine, Versions } from './machine.ts';
import type { PeerResult } from './measure-peer.ts';
import type { ReadMeasurement } from './measure-reads.ts';
import type { SyncMeasurement } from './measure-sync.ts';
import type { SyncScenario } from './scenarios.ts';
import { countWrites, type Writes } from './writes.ts';

/** Everything that a run of the bench has found; it is what `results/<size>.json` holds. */
export interface Results {
  size: string;
  date: string;
  machine: Machine;
  versions: Versions;
  /** Of the server that floors, peers and product share. */
  postgresSettings: Record<string, string>;
  /** Of the first snapshot. */
  rows: Files['rows'];
  bytes: number;
  /** Seconds of each run. */
  floors: Record<FloorName, number[]>;
  product: Partial<Record<SyncScenario, (SyncMeasurement & { writes?: Writes })[]>>;
  /** Of each round. */
  reads: ReadMeasurement[];
  /** Of the worker before its first sync, MB. */
  restingMemory: number | undefined;
  overhead: SyncMeasurement[];
  concurrency: ConcurrencyResult[];
  linked: LinkedResult[];
  items: ItemsResult[];
  peers: PeerResult[];
  /** Peers that were not measured, and why. */
  peersLeftOut: Record<string, string>;
  /** Of the whole bench. */
  seconds: number;
}

/** What was not as it should be, in words; a bench with any has failed. */
export function faultsOf({ product, reads, overhead, concurrency, linked, items }: Results): string[] {
  return [
    ...Object.entries(product).flatMap(([scenario, runs]) =>
      runs.flatMap(({ faults }, run) => faults.map((fault) => `${scenario}, round ${String(run + 1)}: ${fault}`)),
    ),
    ...reads.flatMap(({ faults }, round) => faults.map((fault) => `round ${String(round + 1)}: ${fault}`)),
    ...overhead.flatMap(({ faults }) => faults.map((fault) => `overhead: ${fault}`)),
    ...concurrency.flatMap(({ faults }) => faults),
    ...linked.flatMap(({ faults }) => faults),
    ...items.flatMap(({ faults }) => faults),
    ...(['equal', 'reordered'] as const).flatMap((scenario) =>
      (product[scenario] ?? []).flatMap(({ writes }) =>
        writes && countWrites(writes) > 0
          ? [`${scenario}: nothing had changed, and yet it wrote: ${JSON.stringify(writes)}`]
          : [],
      ),
    ),
  ];
}
