/**
 * Reads that many ask for at once, done once for all of them. Whoever asks while a read is under way waits for the next one, which
 * begins after the question: an answer never shows less than what was stored when it was asked for. At most one read of a
 * name runs, and one waits, however many ask.
 */
export class SharedRead<Result> {
  readonly #running = new Map<string, Promise<Result>>();
  readonly #waiting = new Map<string, Promise<Result>>();

  /**
   * @param name what is read: equal names have equal answers. What an answer depends on belongs into the name
   * @param read begins the read; it is called once for all who wait
   */
  get(name: string, read: () => Promise<Result>): Promise<Result> {
    const waiting = this.#waiting.get(name);
    if (waiting) return waiting;
    const running = this.#running.get(name);
    if (!running) return this.#begin(name, read);
    const next = running
      .catch(() => undefined)
      .then(() => {
        this.#waiting.delete(name);
        return this.#begin(name, read);
      });
    this.#waiting.set(name, next);
    return next;
  }

  #begin(name: string, read: () => Promise<Result>): Promise<Result> {
    const running = read().finally(() => {
      if (this.#running.get(name) === running) this.#running.delete(name);
    });
    this.#running.set(name, running);
    return running;
  }
}
