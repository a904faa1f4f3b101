/** What a revert undoes, all names and ids resolved. */
export interface RevertInput {
  /** The sync that undoes. */
  sync: number;
  /** The syncs that it undoes, in the order in which they were applied. */
  reverts: readonly number[];
  /** Entity types of the connector. */
  types: RevertType[];
  /** Link properties at these types, also those of other connectors. */
  links: RevertLink[];
}

export interface RevertType {
  id: number;
  name: string;
  keyCount: number;
  /** Retired, or with another key, since the syncs that are undone: none of its rows are undone. */
  retired: boolean;
  /** Properties that are retired, or of another type, since then: their values are not undone. */
  lost: string[];
}

export interface RevertLink {
  id: number;
  /** The navigation property: the smallest id of its rows that are in use, or of a retired one its own. */
  family: number;
  name: string;
  entityType: number;
  entityTypeName: string;
  /** Parts of a key of the entity type that the link leads from. */
  keyCount: number;
  target: number;
  mono: boolean;
  /** The property, or an entity type at its ends, is retired since the syncs that are undone. */
  retired: boolean;
}

/** Condition for a change row of an applied sync that was done with it. */
export const wasDone = (alias: string) => `${alias}.fate is null`;

/** The key of a person whose data were erased stands in the change rows as this. */
const erasedKey = "'^erased:[0-9a-f]{32,}$'";
export const isErased = (column: string) => `${column} ~ ${erasedKey}`;

/** A value of a property, where none is a value too. */
export const valueOf = (attributes: string, property: string) => `coalesce(${attributes} -> ${property}, 'null')`;
