/** A file of a source as it was read. */
export interface TakenFile {
  name: string;
  sha256: string;
  bytes: number;
  /** It has no line break at its end: it may have been cut short. */
  cut?: boolean | undefined;
}
