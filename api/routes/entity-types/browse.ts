import { own } from '../../../domain/chosen-names.ts';
import { z } from 'zod';
import { findAppliedSync, resourcesAsOf } from '../../../repository/as-of.ts';
import type { EntityTypeRow } from '../../../repository/catalog.ts';
import type { Queryable } from '../../../repository/database.ts';
import {
  attributesStatement,
  browseResources,
  isNumber,
  type BrowsedResource,
  type ResourceRow,
} from '../../../repository/resources.ts';
import { searchResources } from '../../../repository/search.ts';
import { inSnapshot, rowsInParts } from '../../../repository/snapshot.ts';
import { readBrowseQuery } from '../../browse-query.ts';
import { sendCsv } from '../../csv-answer.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { invalid, Problem } from '../../problems.ts';
import { foundBody, requireEntityType, resourceBody } from '../../resource-body.ts';
import { route } from '../../route.ts';
import { foundSchema, resourceSchema } from '../../schemas/resource.ts';
import { pageOf } from '../../schemas/words.ts';

const browseParameters = {
  q: z.string().min(1).max(200).optional().describe('Part of a value, in upper or lower case'),
  sort: z
    .string()
    .optional()
    .describe('A property; with - before it in descending order. Texts are ordered by their first 500 characters'),
  managed: z.enum(['true', 'false']).optional().describe('Only managed resources, or only unmanaged ones'),
  asOf: z.uuid('the id of a sync').optional().describe('The id of an applied sync: resources as it left them'),
};
const filters =
  'Write a filter as `filter[property]=value`. If a filter is repeated, one of the values has to fit. `filter[property][null]=true` finds absent values. Equal values are ordered by key.';
const positionSchema = z.object({
  key: z.string(),
  value: z.string().nullable().optional(),
  sort: z.string().optional(),
});
const position = ({ key, sortValue }: BrowsedResource) => ({ key, value: sortValue });

export const browseRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}/resources',
  tag: 'resources',
  summary: 'Resources of an entity type',
  description: filters,
  params: { name: z.string() },
  query: { ...pageQuery, ...browseParameters },
  moreQuery: true,
  answers: { 200: { description: 'A page', schema: pageOf(resourceSchema) } },
  problems: [404, 409, 422],
  async handle({ deps, params, query: { limit, cursor, asOf, managed, ...rest } }) {
    const type = await requireEntityType(deps.db, params.name);
    const after = readCursor(cursor, positionSchema);
    if (after && after.sort !== rest.sort) throw invalid('/cursor', 'The cursor belongs to a list in another order.');
    const wanted = readBrowseQuery(type, rest);
    const ofNumbers = wanted.sort !== undefined && isNumber(wanted.sort.property);
    if (ofNumbers && typeof after?.value === 'string' && !/^-?\d+(\.\d+)?$/.test(after.value))
      throw invalid(
        '/cursor',
        `The cursor was made when ${wanted.sort?.property.name ?? ''} was not a number: start again without a cursor.`,
      );
    const query = { ...wanted, managed: readManaged(managed, asOf), after };
    const found = await browseResources(deps.db, type, query, limit + 1, await sourceAsOf(deps.db, type, asOf));
    return {
      status: 200,
      body: toPage(
        found,
        limit,
        (each) => ({ ...position(each), sort: rest.sort }),
        (each) => resourceBody(type, each),
      ),
    };
  },
});

export const browseCsvRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}/resources.csv',
  tag: 'resources',
  summary: 'The same as a CSV file',
  description: filters,
  params: { name: z.string() },
  query: browseParameters,
  moreQuery: true,
  answers: { 200: { description: 'One row for each resource', type: 'text/csv' } },
  problems: [404, 409, 422],
  async handle({ deps, params, query: { asOf, managed, ...query }, response }) {
    return inSnapshot(deps.downloads, async (tx) => {
      const type = await requireEntityType(tx, params.name);
      const wanted = { ...readBrowseQuery(type, query), managed: readManaged(managed, asOf) };
      const { sql, bindings } = attributesStatement(type, wanted, await sourceAsOf(tx, type, asOf));
      const names = type.properties.map((property) => property.name);
      async function* pages() {
        for await (const page of rowsInParts<Pick<ResourceRow, 'attributes'>>(tx, sql, bindings))
          yield page.map(({ attributes }) => names.map((name) => own(attributes, name)));
      }
      return sendCsv(response, `${type.name}.csv`, names, pages());
    });
  },
});

function readManaged(managed: 'true' | 'false' | undefined, asOf: string | undefined): boolean | undefined {
  if (managed === undefined) return undefined;
  if (asOf !== undefined)
    throw invalid(
      '/managed',
      'It is not stored which resources were managed at an earlier time. Remove managed or asOf.',
    );
  return managed === 'true';
}

/** The sync whose state is read; undefined for the current state. */
async function sourceAsOf(
  db: Queryable,
  type: EntityTypeRow,
  asOf: string | undefined,
): Promise<ReturnType<typeof resourcesAsOf> | undefined> {
  if (asOf === undefined) return undefined;
  const sync = await findAppliedSync(db, asOf, type.connector);
  if (!sync) throw invalid('/asOf', 'There is no applied sync with this id.');
  if (sync.forgotten)
    throw new Problem('conflict', 'Later changes are no longer kept, so the state before them is not known.');
  return resourcesAsOf(type.id, sync.no);
}

export const searchRoute = route({
  method: 'get',
  path: '/v1/search',
  tag: 'resources',
  summary: 'Resources of every entity type that have a text in their key or a value',
  description: 'In upper or lower case. Only the first part of a value of more than 1,000 characters is searched.',
  query: { ...pageQuery, q: z.string('name the text to search for: q=…').min(1).max(200) },
  answers: { 200: { description: 'A page', schema: pageOf(foundSchema) } },
  problems: [422],
  async handle({ deps, query: { limit, cursor, q } }) {
    const after = readCursor(cursor, z.object({ type: z.string(), key: z.string() }));
    const found = await searchResources(deps.db, q, after, limit + 1);
    return {
      status: 200,
      body: toPage(
        found,
        limit,
        ({ type, key }) => ({ type: type.name, key }),
        ({ type, ...resource }) => foundBody(type, resource),
      ),
    };
  },
});
