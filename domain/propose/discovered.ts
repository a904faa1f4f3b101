/** A table as discovery describes it, as far as a proposal uses it. */
export interface Table {
  table: string;
  columns: Column[];
  key?: string[] | undefined;
  identity?: string | undefined;
  links?: { column: string; table: string; by: string }[] | undefined;
  problem?: string | undefined;
  proposed?: Proposed | undefined;
}

export interface Column {
  name: string;
  type: string;
  multiValued?: boolean | undefined;
}

/** What only the package can propose of a table. */
export interface Proposed {
  /** For the section of the table in the settings of the connection. */
  settings?: Record<string, unknown> | undefined;
  /** Why, for people. */
  reason?: string | undefined;
  /** The columns that have values; absent: all may have. */
  columns?: string[] | undefined;
}

export interface Guess {
  /** JSON Pointer into the file. */
  pointer: string;
  /** For people. */
  reason: string;
}
