/** An entry of a directory. */
export interface Entry {
  dn: string;
  /** By the name of the attribute, options included, in small letters. */
  attributes: ReadonlyMap<string, readonly Buffer[]>;
}
