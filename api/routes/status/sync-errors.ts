import { z } from 'zod';
import { countOpenErrors, listOpenErrors, type OpenError } from '../../../repository/open-errors-list.ts';
import { keyFilter } from '../../key-filter.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { toldInstantSchema } from '../../schemas/instant.ts';
import { openEffectSchema, openErrorSchema } from '../../schemas/status.ts';
import { openErrorCodeSchema, pageOf } from '../../schemas/words.ts';

const placeSchema = z.object({ lastSeen: toldInstantSchema, id: rowNumber });

const ofNone = 'Empty: those without one';
/** Which errors are meant. */
export const openErrorFilters = {
  connector: z.string().optional(),
  entityType: z.string().optional().describe(ofNone),
  property: z.string().optional().describe(ofNone),
  key: z.string().optional().describe('As in a path, or a JSON array of strings'),
  code: openErrorCodeSchema.optional(),
  effect: openEffectSchema.optional(),
};

/** How many there are in all. */
export const openErrorCounts = {
  total: z.int().min(0).describe('The number of errors that match, on all pages'),
  notKept: z
    .int()
    .min(0)
    .describe('Further errors of these connectors and entity types that were counted but not kept'),
};

export const syncErrorsRoute = route({
  method: 'get',
  path: '/v1/sync-errors',
  tag: 'status',
  summary: 'Open errors: those that no sync has cleared, last seen first',
  description:
    'An error of a row or link is cleared by an applied sync that reads its object without the error. The failure of a sync is cleared by the next successful sync that does at least as much. Dry runs and warnings are not included.',
  query: {
    ...pageQuery,
    ...openErrorFilters,
  },
  answers: {
    200: {
      description: 'A page',
      schema: pageOf(openErrorSchema).extend(openErrorCounts),
    },
  },
  problems: [422],
  async handle({ deps: { db }, query: { limit, cursor, key, ...rest } }) {
    const filter = { ...rest, key: await keyFilter(db, rest.entityType, key) };
    const found = await listOpenErrors(db, filter, readCursor(cursor, placeSchema), limit + 1);
    const page = toPage(found, limit, ({ lastSeen, id }) => ({ lastSeen, id }), openErrorBody);
    return { status: 200, body: { ...page, ...(await countOpenErrors(db, filter)) } };
  },
});

/** Without what an error does not have. */
const openErrorBody = ({ id: _id, ...error }: OpenError & { id: number }) =>
  Object.fromEntries(Object.entries(error).filter(([, value]) => value !== null));
