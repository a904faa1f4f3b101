import type { ConnectorFile } from './connector-file.ts';
import { inScope, linksInScope } from './scope.ts';
import type { SyncScope } from './sync.ts';

/**
 * What an incremental sync leaves out: everything that comes from connections that cannot report changes. It stays as
 * stored.
 */
export interface SkippedParts {
  /** Entity types whose rows are not read. */
  entityTypes: string[];
  /** `<Type>.<navigation property>` whose links are not read. */
  links: string[];
  tables: { connection: string; table: string; reason: string }[];
}

/** What keeps a connection from reporting changes, a sentence for people; undefined if nothing does. */
export type ChangesGap = (packageName: string, settings: unknown) => string | undefined;

/** The connections that cannot report changes, each with the reason. */
export function cannotTellChanges(file: ConnectorFile, gapOf: ChangesGap): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, package: packageName, settings } of file.connections) {
    const gap = gapOf(packageName, settings);
    if (gap !== undefined) found.set(name, gap);
  }
  return found;
}

/** What an incremental sync of this scope leaves out. */
export function skippedParts(file: ConnectorFile, scope: SyncScope | null, gapOf: ChangesGap): SkippedParts {
  const gaps = cannotTellChanges(file, gapOf);
  const entityTypes: string[] = [];
  const links: string[] = [];
  const tables = new Map<string, SkippedParts['tables'][number]>();
  const skips = (connection: string, table: string): boolean => {
    const gap = gaps.get(connection);
    if (gap === undefined) return false;
    const reason = `This table is not read, because the connection ${connection} cannot report changes. ${gap}`;
    tables.set(JSON.stringify([connection, table]), { connection, table, reason });
    return true;
  };
  for (const type of file.entityTypes.filter((each) => inScope(scope, each.name))) {
    if (skips(type.source.connection, type.source.table)) entityTypes.push(type.name);
    for (const [name, { connection, table }] of linksInScope(scope, type))
      if (skips(connection ?? type.source.connection, table ?? type.source.table)) links.push(`${type.name}.${name}`);
  }
  return { entityTypes, links, tables: [...tables.values()] };
}

/** Names of tables as a sync shows them: with the connection if two connections have a table of this name. */
export function tableNames(
  tables: readonly { connection: string; table: string }[],
): (of: { connection: string; table: string }) => string {
  const connections = new Map<string, Set<string>>();
  for (const { connection, table } of tables)
    connections.set(table, (connections.get(table) ?? new Set()).add(connection));
  return ({ connection, table }) => ((connections.get(table)?.size ?? 0) > 1 ? `${connection}/${table}` : table);
}
