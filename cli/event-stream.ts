import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** One event of a sync. */
export interface StreamEvent {
  id: string;
  type: string;
  data: Record<string, unknown>;
}

const pauseMilliseconds = 1_000;

/**
 * Follows a stream of server-sent events to its end. If the connection breaks, it is opened again after the last event.
 * @param headers sent with each request, beside those of the stream
 * @param isOver asked whenever the stream ends by itself: whether nothing more will come
 * @param patience seconds without any answer after which the command fails
 * @throws Failure if the stream is refused, or the API does not answer any more
 */
export async function* followEvents(
  url: string,
  headers: Headers,
  isOver: () => Promise<boolean>,
  patience = 60,
): AsyncGenerator<StreamEvent> {
  let last = '';
  let heard = Date.now();
  for (;;) {
    try {
      const response = await fetch(url, {
        headers: {
          ...Object.fromEntries(headers),
          accept: 'text/event-stream',
          ...(last === '' ? {} : { 'last-event-id': last }),
        },
      });
      if (response.status >= 400 && response.status < 500)
        throw new Failure(String(response.status), `The API answered ${String(response.status)}.`);
      if (response.ok && response.body) {
        for await (const event of readEvents(response.body)) {
          heard = Date.now();
          last = event.id;
          yield event;
        }
        if (await isOver()) return;
        heard = Date.now();
      }
    } catch (error) {
      if (error instanceof Failure && error.code !== 'unavailable') throw error;
    }
    if (Date.now() - heard > patience * 1000)
      throw new Failure(
        'unavailable',
        `The API at ${new URL(url).origin} has not answered for ${String(patience)} seconds.`,
      );
    await sleep(pauseMilliseconds);
  }
}

/** The events in a body of `text/event-stream`; an event that is cut off is dropped, because it is sent again. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}

function parseEvent(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined)
      fields.set(name, fields.has(name) ? `${fields.get(name) ?? ''}\n${value ?? ''}` : (value ?? ''));
  }
  const [id, data] = [fields.get('id'), fields.get('data')];
  if (id === undefined || data === undefined) return undefined;
  return { id, type: fields.get('event') ?? 'message', data: JSON.parse(data) as Record<string, unknown> };
}
