import { z } from 'zod';
import { entityTypesNamed, linkPropertiesAt, type EntityTypeRow, type LinkPropertyRow } from '../repository/catalog.ts';
import type { Database } from '../repository/database.ts';
import { countLinked, linkedResources } from '../repository/resources.ts';
import { readCursor, toPage } from './pagination.ts';
import { foundBody } from './resource-body.ts';

export type Direction = 'out' | 'in';

/** The name of links in a resource: their property, or `Type.property` for links that lead to the resource. */
const nameOf = (link: LinkPropertyRow, direction: Direction) =>
  direction === 'out' ? link.name : `${link.entityTypeName}.${link.name}`;

/** The link properties that begin or end at an entity type, and the entity types at their other ends, by name. */
export interface LinkCatalog {
  type: EntityTypeRow;
  links: readonly LinkPropertyRow[];
  ends: ReadonlyMap<string, EntityTypeRow>;
}

export async function linkCatalog(db: Database, type: EntityTypeRow): Promise<LinkCatalog> {
  const links = await linkPropertiesAt(db, type.id);
  const names = new Set(links.flatMap(({ targetName, entityTypeName }) => [targetName, entityTypeName]));
  names.delete(type.name);
  return { type, links, ends: new Map([...(await entityTypesNamed(db, [...names])), [type.name, type]]) };
}

/**
 * Link properties in one direction, by name, with a row for each entity type at the other end, in the order of the connector
 * file. A retired property does not hide its successor of the same name.
 */
export function linkProperties({ type, links }: LinkCatalog, direction: Direction): Map<string, LinkPropertyRow[]> {
  const found = links.filter((link) => (direction === 'out' ? link.entityType === type.id : link.target === type.id));
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
  types: LinkCatalog['ends'],
  links: readonly LinkPropertyRow[],
  resource: number,
  direction: Direction,
  limit: number,
  cursor?: string,
) {
  const ends: LinkEnd[] = [];
  for (const link of links) {
    const type = types.get(direction === 'out' ? link.targetName : link.entityTypeName);
    if (type) ends.push({ link, type });
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
  let total = found.length;
  // the first page has all of them, if there is no next one
  if (cursor !== undefined || found.length > limit) {
    total = 0;
    for (const { link } of ends) total += await countLinked(db, link, resource, direction);
  }
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
