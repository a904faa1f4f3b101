import { createSession } from 'better-sse';
import { z } from 'zod';
import type { Database } from '../../repository/database.ts';
import { atFirst, type EventPlace } from '../../repository/event-places.ts';
import { readEvents, type SyncEvent } from '../../repository/events.ts';
import type { SyncView } from '../../repository/sync-views.ts';
import { readPlace, writePlace } from '../event-place.ts';
import type { LiveEvent } from '../live-feed.ts';
import { route } from '../route.ts';
import { requireSync } from '../sync-body.ts';

/** A client that has not read so much is let go: it comes again after the last event that it has. */
const unreadBytes = 1 << 20;
/** So many syncs can be followed by one stream. */
const mostSyncs = 5;

export const liveEventsRoute = route({
  method: 'get',
  path: '/v1/events',
  tag: 'operation',
  summary: 'Server-sent events: hints of what has changed in syncs, jobs and connectors',
  description: [
    '`hello {resumed}` comes first. Where `resumed` is false, events may have been missed: read again what you show.',
    '`sync {id, connector, status, phase, progress, changed}`: `changed` lists `status`, `phase`, `progress`, `waiting`, or is `more`: anything else of the sync.',
    '`job {job, executionId, status}`: an execution; without `executionId`, the job itself was saved, paused or deleted.',
    '`connector {connector}`: its file, state, breakers or data.',
    '`bye {}`: the process ends; come again. Continues after `Last-Event-ID` if the events after it are still known.',
    '`?sync=<id>`, up to five times, adds `log {sync, seq, at, …}` and `progress {sync, seq, at, …}` of these syncs from their first event on. The stream ends with `bye` when all of them have ended.',
  ].join('\n'),
  query: {
    sync: z
      .union([z.uuid(), z.array(z.uuid()).max(mostSyncs, `follow at most ${String(mostSyncs)} syncs by one stream`)])
      .optional()
      .describe(`Ids of syncs, at most ${String(mostSyncs)}`),
  },
  answers: {
    200: { description: 'A stream of events', type: 'text/event-stream' },
    204: { description: 'All of these syncs have ended, and everything after `Last-Event-ID` has been sent' },
  },
  problems: [404, 422, 429],
  async handle({ deps, query, request, response }) {
    const syncs: SyncView[] = [];
    for (const id of [query.sync ?? []].flat()) syncs.push(await requireSync(deps.db, id));
    const place = readPlace(request.get('last-event-id') ?? '', syncs.length);
    if (syncs.length > 0 && (await isRead(deps.db, syncs, place.syncs))) return { status: 204 };
    const leave = deps.streams.enter();
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    try {
      await deps.live.ready();
      if (response.destroyed) return undefined;
      const session = await createSession(request, response, { keepAlive: 10_000, retry: 1_000 });
      const send = (type: string, data: unknown) => {
        if (!session.isConnected) return false;
        session.push(data, type, writePlace(place));
        // a client that does not read is not waited for
        if (response.writableLength > unreadBytes) response.destroy();
        return session.isConnected;
      };
      const hint = ({ id, type, data }: LiveEvent) => {
        place.hints = id;
        return send(type, data);
      };
      const tell =
        (sync: string, i: number) =>
        ({ seq, at, type, data }: SyncEvent, after: EventPlace) => {
          place.syncs[i] = after;
          // hints tell the status of every sync, and that it waits
          return type === 'log' || type === 'progress' ? send(type, { sync, seq, at, ...data }) : session.isConnected;
        };
      const hints = deps.live.follow(place.hints, hint, gone.signal).finally(() => {
        gone.abort();
      });
      await Promise.all(
        syncs.map(({ id, no }, i) => deps.streams.follow(no, place.syncs[i] ?? atFirst, tell(id, i), gone.signal)),
      );
      if (syncs.length > 0 && !gone.signal.aborted) {
        send('bye', {});
        gone.abort();
      }
      await hints;
    } finally {
      gone.abort();
      leave();
      // a refusal is written by others
      if (response.headersSent) response.end();
    }
    return undefined;
  },
});

/** Whether nothing will come any more: all of the syncs have ended, and the listener has had their events. */
async function isRead(db: Database, syncs: readonly SyncView[], places: readonly EventPlace[]): Promise<boolean> {
  if (syncs.some(({ endedAt }) => endedAt === null)) return false;
  for (const [i, { no }] of syncs.entries()) {
    const place = places[i] ?? atFirst;
    if (place.seq === 0 || (await readEvents(db, no, place, 1)).events.length > 0) return false;
  }
  return true;
}
