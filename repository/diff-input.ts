import type { ScopeRule } from '../domain/delta-scope.ts';
import type { ManagedRule } from '../domain/managed.ts';
import type { Operation } from '../domain/sync.ts';
import type { Staging } from './staging.ts';

/** What a diff compares, all names and ids resolved. */
export interface DiffInput {
  sync: number;
  staging: Staging;
  mode: 'complete' | 'incremental';
  /**
   * Complete, but the staging has only the rows that were added since the stored export, and the keys and links of the
   * removed rows: see narrow.ts.
   */
  narrowed: boolean;
  /** Narrowed, and other syncs have written since the stored export was applied. */
  writtenSince?: boolean;
  operations: readonly Operation[];
  /** Incremental: an earlier limited sync may have applied these rows already. */
  repeated?: boolean;
  types: DiffType[];
  links: DiffLink[];
  /** Every other link property that a delete in `types` may take links from: of other connectors, out of scope, retired. */
  cascades: { id: number; entityType: number; target: number }[];
  /** Links of the connector that match another property than the key of their target, whether the sync reads them or not. */
  byLinks?: ByLink[];
  /** Syncs whose export began later than this one's and that have already written. */
  laterSyncs: number[];
  /** People have refused changes of the connector with memory: equal ones are suppressed. */
  refusals?: boolean;
  /** The sync can be applied, so the links of a first load are built with their changes, see built-links.ts. */
  builds?: boolean;
}

export interface DiffType {
  id: number;
  name: string;
  connection: string;
  /** Name of its table. */
  table: string;
  keyCount: number;
  /** Keys that differ by case only are warned of. */
  warnCaseVariants: boolean;
  /** Their stored values stay as they are. */
  retiredProperties: string[];
  /** The source said that it was read to its end: only then are deletes derived. */
  certified: boolean;
  /** Key texts that the sync is limited to; null for all. */
  scopeKeys: string[] | null;
  references: { property: number; multiValued: boolean }[];
  /** Its rows are whole records, and what is gone comes as tombstones. */
  structured?: boolean;
  /** What stays the same if a resource is renamed. */
  identity?: IdentityOf;
  /** Incremental: the source named all that it still has, so that what it did not name is gone. */
  present?: boolean;
  /** The condition of its table, where it has one. */
  scopeRule?: ScopeRule;
  /** Who decides which resources are managed, where not all of them are. */
  managed?: { by: 'hand' } | { by: 'rule'; rule: ManagedRule };
  /** Only managed resources are compared, and the links that lead from them. */
  managedOnly?: boolean;
  /** On its resources, where they are fewer than those of the sync. */
  operations?: readonly Operation[];
}

export interface IdentityOf {
  property: string;
  /** Whether it is the whole key: its form is then that of the key. */
  isKey: boolean;
  /** Values that differ by case only are the same. */
  folds: boolean;
}

/** An entity type that links of a property lead to. */
export interface LinkTarget {
  /** Link property: each entity type has a row of its own in the catalog. */
  id: number;
  target: number;
  /** A property of the target that the values match, instead of its key. */
  by: string | null;
  /** Values that differ from those of `by` by case only match. */
  folds?: boolean;
}

/** A navigation property; its own target is the first of the connector file. */
export interface DiffLink extends LinkTarget {
  name: string;
  entityType: number;
  /** The other entity types that it leads to, left out where it leads to one. With others, the staged values are forms. */
  others?: readonly LinkTarget[];
  multiValued: boolean;
  /** From a column of the entity type's table, or from a table of its own. */
  from: 'column' | 'table';
  connection: string;
  /** Name of the table. */
  table: string;
  certified: boolean;
}

export interface ByLink extends Pick<
  DiffLink,
  'id' | 'name' | 'entityType' | 'target' | 'multiValued' | 'from' | 'table' | 'folds'
> {
  by: string;
  /** All entity types that the property leads to, where there are several; this is one of them. */
  all?: readonly LinkTarget[];
  /** The row of the catalog by which its values are staged, where it is another one. */
  staged?: number;
  entityTypeName: string;
  /** Of the entity type that the link leads from. */
  keyCount: number;
}

export interface TypeResult {
  inserted: number;
  updated: number;
  deleted: number;
  withheld: number;
  overtaken: number;
  /** Changes that are equal to refused ones, and the deletes among them. */
  suppressed?: { all: number; deletes: number };
  /** The source still has none of what is stored. */
  nothingLeft?: boolean;
  /** Flags that change, beside the lines. */
  flags?: { managed: number; unmanaged: number };
}

/** A resource of the type as the delta files leave it, and whether it is a new one under a key that was stored. */
export const isRecreated = (input: DiffInput, alias: string) =>
  input.mode === 'incremental' ? `${alias}.recreated` : 'false';

export interface LinkResult {
  inserted: number;
  updated: number;
  deleted: number;
  /** Dangling and ambiguous links. */
  rejected: number;
  withheld: number;
  /** Links that the source no longer has, but another value of it may be their new name; left out if there are none. */
  kept?: number;
  overtaken: number;
  suppressed?: { all: number; deletes: number };
  /** Links that the source has, resolved. */
  wanted: number;
  /** Of a column: stored links that go or move. Rejected rows and values that match nothing protect theirs. */
  going?: number;
  /** Of a link table: stored links that stay although no row has them. Left out where there cannot be any. */
  unbacked?: number;
}

export const operationsOf = (input: DiffInput, type: DiffType): readonly Operation[] =>
  type.operations ?? input.operations;

/** Whether only the managed resources of a type are compared, and not all of them are managed. */
export const isManagedOnly = (type: DiffType): boolean => type.managedOnly === true && type.managed !== undefined;

/** Whether only the keys in `scoped` are compared. */
export const isLimited = (type: DiffType): boolean => type.scopeKeys !== null || isManagedOnly(type);

/** Whether the sync may leave new resources of a type out, into `leftOut`: links to them are left out, not dangling. */
export function leavesOut(input: DiffInput, type: number): boolean {
  const found = input.types.find(({ id }) => id === type);
  return (
    found !== undefined &&
    (input.refusals === true || isManagedOnly(found) || !operationsOf(input, found).includes('insert'))
  );
}

/** Names of the temporary tables of a diff; they end with its transaction. */
export const inserted = (type: number) => `inserted_${String(type)}`;
export const updated = (type: number) => `updated_${String(type)}`;
export const deleted = (type: number) => `deleted_${String(type)}`;
export const folded = (type: number) => `folded_${String(type)}`;
export const removed = (type: number) => `removed_${String(type)}`;
export const scoped = (type: number) => `scoped_${String(type)}`;
export const suppressed = (type: number) => `suppressed_${String(type)}`;
export const leftOut = (type: number) => `left_out_${String(type)}`;
