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

/** Link properties of a type in one direction, by name. A retired property does not hide its successor of the same name. */
export async function linkProperties(
  db: Database,
  type: EntityTypeRow,
  direction: Direction,
): Promise<Map<string, LinkPropertyRow>> {
  const links = (await linkPropertiesAt(db, type.id)).filter((link) =>
    direction === 'out' ? link.entityType === type.id : link.target === type.id,
  );
  links.sort((a, b) => Number(b.retired) - Number(a.retired));
  return new Map(links.map((link) => [nameOf(link, direction), link]));
}

/** A page of the resources at the other ends. */
export async function linksBody(
  db: Database,
  link: LinkPropertyRow,
  resource: number,
  direction: Direction,
  limit: number,
  cursor?: string,
) {
  const other = await findEntityType(db, direction === 'out' ? link.targetName : link.entityTypeName);
  if (!other) return { items: [], nextCursor: null, total: 0 };
  const after = readCursor(cursor, z.string()) ?? '';
  const found = await linkedResources(db, link, resource, direction, after, limit + 1);
  return {
    ...toPage(
      found,
      limit,
      (last) => last.key,
      (each) => foundBody(other, each),
    ),
    total: await countLinked(db, link, resource, direction),
  };
}
