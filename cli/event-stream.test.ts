import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { followEvents, readEvents, type StreamEvent } from './event-stream.ts';

const event = (id: number | string) => `id: ${String(id)}\nevent: log\ndata: {"n":1}\n\n`;

async function all(events: AsyncIterable<StreamEvent>): Promise<string[]> {
  const ids = [];
  for await (const { id } of events) ids.push(id);
  return ids;
}

describe('a stream of events', () => {
  let close: (() => void) | undefined;
  afterEach(() => close?.());

  async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    close = () => {
      server.closeAllConnections();
      server.close();
    };
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/events`;
  }

  it('is read whatever pieces it comes in, comments left out', async () => {
    const text = Buffer.from(
      `retry: 1000\n\n:\n\n${event(1)}id: 2\r\nevent: status\r\ndata: {"ä":1}\r\n\r\n${event(3)}id: 4\nda`,
    );
    for (const size of [1, 2, 7, 1000]) {
      const pieces = async function* () {
        for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.subarray(at, at + size));
      };
      expect(await all(readEvents(pieces()))).toEqual(['1', '2', '3']);
    }
  });

  it('goes on behind the last event where the connection broke, and misses and repeats none', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      const after = request.headers['last-event-id'] as string | undefined;
      asked.push(after);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (asked.length === 1)
        response.write(event(1) + event('2-800-812-807') + 'id: 3\nevent: lo', () => response.destroy());
      else if (asked.length === 2) response.end(event(3));
      else response.end(event(4));
    });
    expect(await all(followEvents(url, new Headers(), () => Promise.resolve(asked.length === 3)))).toEqual([
      '1',
      '2-800-812-807',
      '3',
      '4',
    ]);
    expect(asked).toEqual([undefined, '2-800-812-807', '3']);
  });

  it('is given up where nobody answers any more, or it is refused', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404).end();
    });
    await expect(all(followEvents(url, new Headers(), () => Promise.resolve(false)))).rejects.toThrow('404');
    close?.();
    await expect(all(followEvents(url, new Headers(), () => Promise.resolve(false), 0))).rejects.toThrow(
      'has not answered',
    );
  });
});
