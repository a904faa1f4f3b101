import { ownerName } from '../../../domain/provisioning/target.ts';
import { byName } from '../../../domain/chosen-names.ts';
import { z } from 'zod';
import {
  linkPropertiesAt,
  listEntityTypes,
  type EntityTypeRow,
  type LinkPropertyRow,
} from '../../../repository/catalog.ts';
import type { Database } from '../../../repository/database.ts';
import { countLinks, countResources } from '../../../repository/stored.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { requireEntityType } from '../../resource-body.ts';
import { route } from '../../route.ts';
import { entityTypeSchema } from '../../schemas/resource.ts';
import { pageOf } from '../../schemas/words.ts';

async function entityTypeBody(db: Database, type: EntityTypeRow) {
  const own = (await linkPropertiesAt(db, type.id)).filter((link) => link.entityType === type.id);
  const links = byName<number>();
  for (const link of own) links[link.name] = (links[link.name] ?? 0) + (await countLinks(db, link.id));
  return {
    name: type.name,
    displayName: type.displayName,
    connector: ownerName(type.connectorName),
    key: type.keyProperties,
    label: type.labelProperty,
    properties: type.properties.map((property) => ({
      ...property,
      key: type.keyProperties.includes(property.name),
      label: type.labelProperty === property.name,
    })),
    navigationProperties: navigationOf(own),
    managedBy: type.managedBy,
    users: type.users,
    counts: { resources: await countResources(db, type.id), links },
    retired: type.retired,
    self: `/v1/entity-types/${type.name}`,
  };
}

/** Those in use with all entity types that they lead to. What is retired stands for itself. */
function navigationOf(links: readonly LinkPropertyRow[]) {
  return links.flatMap(({ name, targetName, multiValued, retired }, nth) => {
    const same = (each: LinkPropertyRow) => !each.retired && each.name === name;
    // the property stands where its first row stands
    if (!retired && links.findIndex(same) !== nth) return [];
    const rows = retired ? [] : links.filter(same).sort((a, b) => a.place - b.place);
    const targets = retired ? [targetName] : rows.map((each) => each.targetName);
    return [{ name, to: targets[0] ?? targetName, targets, multiValued, retired }];
  });
}

export const listRoute = route({
  method: 'get',
  path: '/v1/entity-types',
  tag: 'resources',
  summary: 'Entity types by name',
  query: { ...pageQuery, connector: z.string().optional() },
  answers: { 200: { description: 'A page', schema: pageOf(entityTypeSchema) } },
  problems: [422],
  async handle({ deps, query: { limit, cursor, connector } }) {
    const after = readCursor(cursor, z.string()) ?? '';
    const found = (await listEntityTypes(deps.db)).filter(
      (type) =>
        !type.joins && type.name > after && (connector === undefined || ownerName(type.connectorName) === connector),
    );
    const page = toPage(
      found,
      limit,
      (last) => last.name,
      (type) => type,
    );
    const items = [];
    for (const type of page.items) items.push(await entityTypeBody(deps.db, type));
    return { status: 200, body: { items, nextCursor: page.nextCursor } };
  },
});

export const getRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}',
  tag: 'resources',
  summary: 'One entity type',
  params: { name: z.string() },
  answers: { 200: { description: 'The entity type', schema: entityTypeSchema } },
  problems: [404],
  async handle({ deps, params }) {
    return { status: 200, body: await entityTypeBody(deps.db, await requireEntityType(deps.db, params.name)) };
  },
});
