import { createSession } from 'better-sse';
import type { LiveEvent } from '../live-feed.ts';
import { route } from '../route.ts';

/** A client that has not read so much is let go: it comes again after the last event that it has. */
const unreadBytes = 1 << 20;

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
  ].join('\n'),
  answers: { 200: { description: 'A stream of events', type: 'text/event-stream' } },
  problems: [429],
  async handle({ deps, request, response }) {
    const leave = deps.streams.enter();
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    try {
      await deps.live.ready();
      if (response.destroyed) return undefined;
      const session = await createSession(request, response, { keepAlive: 10_000, retry: 1_000 });
      const push = ({ id, type, data }: LiveEvent) => {
        if (!session.isConnected) return false;
        session.push(data, type, id);
        // a client that does not read is not waited for
        if (response.writableLength > unreadBytes) response.destroy();
        return session.isConnected;
      };
      await deps.live.follow(session.lastId, push, gone.signal);
      response.end();
    } finally {
      leave();
    }
    return undefined;
  },
});
