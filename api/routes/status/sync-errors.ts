import { z } from 'zod';
import { countOpenErrors, listOpenErrors, type OpenError } from '../../../repository/open-errors-list.ts';
import { keyFilter } from '../../key-filter.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { toldInstantSchema } from '../../schemas/instant.ts';
import { openErrorSchema } from '../../schemas/status.ts';
import { openErrorCodeSchema, pageOf } from '../../schemas/words.ts';

const placeSchema = z.object({ lastSeen: toldInstantSchema, id: rowNumber });

export const syncErrorsRoute = route({
  method: 'get',
  path: '/v1/sync-errors',
  tag: 'status',
  summary: 'What is wrong now: errors since the last successful sync of their object, last seen first',
  description:
    'An error of a row or link is cleared by an applied sync that reads its object without seeing it again; the failure of a sync by the next one that does at least as much. Dry runs and warnings leave no trace.',
  query: {
    ...pageQuery,
    connector: z.string().optional(),
    entityType: z.string().optional(),
    key: z.string().optional().describe('As in a path, or a JSON array of strings'),
    code: openErrorCodeSchema.optional(),
  },
  answers: {
    200: {
      description: 'A page',
      schema: pageOf(openErrorSchema).extend({
        total: z.int().min(0).describe('Errors that fit, on all pages'),
        notKept: z
          .int()
          .min(0)
          .describe('More errors of these connectors and entity types that are counted, beyond those kept'),
      }),
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
