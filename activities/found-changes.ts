import type { Cause, Counters } from '../domain/sync.ts';

/** What one way of finding changes gives to the thresholds. */
export interface FoundChanges {
  counters: Counters;
  rowsRead: number;
  rowsRejected: number;
  zeroRows: string[];
  unreadableKeys: string[];
  deletesWithheld: number;
  overtaken: number;
  findCauses: () => Promise<Cause[]>;
}
