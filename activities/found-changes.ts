import type { ChangedFilter } from '../domain/filters.ts';
import type { Cause, Counters } from '../domain/sync.ts';
import type { FiltersCompared } from '../repository/filters.ts';

/** What one way of finding changes gives to the thresholds. */
export interface FoundChanges {
  counters: Counters;
  rowsRead: number;
  rowsRejected: number;
  zeroRows: string[];
  unreadableKeys: string[];
  changedFilters: ChangedFilter[];
  /** Of what all has been compared. */
  compared: FiltersCompared;
  deletesWithheld: number;
  overtaken: number;
  findCauses: () => Promise<Cause[]>;
}
