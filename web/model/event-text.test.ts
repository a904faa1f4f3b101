import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventText } from './event-text.ts';

const stream = [
  'retry: 1000\nid: \n\n',
  ':keep-alive\n\n',
  'event: hello\ndata: {"resumed":false}\nid: a.0\n\n',
  'event:sync\r\ndata: {"connector":\r\ndata: "Zürich"}\r\nid: a.1\r\n\r\n',
].join('');

describe('a stream of events', () => {
  it('gives every event once, in order, however its text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const text = new EventText();
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const events = places.slice(1).flatMap((end, i) => text.take(stream.slice(places[i], end)));
        expect(events).toEqual([
          { id: 'a.0', type: 'hello', data: { resumed: false } },
          { id: 'a.1', type: 'sync', data: { connector: 'Zürich' } },
        ]);
      }),
    );
  });

  it('keeps what is not whole yet to itself', () => {
    const text = new EventText();
    expect(text.take('event: bye\ndata: {}\nid: a.2\n')).toEqual([]);
    expect(text.take('\n')).toEqual([{ id: 'a.2', type: 'bye', data: {} }]);
  });
});
