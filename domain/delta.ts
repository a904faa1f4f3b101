/**
 * Changes of a source that come as a whole and under a name of their own, and that syncs take once. A file in a
 * folder of changes is one. Name and content identify it: the same content under another name is another delta.
 */
export interface Delta {
  name: string;
  /** SHA-256 (hex) of its content. */
  sha256: string;
  bytes: number;
  /** It may have been cut short: nothing of it is used but what its deletes are about, and it is read again. */
  cut?: boolean | undefined;
  /** Contents that earlier syncs have noted of it and that it begins with, and the line of the last row in each. */
  beginnings?: { sha256: string; lastLine: number }[] | undefined;
  /** Opaque: what its source said of it before and after its content was read. Every later write gives another one. */
  stamp?: string | undefined;
}

/** A delta that applied syncs have taken. */
export interface TakenDelta extends Delta {
  /** Under its stamp it has this content: it need not be read to know that. */
  proven?: boolean | undefined;
  /** Its stamp was stored so long ago that the clock of its source has gone on: to read it once more proves the stamp. */
  rested?: boolean | undefined;
}

/** What was found out about a taken delta that was read again and has the content that was taken. */
export interface DeltaLook {
  name: string;
  sha256: string;
  stamp: string;
  proven: boolean;
}

/** The deltas that earlier syncs know, by name. */
export interface KnownDeltas {
  /** Those that applied syncs have taken. */
  taken: ReadonlyMap<string, TakenDelta>;
  /**
   * Contents that lay there before a complete sync that did not read the table as a whole. A delta that goes on behind
   * such a content says so in `beginnings`.
   */
  noted: ReadonlyMap<string, readonly Delta[]>;
}
