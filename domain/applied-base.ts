/**
 * What the last fully applied complete sync of a connector has read. Each row of it is exactly what is stored, or is listed among
 * the errors of its sync, but for what `since` has written.
 */
export interface AppliedBase {
  sync: number;
  revision: number;
  /** By `baseVersion`. */
  version: string;
  /** How many rows and links of its read the errors of its sync list; absent if none. Its errors are kept as long as it is the base. */
  errors?: number;
  /** The same files would change something: links that it kept for the new name of a target go if no such name has come. */
  due?: true;
  /** Where the links of the connector lead. Absent if an earlier version stored the base. */
  leads?: BaseLead[];
  /** The revisions of the other connectors to which they lead, by number of the connector. */
  linked?: Record<string, number>;
  /** Numbers of the syncs, also of other connectors, that have since changed something that a row of its read may stand for. */
  since?: number[];
  /** `state`: as the package gave it; absent if the source has none. */
  tables: { connection: string; table: string; state?: string | undefined }[];
}

/** Where the links of one property lead; a property that leads to several entity types has one for each. */
export interface BaseLead {
  /** Link property. */
  property: number;
  /** Entity type. */
  target: number;
  /** The property of the target that its values match; null for the key. */
  by: string | null;
  /** It leads to several entity types. */
  several?: true;
}

/** What a sync has changed, as far as it can concern the links of other connectors. */
export interface Written {
  /** By number of entity type; `properties`: those of updated resources. */
  types: ReadonlyMap<number, { inserted: boolean; deleted: boolean; properties: readonly string[] }>;
  /** Link properties with links that came, went or moved. */
  links: ReadonlySet<number>;
}

/**
 * What a base says of its version. An earlier version clears bases when something is written, and does not know `since`: it must not
 * take one for its own, though its number may be the same.
 */
export const baseVersion = (version: string): string => `${version}, with writes since`;

/** More syncs than this are not looked through again: everything is compared. */
export const mostSince = 500;

/**
 * Whether a change of another connector can change what the next complete sync over the same files finds. It took links of the
 * base's connector along; or it changed a value by which links are matched; or what it inserted can be what a value matches that
 * dangled, or that matched one resource only. A deleted resource that no link leads to changes at most how an error is worded.
 */
export function concerns({ types, links }: Written, { leads, errors }: AppliedBase): boolean {
  if (!leads) return true;
  return leads.some(({ property, target, by, several }) => {
    if (links.has(property)) return true;
    const written = types.get(target);
    if (!written) return false;
    if ((written.inserted || written.deleted) && (errors ?? 0) > 0) return true;
    if (written.inserted && (by !== null || several)) return true;
    return by !== null && written.properties.includes(by);
  });
}
