/** Words of a hash. */
const width = 4;

/**
 * Hashes of the lines of an earlier export. Finds for each line of a later export whether the earlier one had it, each once.
 * It is filled again for one part of the lines after another, since Node is slow to free memory outside its heap.
 */
export class LineIndex {
  #hashes: Uint32Array;
  /** Which line each hash is of, from 0. */
  #ordinals: Uint32Array;
  #met: Uint8Array;
  /** Place of a hash plus 1, found by open addressing. */
  #slots: Uint32Array;
  #mask: number;
  #count = 0;

  /** @param lines how many there will be, as far as is known */
  constructor(lines: number) {
    this.#hashes = new Uint32Array(lines * width);
    this.#ordinals = new Uint32Array(lines);
    this.#met = new Uint8Array(lines);
    this.#slots = new Uint32Array(slotsFor(lines));
    this.#mask = this.#slots.length - 1;
  }

  clear(): void {
    this.#count = 0;
    this.#slots.fill(0);
    this.#met.fill(0);
  }

  /** Takes the hash at `from`, of the line `ordinal`; the lines come in ascending order. */
  add(words: Uint32Array, from: number, ordinal: number): void {
    if (this.#count === this.#ordinals.length) this.#grow();
    const n = this.#count++;
    copyHash(words, from, this.#hashes, n * width);
    this.#ordinals[n] = ordinal;
    this.#place(n);
  }

  /** Whether there is a line of the hash at `from` that has not been met yet; from now on it has. */
  meet(words: Uint32Array, from = 0): boolean {
    const hashes = this.#hashes;
    const w0 = words[from];
    const w1 = words[from + 1];
    const w2 = words[from + 2];
    const w3 = words[from + 3];
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
    for (let n = 0; n < this.#count; n++) if (this.#met[n] === 0) count++;
    const missed = new Uint32Array(count);
    for (let n = 0, i = 0; n < this.#count; n++) if (this.#met[n] === 0) missed[i++] = this.#ordinals[n] ?? 0;
    return missed;
  }

  #place(n: number): void {
    let slot = (this.#hashes[n * width] ?? 0) & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = n + 1;
  }

  /** Equal lines have equal hashes, so one part can be much larger than its share. */
  #grow(): void {
    const lines = Math.max(16, this.#count * 2);
    const larger = new LineIndex(lines);
    larger.#hashes.set(this.#hashes);
    larger.#ordinals.set(this.#ordinals);
    larger.#met.set(this.#met);
    this.#hashes = larger.#hashes;
    this.#ordinals = larger.#ordinals;
    this.#met = larger.#met;
    this.#slots = larger.#slots;
    this.#mask = larger.#mask;
    for (let n = 0; n < this.#count; n++) this.#place(n);
  }
}

function slotsFor(lines: number): number {
  let size = 16;
  while (size < lines * 1.5) size *= 2;
  return size;
}

/** Word by word: for four of them, the method of typed arrays takes longer than the hash. */
export function copyHash(from: Uint32Array, at: number, to: Uint32Array, into: number): void {
  for (let i = 0; i < width; i++) to[into + i] = from[at + i] ?? 0;
}
