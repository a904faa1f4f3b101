import { createSession } from 'better-sse';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { listEvents, listLog } from '../../../repository/events.ts';
import { viewSync } from '../../../repository/sync-views.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { logLineSchema } from '../../schemas/sync.ts';
import { pageOf, taskSchema } from '../../schemas/words.ts';
import { requireSync } from '../../sync-body.ts';

export const logRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/log',
  tag: 'syncs',
  summary: 'Log lines of a sync, oldest first',
  params: { id: z.string() },
  query: { ...pageQuery, task: taskSchema.optional().describe('Only what this task told') },
  answers: { 200: { description: 'A page', schema: pageOf(logLineSchema) } },
  problems: [404, 422],
  async handle({ deps, params, query: { limit, cursor, task } }) {
    const sync = await requireSync(deps.db, params.id);
    const found = await listLog(deps.db, sync.no, { after: readCursor(cursor, z.int()) ?? 0, task }, limit + 1);
    return {
      status: 200,
      body: toPage(
        found,
        limit,
        (last) => last.seq,
        ({ seq, at, data }) => ({ seq, at, ...data }),
      ),
    };
  },
});

const pollMilliseconds = 400;

export const eventsRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/events',
  tag: 'syncs',
  summary: 'Server-sent events: progress, status, log',
  description: 'Goes on after `Last-Event-ID`; ends when the sync has ended.',
  params: { id: z.string() },
  answers: { 200: { description: 'A stream of events', type: 'text/event-stream' } },
  problems: [404],
  async handle({ deps, params, request, response }) {
    const sync = await requireSync(deps.db, params.id);
    const session = await createSession(request, response, { keepAlive: 10_000, retry: 1_000 });
    let last = Number(/^\d{1,15}$/.exec(session.lastId)?.[0] ?? 0);
    try {
      while (session.isConnected) {
        // looked at before the events: what is told before the end is told here too
        const ended = ((await viewSync(deps.db, sync.id))?.endedAt ?? null) !== null;
        const events = await listEvents(deps.db, sync.no, last, 500);
        for (const { seq, at, type, data } of events) {
          session.push({ at, ...data }, type, String(seq));
          last = seq;
        }
        if (events.length === 500) continue;
        if (ended) break;
        await sleep(pollMilliseconds);
      }
    } finally {
      response.end();
    }
    return undefined;
  },
});
