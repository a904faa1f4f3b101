import { keyFromPath } from '../domain/key.ts';
import { textFaults } from '../domain/text-faults.ts';
import { findEntityType } from '../repository/catalog.ts';
import type { Queryable } from '../repository/database.ts';
import { invalid } from './problems.ts';
import { askedKey, findByKey } from './resource-body.ts';

/**
 * A key given as a filter: as in a path, or as a JSON array of strings. If the entity type is known, the key may have the form
 * of its source.
 */
export async function keyFilter(
  db: Queryable,
  entityType: string | undefined,
  text: string | undefined,
  name = 'key',
): Promise<string[] | undefined> {
  if (text === undefined) return undefined;
  const parts = readKey(text, name);
  const type = entityType === undefined ? undefined : await findEntityType(db, entityType);
  if (type?.keyProperties.length !== parts.length) return parts;
  return (await findByKey(db, type, askedKey(type, parts))).key.parts;
}

function readKey(text: string, name: string): string[] {
  let key: string[] | undefined;
  if (text.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      key = Array.isArray(parsed) && parsed.every((part) => typeof part === 'string') ? parsed : undefined;
    } catch {
      key = undefined;
    }
  } else key = keyFromPath(text);
  if (!key || textFaults(key).length > 0)
    throw invalid(
      `/${name}`,
      `${name} has to be the parts of a key joined by commas, as in a path, or a JSON array of strings.`,
    );
  return key;
}
