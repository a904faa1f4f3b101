import { z } from 'zod';
import { keyText } from '../../domain/key.ts';
import { liftRefusal } from '../../repository/refusals/end.ts';
import { listRefusals } from '../../repository/refusals/list.ts';
import { keyFilter } from '../key-filter.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../pagination.ts';
import { notFound } from '../problems.ts';
import { route } from '../route.ts';
import { refusalSchema } from '../schemas/refusal.ts';
import { pageOf } from '../schemas/words.ts';

export const listRoute = route({
  method: 'get',
  path: '/v1/refusals',
  tag: 'syncs',
  summary: 'Changes that people refused: equal ones are suppressed in later syncs; newest first',
  query: {
    ...pageQuery,
    connector: z.string().optional(),
    entityType: z.string().optional().describe('Of the resource, or of the source of the link'),
    key: z.string().optional().describe('As in a path, or a JSON array of strings'),
    state: z.enum(['active', 'ended']).optional().describe('Active: its change is suppressed; both, if left out'),
  },
  answers: { 200: { description: 'A page', schema: pageOf(refusalSchema) } },
  problems: [422],
  async handle({ deps: { db }, query: { limit, cursor, key, ...rest } }) {
    const parts = await keyFilter(db, rest.entityType, key);
    const filter = { ...rest, key: parts && keyText(parts) };
    const found = await listRefusals(db, filter, readCursor(cursor, rowNumber), limit + 1);
    const page = toPage(
      found,
      limit,
      (last) => last.no,
      ({ no: _no, ...refusal }) => refusal,
    );
    return { status: 200, body: page };
  },
});

export const deleteRoute = route({
  method: 'delete',
  path: '/v1/refusals/{id}',
  tag: 'syncs',
  summary: 'Lift a refusal: its change is proposed again',
  description:
    'Refusals that followed it end with it. The next whole sync of the connector is complete, so that it finds the change. To lift a refusal that has ended changes nothing.',
  params: { id: z.string() },
  answers: { 204: { description: 'It does not count any more' } },
  problems: [404],
  async handle({ deps: { db }, params }) {
    if (!(await db.transaction((tx) => liftRefusal(tx, params.id))))
      throw notFound(`There is no refusal ${params.id}; GET /v1/refusals lists them.`);
    return { status: 204 };
  },
});
