import { z } from 'zod';
import { listSyncs } from '../../../repository/sync-views.ts';
import { withChangedConfiguration } from '../../may.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { instantSchema } from '../../schemas/instant.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { modeSchema, pageOf, statusesSchema, triggerSchema } from '../../schemas/words.ts';
import { requireSync, syncBody } from '../../sync-body.ts';

export const listRoute = route({
  method: 'get',
  path: '/v1/syncs',
  tag: 'syncs',
  summary: 'Syncs, newest first',
  query: {
    ...pageQuery,
    connector: z.string().optional(),
    status: statusesSchema.optional().describe('May be given several times: syncs of any of these statuses'),
    mode: modeSchema.optional(),
    trigger: triggerSchema.optional(),
    job: z.string().optional(),
    since: instantSchema('since must be a time like 2026-01-31T10:00:00Z').optional(),
  },
  answers: { 200: { description: 'A page', schema: pageOf(syncSchema) } },
  problems: [422],
  async handle({ deps, query: { limit, cursor, status, ...filter } }) {
    const before = readCursor(cursor, rowNumber);
    const statuses = status === undefined ? undefined : [status].flat();
    const found = await listSyncs(deps.db, { ...filter, statuses, before }, limit + 1);
    const changed = await withChangedConfiguration(deps.db, found);
    const page = toPage(
      found,
      limit,
      (last) => last.no,
      (sync) => syncBody(sync, changed),
    );
    return { status: 200, body: page };
  },
});

export const getRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}',
  tag: 'syncs',
  summary: 'One sync',
  params: { id: z.string() },
  answers: { 200: { description: 'The sync', schema: syncSchema } },
  problems: [404],
  async handle({ deps, params }) {
    const sync = await requireSync(deps.db, params.id);
    return { status: 200, body: syncBody(sync, await withChangedConfiguration(deps.db, [sync])) };
  },
});
