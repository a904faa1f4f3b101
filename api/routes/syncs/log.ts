import { createSession } from 'better-sse';
import { z } from 'zod';
import { atFirst, type EventPlace } from '../../../repository/event-places.ts';
import { listLog, type SyncEvent } from '../../../repository/events.ts';
import { readEventPlace, writeEventPlace } from '../../event-place.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
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
  query: { ...pageQuery, task: taskSchema.optional().describe('Only lines of this task') },
  answers: { 200: { description: 'A page', schema: pageOf(logLineSchema) } },
  problems: [404, 422],
  async handle({ deps, params, query: { limit, cursor, task } }) {
    const sync = await requireSync(deps.db, params.id);
    const found = await listLog(deps.db, sync.no, { after: readCursor(cursor, rowNumber) ?? 0, task }, limit + 1);
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

const unreadBytes = 1 << 20;

export const eventsRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/events',
  tag: 'syncs',
  summary: 'Server-sent events: progress, status, log',
  description:
    'Continues after `Last-Event-ID`: the id of an event, or the `seq` of a log line. Ends when the sync has ended.',
  params: { id: z.string() },
  answers: { 200: { description: 'A stream of events', type: 'text/event-stream' } },
  problems: [404, 429],
  async handle({ deps, params, request, response }) {
    const sync = await requireSync(deps.db, params.id);
    const leave = deps.streams.enter();
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    try {
      const session = await createSession(request, response, { keepAlive: 10_000, retry: 1_000 });
      if (response.destroyed) gone.abort();
      const after = readEventPlace(session.lastId) ?? atFirst;
      const push = ({ seq, at, type, data }: SyncEvent, place: EventPlace) => {
        session.push({ seq, at, ...data }, type, writeEventPlace(place));
        // a client that does not read is not waited for
        if (response.writableLength > unreadBytes) response.destroy();
        return session.isConnected;
      };
      await deps.streams.follow(sync.no, after, push, gone.signal);
    } finally {
      leave();
      response.end();
    }
    return undefined;
  },
});
