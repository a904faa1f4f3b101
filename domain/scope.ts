import type { SyncScope } from './sync.ts';

/** Whether a sync of this scope covers the entity type at all. */
export function inScope(scope: SyncScope | null, entityType: string): boolean {
  if (scope?.entityTypes && !scope.entityTypes.includes(entityType)) return false;
  return !scope?.keys || Object.hasOwn(scope.keys, entityType);
}
