import type { ConnectionFile } from './connector-file.ts';
import type { Priority } from './sync.ts';

/** Limits for the load on a source, over all workers. */
export interface SourceLimits {
  /** Connections with the same key share their limits. */
  key: string;
  requestsPerSecond: number | undefined;
  /** Exports at once. */
  concurrent: number | undefined;
}

/** What a package declares for each of its connections. A connector file may set other limits. */
export type PackageLimits = Partial<Pick<SourceLimits, 'requestsPerSecond' | 'concurrent'>>;

/** The limits of a connection: its own, else those of its package. A key that the file names has no `/`. */
export function limitsOf(connector: string, { name, limits }: ConnectionFile, ofPackage: PackageLimits): SourceLimits {
  return {
    key: limits?.key ?? `${connector}/${name}`,
    requestsPerSecond: limits?.requestsPerSecond ?? ofPackage.requestsPerSecond,
    concurrent: limits?.concurrent ?? ofPackage.concurrent,
  };
}

/** The order of the queue. Equal ranks are ordered by how long they wait. */
export const turnRanks: Record<Priority, number> = { high: 1, normal: 2, low: 3 };

/** Seconds until a sync that waits for its turn asks again: an eighth of the time it waits already, from 1 to 60. */
export function secondsUntilAskedAgain(waitedSeconds: number): number {
  return Math.min(60, Math.max(1, Math.round(waitedSeconds / 8)));
}
