import { z } from 'zod';
import { findEntityType, linkPropertiesAt, type EntityTypeRow, type LinkPropertyRow } from '../repository/catalog.ts';
import type { Database } from '../repository/database.ts';
import { countLinked, linkedResources } from '../repository/resources.ts';
import { readCursor, toPage } from './pagination.ts';
import { foundBody } from './resource-body.ts';

export type Direction = 'out' | 'in';

/** The name of links in a resource: their property, or `Type.property` for links that lead to the resource. */
const nameOf = (link: LinkPropertyRow, direction: Direction) =>
  direction === 'out' ? link.name : `${link.entityTypeName}.${link.name}`;

/**
 * Link properties of a type in one direction, by name, with a row for each entity type at the other end, in the order of the
 * connector file. A retired property does not hide its successor of the same name.
 */
export async function linkProperties(
  db: Database,
  type: EntityTypeRow,
  direction: Direction,
): Promise<Map<string, LinkPropertyRow[]>> {
  const found = (await linkPropertiesAt(db, type.id)).filter((link) =>
    direction === 'out' ? link.entityType === type.id : link.target === type.id,
  );
  const byName = new Map<string, LinkPropertyRow[]>();
  for (const link of found.filter(({ retired }) => retired)) byName.set(nameOf(link, direction), [link]);
  for (const link of found.filter(({ retired }) => !retired).sort((a, b) => a.place - b.place)) {
    const name = nameOf(link, direction);
    const known = byName.get(name)?.filter(({ retired }) => !retired) ?? [];
    byName.set(name, [...known, link]);
  }
  return byName;
}

/** A page of the resources at the other ends, in the order of their keys. */
export async function linksBody(
  db: Database,
  links: readonly LinkPropertyRow[],
  resource: number,
  direction: Direction,
  limit: number,
  cursor?: string,
) {
  const ends: LinkEnd[] = [];
  let total = 0;
  for (const link of links) {
    const type = await findEntityType(db, direction === 'out' ? link.targetName : link.entityTypeName);
    if (!type) continue;
    ends.push({ link, type });
    total += await countLinked(db, link, resource, direction);
  }
  // with several entity types, equal keys are in the order of these
  const place =
    ends.length > 1
      ? (readCursor(cursor, z.object({ key: z.string(), nth: z.int() })) ?? firstPlace)
      : { key: readCursor(cursor, z.string()) ?? '', nth: 0 };
  const found = await linkedResources(
    db,
    ends.map(({ link }) => link),
    resource,
    direction,
    place,
    limit + 1,
  );
  return {
    ...toPage(
      found,
      limit,
      ({ key, nth }) => (ends.length > 1 ? { key, nth } : key),
      (each) => {
        const type = ends[each.nth]?.type;
        if (!type) throw new Error('a link leads to an entity type that was not asked for');
        return foundBody(type, each);
      },
    ),
    total,
  };
}

interface LinkEnd {
  link: LinkPropertyRow;
  /** At the other end. */
  type: EntityTypeRow;
}

const firstPlace = { key: '', nth: 0 };
