/** An entry of a directory. */
export interface Entry {
  dn: string;
  /** By the name of the attribute, options included, in small letters. */
  attributes: ReadonlyMap<string, readonly Buffer[]>;
  /**
   * The first value of an attribute, where that takes less than `attributes`. It is good as long as the entry.
   * @param name in small letters
   */
  first?: (name: string) => Buffer | undefined;
}
