import type { PropertyFile } from '../../domain/connector-file.ts';

/** An entity type of a change set, as the detectors of causes see it. Counts are of the proposed changes. */
export interface CauseSubject {
  id: number;
  name: string;
  stored: number;
  inserted: number;
  updated: number;
  deleted: number;
  /** Its table was read whole and compared with everything stored: so a resource that is not in the table is deleted. */
  whole: boolean;
  read: number;
  /** Rows that were rejected, and those of them whose key could not be read. */
  rejected: number;
  unreadable: number;
  connection: string;
  table: string;
  key: string[];
  label: string | null;
  /** Those of the connector file, in its order. */
  properties: { name: string; column: string | null; type: PropertyFile['type']; multiValued: boolean }[];
  links: CauseLink[];
}

/** A link property of such a type. */
export interface CauseLink {
  id: number;
  name: string;
  target: number;
  multiValued: boolean;
  stored: number;
  inserted: number;
  updated: number;
  deleted: number;
  /** Links that the source has, resolved. */
  wanted: number;
  connection: string;
  /** A table of its own, and how many rows were read of it; null if a column holds the links. */
  table: string | null;
  column: string | null;
  read: number;
  /** Dangling links, and rejected rows of its table; of these, rows with a key that could not be read. */
  rejected: number;
  unreadable: number;
}
