import { EventText, type StreamEvent } from '../../model/event-text.ts';

/** The API says something every ten seconds. After so long a silence the connection is not one any more. */
const silence = 25_000;

/**
 * Reads the stream of events until it ends. It is no EventSource: that one cannot go on where another tab has ended, and does
 * not tell why it was refused.
 * @param lastId the last event that this browser has
 * @param syncs those whose lines it has beside the hints
 * @throws if there is no stream, or it breaks
 */
export async function readStream(
  lastId: string,
  syncs: readonly string[],
  signal: AbortSignal,
  heard: (event: StreamEvent) => void,
): Promise<void> {
  const silent = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const awake = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silent.abort();
    }, silence);
  };
  awake();
  try {
    const response = await fetch(`/v1/events${syncs.map((sync, i) => `${i === 0 ? '?' : '&'}sync=${sync}`).join('')}`, {
      headers: { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) },
      signal: AbortSignal.any([signal, silent.signal]),
      cache: 'no-store',
    });
    // all of these syncs have ended
    if (response.status === 204) return;
    if (!response.ok || !response.body) throw new Error(`the stream was refused: ${String(response.status)}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const text = new EventText();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      awake();
      for (const event of text.take(value)) heard(event);
    }
  } finally {
    clearTimeout(timer);
  }
}
