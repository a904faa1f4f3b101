import type { ConnectorFile } from './connector-file.ts';
import { inScope, linksInScope, tablesInScope } from './scope.ts';
import type { SyncMode, SyncScope } from './sync.ts';

/**
 * The parts that an incremental sync leaves out: everything that comes from connections that cannot report changes.
 * These parts stay as they are stored.
 */
export interface SkippedParts {
  /** Entity types whose rows are not read. */
  entityTypes: string[];
  /** `<Type>.<navigation property>` whose links are not read. */
  links: string[];
  tables: { connection: string; table: string; reason: string }[];
}

/**
 * What keeps a connection, or one of its tables, from reporting changes, a sentence for people; undefined if nothing does. A
 * connection can report changes if one of its tables can.
 */
export type ChangesGap = (packageName: string, settings: unknown, table?: string) => string | undefined;

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
  const gapOfTable = tableGaps(file, gapOf);
  const entityTypes: string[] = [];
  const links: string[] = [];
  const tables = new Map<string, SkippedParts['tables'][number]>();
  const skips = (connection: string, table: string): boolean => {
    const whole = gaps.get(connection);
    const gap = whole ?? gapOfTable(connection, table);
    if (gap === undefined) return false;
    const what =
      whole === undefined ? 'its changes cannot be told' : `the connection ${connection} cannot report changes`;
    const reason = `This table is not read, because ${what}. ${gap}`;
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

/** The tables of a connection that a sync reads. */
export function tablesToRead(
  file: ConnectorFile,
  { mode, scope }: { mode: SyncMode; scope: SyncScope | null },
  connection: string,
  gapOf: ChangesGap,
): string[] {
  const tables = tablesInScope(file, scope, connection);
  if (mode === 'complete') return tables;
  if (cannotTellChanges(file, gapOf).has(connection)) return [];
  const gapOfTable = tableGaps(file, gapOf);
  return tables.filter((table) => gapOfTable(connection, table) === undefined);
}

function tableGaps(file: ConnectorFile, gapOf: ChangesGap) {
  return (connection: string, table: string): string | undefined => {
    const configured = file.connections.find(({ name }) => name === connection);
    return configured && gapOf(configured.package, configured.settings, table);
  };
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
