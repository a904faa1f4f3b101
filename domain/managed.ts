import type { ConnectorFile } from './connector-file.ts';

/** Whether a connector has an entity type whose resources can be managed or unmanaged. */
export function hasManaged(file: ConnectorFile): boolean {
  return file.entityTypes.some((type) => 'managed' in type && type.managed !== undefined);
}
