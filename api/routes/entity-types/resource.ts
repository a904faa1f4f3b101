import { byName } from '../../../domain/chosen-names.ts';
import { z } from 'zod';
import type { EntityTypeRow } from '../../../repository/catalog.ts';
import type { Database, Queryable } from '../../../repository/database.ts';
import { resourceHistory, toHistoryItem } from '../../../repository/history.ts';
import { allJobs } from '../../../repository/jobs.ts';
import { findChoice } from '../../../repository/managed.ts';
import { lastSyncOf, type ResourceRow } from '../../../repository/resources.ts';
import { linkCatalog, linkProperties, linksBody, type Direction } from '../../links-body.ts';
import { timetable, type Planned } from '../../next-sync.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
import { plannableOf } from '../../plannable.ts';
import { notFound } from '../../problems.ts';
import { findByKey, keyIn, requireEntityType, resourceBody, type Key } from '../../resource-body.ts';
import { route } from '../../route.ts';
import { fullResourceSchema, historyItemSchema, linksSchema } from '../../schemas/resource.ts';
import { pageOf } from '../../schemas/words.ts';

const linksShown = 50;

export async function requireResource(
  db: Queryable,
  name: string,
  segment: string,
): Promise<{ type: EntityTypeRow; key: Key; resource: ResourceRow }> {
  const type = await requireEntityType(db, name);
  const { key, resource } = await findByKey(db, type, keyIn(type, segment));
  if (!resource) throw notFound(`There is no ${name} with this key; its history may say when it was deleted.`);
  return { type, key, resource };
}

export const getRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}/resources/{key}',
  tag: 'resources',
  summary: 'One resource, with its links both ways',
  params: { name: z.string(), key: z.string() },
  answers: { 200: { description: 'The resource', schema: fullResourceSchema } },
  problems: [404, 422],
  async handle({ deps: { db }, params }) {
    const { type, key, resource } = await requireResource(db, params.name, params.key);
    const catalog = await linkCatalog(db, type);
    const linksOf = async (direction: Direction) => {
      const all = byName<unknown>();
      for (const [name, link] of linkProperties(catalog, direction))
        all[name] = await linksBody(db, catalog.ends, link, resource.id, direction, linksShown);
      return all;
    };
    return {
      status: 200,
      body: {
        ...resourceBody(type, resource),
        links: await linksOf('out'),
        referencedBy: await linksOf('in'),
        managedChoice: (await findChoice(db, type.id, key.text)) ?? null,
        lastSync: (await lastSyncOf(db, type, key.text, key.parts, resource.managed ?? true)) ?? null,
        nextSync: await nextSyncOf(db, type, resource.managed),
      },
    };
  },
});

async function nextSyncOf(db: Database, type: EntityTypeRow, managed: boolean | null): Promise<Planned | null> {
  const now = new Date();
  const plannable = await plannableOf(db, type.connectorName, now);
  return plannable ? timetable(await allJobs(db), now)(plannable, { entityType: type.name, managed }) : null;
}

export const linksRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}/resources/{key}/links/{navigation}',
  tag: 'resources',
  summary: 'Links of one navigation property',
  params: { name: z.string(), key: z.string(), navigation: z.string() },
  query: pageQuery,
  answers: { 200: { description: 'A page', schema: linksSchema } },
  problems: [404, 422],
  async handle({ deps: { db }, params, query: { limit, cursor } }) {
    const { type, resource } = await requireResource(db, params.name, params.key);
    const catalog = await linkCatalog(db, type);
    const link = linkProperties(catalog, 'out').get(params.navigation);
    if (!link) throw notFound(`${params.name} has no navigation property ${params.navigation}.`);
    return { status: 200, body: await linksBody(db, catalog.ends, link, resource.id, 'out', limit, cursor) };
  },
});

export const referencedByRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}/resources/{key}/referenced-by/{type}/{navigation}',
  tag: 'resources',
  summary: 'Resources whose links of one navigation property lead here',
  params: { name: z.string(), key: z.string(), type: z.string(), navigation: z.string() },
  query: pageQuery,
  answers: { 200: { description: 'A page', schema: linksSchema } },
  problems: [404, 422],
  async handle({ deps: { db }, params, query: { limit, cursor } }) {
    const { type, resource } = await requireResource(db, params.name, params.key);
    const catalog = await linkCatalog(db, type);
    const link = linkProperties(catalog, 'in').get(`${params.type}.${params.navigation}`);
    if (!link) throw notFound(`No ${params.type}.${params.navigation} leads to ${params.name}.`);
    return { status: 200, body: await linksBody(db, catalog.ends, link, resource.id, 'in', limit, cursor) };
  },
});

export const historyRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}/resources/{key}/history',
  tag: 'resources',
  summary: 'Every applied change of a resource, newest first',
  description: 'Also of a deleted resource. The links are those that lead from it.',
  params: { name: z.string(), key: z.string() },
  query: pageQuery,
  answers: { 200: { description: 'A page', schema: pageOf(historyItemSchema) } },
  problems: [404, 422],
  async handle({ deps: { db }, params, query: { limit, cursor } }) {
    const type = await requireEntityType(db, params.name);
    const asked = keyIn(type, params.key);
    const before = readCursor(cursor, z.object({ sync: rowNumber, kind: z.literal([0, 1]), seq: rowNumber }));
    const historyOf = ({ text }: Key) => resourceHistory(db, type, text, before, limit + 1);
    let found = await historyOf(asked);
    if (found.length === 0 && asked.asWritten) found = await historyOf(asked.asWritten);
    if (found.length === 0 && !before && !(await findByKey(db, type, asked)).resource)
      throw notFound(`There is no ${params.name} with this key, and there never was one.`);
    const page = toPage(found, limit, ({ sync, kind, seq }) => ({ sync, kind, seq }), toHistoryItem);
    return { status: 200, body: page };
  },
});
