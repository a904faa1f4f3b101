const shortest = 200;
const longest = 5_000;
const enough = 30_000;

/** How long to wait before a process that died is started again: longer each time, until it stays up. */
export class Backoff {
  #next = shortest;
  #deaths = 0;

  /** Deaths in a row, without 30 seconds of life between them. */
  get deaths(): number {
    return this.#deaths;
  }

  /**
   * Notes a death.
   * @param lived milliseconds the process was alive
   * @returns milliseconds to wait: 200, 400, … up to 5000; after 30 seconds of life 200 again
   */
  died(lived: number): number {
    if (lived >= enough) {
      this.#next = shortest;
      this.#deaths = 0;
    }
    this.#deaths += 1;
    const pause = this.#next;
    this.#next = Math.min(this.#next * 2, longest);
    return pause;
  }
}
