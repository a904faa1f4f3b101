import { z } from 'zod';
import { connectorStandings } from '../../../repository/sync-status.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { connectorStatusSchema } from '../../schemas/status.ts';
import { pageOf } from '../../schemas/words.ts';
import { statusBodies } from '../../status-body.ts';

export const syncStatusRoute = route({
  method: 'get',
  path: '/v1/sync-status',
  tag: 'status',
  summary: 'The state of each connector and entity type: last and next sync, held sync, breakers, counts',
  query: { ...pageQuery, connector: z.string().optional() },
  answers: { 200: { description: 'A page, by name of connector', schema: pageOf(connectorStatusSchema) } },
  problems: [422],
  async handle({ deps: { db }, query: { limit, cursor, connector } }) {
    const found = await connectorStandings(db, connector, readCursor(cursor, z.string()) ?? '', limit + 1);
    const { items, nextCursor } = toPage(
      found,
      limit,
      (last) => last.connector,
      (standing) => standing,
    );
    return { status: 200, body: { items: await statusBodies(db, items), nextCursor } };
  },
});
