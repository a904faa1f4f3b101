import { scopeOf } from '../connectors/registry.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { entityTypesOf, linkPropertiesOf } from '../repository/catalog.ts';
import type { Queryable } from '../repository/database.ts';
import { changedFilters } from '../repository/filters.ts';

/** The filters of a file that are not those by which everything was last compared. */
export async function filtersThatChanged(
  db: Queryable,
  connector: number,
  file: ConnectorFile,
): Promise<{ scope: string; parts: string[]; since: number }[]> {
  const types = (await entityTypesOf(db, connector)).filter(({ retired }) => !retired);
  const links = (await linkPropertiesOf(db, connector)).filter(({ retired }) => !retired);
  const filtered = [
    ...types.map(({ id, name }) => ({ id, entityType: name })),
    ...links.map(({ id, name, entityTypeName }) => ({ id, entityType: entityTypeName, property: name })),
  ];
  const changed = await changedFilters(db, connector, file, filtered, scopeOf);
  return changed.map(({ scope, parts, since }) => ({ scope, parts, since }));
}
