import { z } from 'zod';
import { listOpenErrorGroups, type OpenErrorGroup } from '../../../repository/open-error-groups.ts';
import { countOpenErrors } from '../../../repository/open-errors-list.ts';
import { keyFilter } from '../../key-filter.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { openErrorGroupSchema } from '../../schemas/status.ts';
import { pageOf } from '../../schemas/words.ts';
import { openErrorCounts, openErrorFilters } from './sync-errors.ts';

const placeSchema = z.object({
  code: z.string(),
  connector: z.string(),
  entityType: z.string(),
  property: z.string(),
});

export const syncErrorGroupsRoute = route({
  method: 'get',
  path: '/v1/sync-errors/groups',
  tag: 'status',
  summary: 'Open errors by code, connector, entity type and property',
  description: 'GET /v1/sync-errors with the same four lists the errors of a group.',
  query: { ...pageQuery, ...openErrorFilters },
  answers: {
    200: { description: 'A page, by code', schema: pageOf(openErrorGroupSchema).extend(openErrorCounts) },
  },
  problems: [422],
  async handle({ deps: { db }, query: { limit, cursor, key, ...rest } }) {
    const filter = { ...rest, key: await keyFilter(db, rest.entityType, key) };
    const found = await listOpenErrorGroups(db, filter, readCursor(cursor, placeSchema), limit + 1);
    const page = toPage(found, limit, placeOf, groupBody);
    return { status: 200, body: { ...page, ...(await countOpenErrors(db, filter)) } };
  },
});

const placeOf = ({ code, connector, entityType, property }: OpenErrorGroup) => ({
  code,
  connector,
  entityType: entityType ?? '',
  property: property ?? '',
});

/** Without what a group does not have. */
const groupBody = (group: OpenErrorGroup) =>
  Object.fromEntries(Object.entries(group).filter(([, value]) => value !== null));
