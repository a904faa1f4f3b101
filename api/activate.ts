import type { ConnectorFile } from '../domain/connector-file.ts';
import { isDirectory } from '../domain/directory/directory-file.ts';
import { activateRevision, entityTypesOf, linkPropertiesOf } from '../repository/catalog.ts';
import type { ConnectorRow } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { keepJoinTypes } from '../repository/directory/rules.ts';
import { keepTarget } from '../repository/provisioning/targets.ts';
import { refreshViews } from '../repository/views.ts';

interface Difference {
  added: string[];
  retired: string[];
}

export interface CatalogChanges {
  entityTypes: Difference;
  properties: Difference;
  navigationProperties: Difference;
}

/**
 * Makes a revision the active one.
 * @returns the parts that were added to the repository's model, and the parts that were retired
 */
export async function activate(
  tx: Queryable,
  connector: ConnectorRow,
  revision: number,
  file: ConnectorFile,
): Promise<CatalogChanges> {
  const before = await namesInUse(tx, connector.id);
  await activateRevision(tx, connector.id, revision, file);
  await keepJoinTypes(tx);
  if (!isDirectory(file)) await keepTarget(tx, connector, file);
  await refreshViews(tx, connector.id);
  const after = await namesInUse(tx, connector.id);
  return {
    entityTypes: difference(before.types, after.types),
    properties: difference(before.properties, after.properties),
    navigationProperties: difference(before.links, after.links),
  };
}

async function namesInUse(tx: Queryable, connector: number) {
  const types = (await entityTypesOf(tx, connector)).filter((type) => !type.retired);
  const used = new Set(types.map((type) => type.name));
  return {
    types: [...used],
    properties: types.flatMap((type) =>
      type.properties.filter((each) => !each.retired).map((each) => `${type.name}.${each.name}`),
    ),
    links: [
      ...new Set(
        (await linkPropertiesOf(tx, connector))
          .filter((link) => !link.retired && used.has(link.entityTypeName))
          .map((link) => `${link.entityTypeName}.${link.name}`),
      ),
    ],
  };
}

const difference = (before: string[], after: string[]): Difference => ({
  added: after.filter((name) => !before.includes(name)),
  retired: before.filter((name) => !after.includes(name)),
});
