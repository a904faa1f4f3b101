import type { ReadingSettings } from '../../domain/changed-mappings.ts';
import type { CauseCode } from '../../domain/codes.ts';
import type { ConnectorFile } from '../../domain/connector-file.ts';
import type { ChangedFilter } from '../../domain/filters.ts';
import type { Queryable } from '../database.ts';
import type { Copy } from './copies.ts';
import type { Explained } from './explained.ts';
import type { Gone } from './gone.ts';
import type { LostLinks } from './lost-links.ts';
import type { PropertyChange } from './property-changes.ts';
import type { CauseSubject } from './subject.ts';

/** A change set whose causes are searched. */
export interface CauseInput {
  sync: number;
  connector: number;
  subjects: CauseSubject[];
  /** All proposed changes, resources and links. */
  changes: number;
  held: boolean;
  /** The connector file of the sync. */
  file: ConnectorFile;
  /** Filters that are not those of the last full comparison, of scopes of which something is deleted. */
  changedFilters: readonly ChangedFilter[];
  /** The settings of packages that cannot be why rows changed. */
  readingSettings: ReadingSettings;
  /** How a table was cut, if its last lines are gone; see activities/cut-tables.ts. */
  cutTable: (connection: string, table: string) => Promise<CutTable | undefined>;
}

/** A table whose rows are the first rows that it had in the last applied export. */
export interface CutTable {
  /** Rows that are left, and rows that are gone from its end. */
  kept: number;
  lost: number;
}

/** What all detectors read. */
export interface Search extends CauseInput {
  tx: Queryable;
  /** What the sampled updates of a type change, by property. */
  changesOf: (subject: CauseSubject) => Promise<PropertyChange[]>;
  /** Which properties get the values of others, in the sampled updates of a type. */
  copiesOf: (subject: CauseSubject) => Promise<Copy[]>;
  /** The deleted resources; made when a detector first asks. */
  gone: () => Promise<Gone>;
  /** The deleted links, by whether their ends go; counted when a detector first asks. */
  lostLinks: () => Promise<LostLinks>;
}

/** What a detector has found; ids, counts of lines and examples of changes are added for all of them alike. */
export interface Finding {
  entityType: string;
  property?: string;
  message: string;
  /** Names of columns or properties. */
  examples: string[];
  counts: Record<string, number>;
  /** The changes that it explains. */
  explains: Explained[];
  /** Rejected rows that it explains besides: they are no changes, but count for the order. */
  rejected?: number;
  /** Where its figures say more than the code alone: in place of the specificity of the code. */
  specificity?: number;
  syncId?: string;
}

/** Searches for one cause. One that does not apply to the change set answers without a statement. */
export interface Detector {
  code: CauseCode;
  find: (search: Search) => Promise<Finding[]>;
}

/** A count as people read it. */
export const count = (n: number): string => n.toLocaleString('en-US');
