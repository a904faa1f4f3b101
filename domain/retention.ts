/** How long something of an ended sync is kept: at least so many of each connector, and of the others those of so many days. */
export interface KeepRule {
  days: number;
  /** The newest of each connector. */
  syncs: number;
}

/** What the clean-up keeps. */
export interface Retention {
  /** Change lists, errors and logs: what a person reviews, and the history of resources. */
  changes: KeepRule;
  /** Exported files and error files. */
  exports: KeepRule;
}
