/** Words of a hash. */
const width = 4;

/** Hashes of the lines of an earlier export: tells for each line of a later one whether it was there, each once. */
export class LineIndex {
  readonly #hashes: Uint32Array;
  /** Which line each hash is of, from 0; absent where it is the one at its own place. */
  readonly #ordinals: Uint32Array | undefined;
  /** Place of a hash plus 1, found by open addressing. */
  readonly #slots: Uint32Array;
  readonly #mask: number;
  readonly #met: Uint8Array;

  constructor(hashes: Uint32Array, ordinals?: Uint32Array) {
    this.#hashes = hashes;
    this.#ordinals = ordinals;
    const count = hashes.length / width;
    let size = 16;
    while (size < count * 1.5) size *= 2;
    this.#slots = new Uint32Array(size);
    this.#mask = size - 1;
    this.#met = new Uint8Array(count);
    for (let n = 0; n < count; n++) {
      let slot = (hashes[n * width] ?? 0) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = n + 1;
    }
  }

  /** Whether there is such a line that has not been met yet; from now on it has. */
  meet(words: Uint32Array): boolean {
    const hashes = this.#hashes;
    const [w0, w1, w2, w3] = words;
    for (let slot = (w0 ?? 0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const n = (this.#slots[slot] ?? 0) - 1;
      if (n < 0) return false;
      const at = n * width;
      if (hashes[at] !== w0 || hashes[at + 1] !== w1 || hashes[at + 2] !== w2 || hashes[at + 3] !== w3) continue;
      if (this.#met[n] === 1) continue;
      this.#met[n] = 1;
      return true;
    }
  }

  /** The lines that have not been met, from 0, in ascending order. */
  missed(): Uint32Array {
    let count = 0;
    for (const met of this.#met) if (met === 0) count++;
    const missed = new Uint32Array(count);
    let i = 0;
    this.#met.forEach((met, n) => {
      if (met === 0) missed[i++] = this.#ordinals?.[n] ?? n;
    });
    return missed;
  }
}
