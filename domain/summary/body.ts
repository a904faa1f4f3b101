import type { ChangeCounts, Operation } from '../sync.ts';
import type { RowDecision } from '../draft.ts';

/** What a summary says of a change set, as it is computed once and stored. Everything is of proposed changes. */
export interface SummaryBody {
  total: number;
  counts: ChangeCounts;
  groups: SummaryGroup[];
  groupsOmitted: number;
  rekeyed: Rekeyed | null;
  usual: Usual;
}

export interface SummaryGroup {
  /** Depends on the change set and on what the group is, so equal change sets have equal ids. */
  id: string;
  /** For links: the entity type from which they lead. */
  entityType: string;
  kind: 'resource' | 'link';
  operation: Operation;
  /** null: all changes of the type, kind and operation. Else those that change this property, or come or go with it. */
  property: string | null;
  transition: SummaryTransition | null;
  lines: number;
  /** `lines` of all proposed changes, 0 to 1. */
  share: number;
  /** Updates after which the property has no value; of a group without property, 0. */
  becameNull: number;
  /** Ids of the causes that explain changes of the group. */
  causes: string[];
}

/** A group with how many of its changes a draft applies, refuses and defers. */
export interface DraftedGroup extends SummaryGroup {
  decision: Record<RowDecision, number>;
}

/** The value before and after; of a link, the texts of the two keys. */
export interface SummaryTransition {
  property: string;
  from: unknown;
  to: unknown;
}

/** Deletes and inserts of one type that pair off by the value of a property: most likely the same under new keys. */
export interface Rekeyed {
  pairs: number;
  entityType: string;
  by: string;
}

export interface UsualFigure {
  median: number;
  max: number;
}

type UsualOperations = Record<'deleted' | 'updated' | 'inserted', UsualFigure>;

/** What earlier syncs of the same mode did. */
export interface Usual {
  /** How many syncs the figures are of. */
  syncs: number;
  counters: Record<string, UsualOperations & { links: Record<string, UsualOperations> }>;
}
