import { z } from 'zod';
import type { Database } from '../../../repository/database.ts';
import { connectorStandings } from '../../../repository/sync-status.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { SharedRead } from '../../shared-read.ts';
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
    const after = readCursor(cursor, z.string()) ?? '';
    // every open page of the console asks for it, and answers do not depend on who asks
    const body = await shared(db).get(JSON.stringify([connector, after, limit]), async () => {
      const found = await connectorStandings(db, connector, after, limit + 1);
      const { items, nextCursor } = toPage(
        found,
        limit,
        (last) => last.connector,
        (standing) => standing,
      );
      return JSON.stringify({ items: await statusBodies(db, items), nextCursor });
    });
    return { status: 200, body, headers: { 'content-type': 'application/json; charset=utf-8' } };
  },
});

const reads = new WeakMap<Database, SharedRead<string>>();

function shared(db: Database): SharedRead<string> {
  const found = reads.get(db) ?? new SharedRead<string>();
  reads.set(db, found);
  return found;
}
