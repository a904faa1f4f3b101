import type { ConnectorFile } from './connector-file.ts';
import type { SyncScope } from './sync.ts';

/** Whether a sync of this scope covers the entity type at all. */
export function inScope(scope: SyncScope | null, entityType: string): boolean {
  if (scope?.entityTypes && !scope.entityTypes.includes(entityType)) return false;
  return !scope?.keys || Object.hasOwn(scope.keys, entityType);
}

/** The tables of one connection that a sync of this scope reads, each once, in the order of the file. */
export function tablesInScope(file: ConnectorFile, scope: SyncScope | null, connection: string): string[] {
  const tables = new Set<string>();
  for (const type of file.entityTypes.filter((each) => inScope(scope, each.name))) {
    if (type.source.connection === connection) tables.add(type.source.table);
    for (const navigation of Object.values(type.navigationProperties))
      if (navigation.table !== undefined && (navigation.connection ?? type.source.connection) === connection)
        tables.add(navigation.table);
  }
  return [...tables];
}
