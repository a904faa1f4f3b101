import type { ChangedFilter } from '../domain/filters.ts';
import type { Counters } from '../domain/sync.ts';
import type { FoundCauses } from '../repository/causes/index.ts';
import type { FiltersCompared } from '../repository/filters.ts';

/** What one way of finding changes gives to the thresholds. */
export interface FoundChanges {
  counters: Counters;
  /** The counters are of retired entity types and properties as well, so their figures count in the limits. */
  retired?: true;
  rowsRead: number;
  rowsRejected: number;
  zeroRows: string[];
  unreadableKeys: string[];
  changedFilters: ChangedFilter[];
  /** The entity types and link properties that were compared as a whole. */
  compared: FiltersCompared;
  deletesWithheld: number;
  overtaken: number;
  /** @param of the change set: whether it is held, and how many changes are proposed */
  findCauses: (of: { held: boolean; changes: number }) => Promise<FoundCauses>;
}
