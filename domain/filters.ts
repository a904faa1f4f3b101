import { createHash } from 'node:crypto';
import type { ConnectionFile, ConnectorFile, EntityTypeFile, NavigationFile } from './connector-file.ts';

/** The settings of a connection that decide which rows a table has, as its package declares them. */
export type ScopeOf = (connection: ConnectionFile, table: string) => Record<string, unknown>;

/**
 * What decides which rows an entity type has, or which links a property: its parts, by their names in the connector file.
 */
export type Filter = Readonly<Record<string, unknown>>;

/** The filter of an entity type; undefined if the file has no such type. */
export function typeFilter(file: ConnectorFile, entityType: string, scopeOf: ScopeOf): Filter | undefined {
  const type = file.entityTypes.find(({ name }) => name === entityType);
  return type && { ...tableFilter(file, type.source.connection, type.source.table, scopeOf), where: type.source.where };
}

/**
 * The filter of a navigation property; undefined if the file has no such property. The filter of its entity type decides
 * which rows that type has; the links of a row belong to the row.
 */
export function linkFilter(
  file: ConnectorFile,
  { entityType, name }: { entityType: string; name: string },
  scopeOf: ScopeOf,
): Filter | undefined {
  const type = file.entityTypes.find((each) => each.name === entityType);
  const navigation = type && Object.entries(type.navigationProperties).find(([each]) => each === name)?.[1];
  if (!type || !navigation) return undefined;
  return { ...tableFilter(file, ...tableOf(type, navigation), scopeOf), ...columnsOf(navigation) };
}

const tableOf = ({ source }: EntityTypeFile, { connection, table }: NavigationFile): [string, string] =>
  table === undefined ? [source.connection, source.table] : [connection ?? source.connection, table];

const columnsOf = ({ column, sourceColumn, targetColumn, where }: NavigationFile): Filter => ({
  column,
  sourceColumn,
  targetColumn,
  where,
});

function tableFilter(file: ConnectorFile, connection: string, table: string, scopeOf: ScopeOf): Filter {
  const configured = file.connections.find(({ name }) => name === connection);
  const settings = configured ? Object.entries(scopeOf(configured, table)) : [];
  return {
    package: configured?.package,
    ...Object.fromEntries(settings.map(([name, value]) => [`settings.${name}`, value])),
    table,
  };
}

/** One fingerprint for all filters of a file: equal fingerprints mean equal filters. */
export function filterFingerprint(file: ConnectorFile, scopeOf: ScopeOf): string {
  const filters = file.entityTypes.flatMap(({ name: entityType, navigationProperties }) => [
    [entityType, typeFilter(file, entityType, scopeOf)],
    ...Object.keys(navigationProperties).map((name) => [
      `${entityType}.${name}`,
      linkFilter(file, { entityType, name }, scopeOf),
    ]),
  ]);
  return createHash('sha256').update(JSON.stringify(filters)).digest('hex');
}

/** The parts in which two filters differ, by name. */
export function changedParts(before: Filter, now: Filter): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name])).sort();
}

/** A filter that differs from the filter of the last full comparison. */
export interface ChangedFilter {
  /** `<Type>` or `<Type>.<navigation property>`. */
  scope: string;
  entityType: string;
  property?: string;
  /** Names of what differs, as the connector file has them. */
  parts: string[];
  /** The revision of the last full comparison. */
  since: number;
}

/** A text for people: names of configuration, no values. */
export function describeChangedFilter({ scope, parts, since }: ChangedFilter): string {
  const verb = parts.length === 1 ? 'differs' : 'differ';
  return `${listed(parts)} of ${scope} ${verb} from revision ${String(since)}, which the last full comparison of ${scope} used`;
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
