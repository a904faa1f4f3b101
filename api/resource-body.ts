import { own } from '../domain/chosen-names.ts';
import { foldKey, keyFromPath, keyParts, keyText, keyToPath } from '../domain/key.ts';
import { keyPartAsStored } from '../domain/match-value.ts';
import { findEntityType, type EntityTypeRow } from '../repository/catalog.ts';
import type { Queryable } from '../repository/database.ts';
import { findResource, type ResourceRow } from '../repository/resources.ts';
import { invalid, notFound } from './problems.ts';

/** @throws Problem if there is no such entity type */
export async function requireEntityType(db: Queryable, name: string): Promise<EntityTypeRow> {
  const type = await findEntityType(db, name);
  if (!type) throw notFound(`There is no entity type ${name}; GET /v1/entity-types lists them.`);
  return type;
}

export interface Key {
  parts: string[];
  text: string;
}

/** A key as a person gives it. */
export interface AskedKey extends Key {
  /** The key that the source would give for these texts, if it is another key. */
  asWritten?: Key;
}

/** The key that a path names. @throws Problem if it has another number of parts */
export function keyIn(type: EntityTypeRow, segment: string): AskedKey {
  const parts = keyFromPath(segment);
  const names = type.keyProperties;
  if (parts?.length !== names.length)
    throw invalid(
      '/key',
      `A key of ${type.name} has ${String(names.length)} parts (${names.join(', ')}), each percent-encoded, joined by commas.`,
    );
  return askedKey(type, parts);
}

/** A key of so many parts as the type has, as a person gives it. */
export function askedKey(type: EntityTypeRow, parts: readonly string[]): AskedKey {
  const properties = type.keyProperties.map((name) => type.properties.find((each) => each.name === name));
  const folded = parts.map((part, i) => (properties[i]?.caseInsensitive ? foldKey(part) : part));
  const today = new Date();
  const read = parts.map((part, i) => (properties[i] ? keyPartAsStored(properties[i], part, today) : part));
  return { ...keyOf(folded), ...(keyText(read) === keyText(folded) ? {} : { asWritten: keyOf(read) }) };
}

const keyOf = (parts: string[]): Key => ({ parts, text: keyText(parts) });

/** The resource of a key; if there is none, the resource whose key the source would write like this. */
export async function findByKey(
  db: Queryable,
  type: EntityTypeRow,
  { asWritten, ...key }: AskedKey,
): Promise<{ key: Key; resource: ResourceRow | undefined }> {
  const resource = await findResource(db, type.id, key.text);
  if (resource || !asWritten) return { key, resource };
  return { key: asWritten, resource: await findResource(db, type.id, asWritten.text) };
}

/** What a resource is called in lists. */
export function foundBody(
  type: Pick<EntityTypeRow, 'name' | 'keyProperties' | 'labelProperty'>,
  resource: { key: string; attributes: Record<string, unknown> },
) {
  const key = keyParts(resource.key, type.keyProperties.length);
  const label = type.labelProperty === null ? undefined : own(resource.attributes, type.labelProperty);
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
