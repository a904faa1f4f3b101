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
  /** The entity types and link properties that were compared as a whole. */
  compared: FiltersCompared;
  deletesWithheld: number;
  overtaken: number;
  findCauses: () => Promise<Cause[]>;
}
