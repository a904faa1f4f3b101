/** Ends a request that takes too long in all, or when the caller ends. */
export class Patience {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  over = false;
  readonly #stop = () => {
    this.#controller.abort(this.#outer?.reason);
  };

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    outer?.throwIfAborted();
    this.#timer = setTimeout(() => {
      this.over = true;
      this.#controller.abort(new Error('too slow'));
    }, milliseconds);
    outer?.addEventListener('abort', this.#stop, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#stop);
  }
}
