import { v5 as uuidv5 } from 'uuid';

/** Namespace of the keys that the directory makes. */
const namespace = 'b6a3a0a5-58cf-4b0e-9a35-3f3c3a6f5a4d';

/**
 * The key of the resource that a mapping creates for a source: a UUIDv5, so that a dry run, a retry and a refresh give the same.
 * @param source the number of the source resource, which no other resource ever has
 */
export const newKey = (to: string, from: string, source: string): string =>
  uuidv5(`${to} ${from} ${source}`, namespace);
