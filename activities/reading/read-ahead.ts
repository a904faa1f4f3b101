/**
 * Asks for the next event while the one before is written: the source and this process work at the same time. One batch more is in
 * memory. What fails is thrown behind the events that came before it.
 */
export async function* readAhead<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event> {
  const iterator = events[Symbol.asyncIterator]();
  const ask = () => {
    const asked = iterator.next();
    // nobody waits for it yet
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  try {
    for (;;) {
      const found = await next;
      if (found.done) return;
      next = ask();
      yield found.value;
    }
  } finally {
    await iterator.return?.();
  }
}
