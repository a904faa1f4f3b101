import type { CatalogProperty } from './catalog.ts';

/** Which resources of an entity type a list has, and in what order. */
export interface BrowseQuery {
  /** Part of a value or of the key, in upper or lower case. */
  q?: string | undefined;
  /** Values by property: one of them is enough. */
  filters: { property: CatalogProperty; values: string[] }[];
  absent: { property: CatalogProperty; absent: boolean }[];
  /** Only managed resources, or only unmanaged ones. */
  managed?: boolean | undefined;
  sort?: { property: CatalogProperty; descending: boolean } | undefined;
  /** Of the last resource of the page before: its key, and its value of the sort property. */
  after?: { key: string; value?: string | null | undefined } | undefined;
}

export interface Sql {
  sql: string;
  bindings: (string | string[])[];
}
