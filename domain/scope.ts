import type { ConnectorFile, EntityTypeFile, NavigationFile } from './connector-file.ts';
import { operations, type Operation, type SyncScope } from './sync.ts';

/** Whether a sync of this scope covers the entity type at all. */
export function inScope(scope: SyncScope | null, entityType: string): boolean {
  if (scope?.entityTypes && !scope.entityTypes.includes(entityType)) return false;
  return !scope?.keys || Object.hasOwn(scope.keys, entityType);
}

/** The operations on resources of an entity type that a sync of this scope makes. */
export function operationsOn(scope: SyncScope | null, type: Pick<EntityTypeFile, 'users'>): readonly Operation[] {
  const all = scope?.operations ?? operations;
  return scope?.users === 'leave' && type.users === true ? all.filter((operation) => operation !== 'update') : all;
}

/** The navigation properties of an entity type in scope that a sync compares: none if the sync is about users only. */
export const linksInScope = (scope: SyncScope | null, type: EntityTypeFile): [string, NavigationFile][] =>
  scope?.users === 'only' ? [] : Object.entries(type.navigationProperties);

/** Whether a sync of this scope compares all that is read from a table: every entity type and link property, every key. */
export function coversTable(file: ConnectorFile, scope: SyncScope | null, connection: string, table: string): boolean {
  if (scope === null) return true;
  if (scope.keys ?? scope.operations ?? scope.managedOnly ?? scope.users) return false;
  return file.entityTypes
    .filter((type) => readsTable(type, connection, table))
    .every((type) => inScope(scope, type.name));
}

const readsTable = (type: EntityTypeFile, connection: string, table: string): boolean =>
  (type.source.connection === connection && type.source.table === table) ||
  Object.values(type.navigationProperties).some(
    (navigation) => navigation.table === table && (navigation.connection ?? type.source.connection) === connection,
  );

/** The tables of one connection that a sync of this scope reads, each once, in the order of the file. */
export function tablesInScope(file: ConnectorFile, scope: SyncScope | null, connection: string): string[] {
  const tables = new Set<string>();
  for (const type of file.entityTypes.filter((each) => inScope(scope, each.name))) {
    if (type.source.connection === connection) tables.add(type.source.table);
    for (const [, navigation] of linksInScope(scope, type))
      if (navigation.table !== undefined && (navigation.connection ?? type.source.connection) === connection)
        tables.add(navigation.table);
  }
  return [...tables];
}
