import { foldKey, keyFromPath, keyParts, keyText, keyToPath } from '../domain/key.ts';
import { findEntityType, type EntityTypeRow } from '../repository/catalog.ts';
import type { Queryable } from '../repository/database.ts';
import { invalid, notFound } from './problems.ts';

/** @throws Problem where there is no such entity type */
export async function requireEntityType(db: Queryable, name: string): Promise<EntityTypeRow> {
  const type = await findEntityType(db, name);
  if (!type) throw notFound(`There is no entity type ${name}; GET /v1/entity-types lists them.`);
  return type;
}

export interface Key {
  parts: string[];
  text: string;
}

/** The key that a path names, in the form in which it is stored. @throws Problem where it has another number of parts */
export function keyIn(type: EntityTypeRow, segment: string): Key {
  const parts = keyFromPath(segment);
  const names = type.keyProperties;
  if (parts?.length !== names.length)
    throw invalid(
      '/key',
      `A key of ${type.name} has ${String(names.length)} parts (${names.join(', ')}), each percent-encoded, joined by commas.`,
    );
  const folded = parts.map((part, i) =>
    type.properties.find((each) => each.name === names[i])?.caseInsensitive ? foldKey(part) : part,
  );
  return { parts: folded, text: keyText(folded) };
}

/** What a resource is called in lists. */
export function foundBody(
  type: Pick<EntityTypeRow, 'name' | 'keyProperties' | 'labelProperty'>,
  resource: { key: string; attributes: Record<string, unknown> },
) {
  const key = keyParts(resource.key, type.keyProperties.length);
  const label = type.labelProperty === null ? undefined : resource.attributes[type.labelProperty];
  return {
    entityType: type.name,
    key,
    label: typeof label === 'string' && label !== '' ? label : key.join(' '),
    self: `/v1/entity-types/${type.name}/resources/${keyToPath(key)}`,
  };
}

export function resourceBody(
  type: EntityTypeRow,
  resource: { key: string; attributes: Record<string, unknown>; managed: boolean | null },
) {
  return { ...foundBody(type, resource), managed: resource.managed, attributes: resource.attributes };
}
