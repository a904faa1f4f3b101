import { createHash } from 'node:crypto';

/**
 * Ids that were seen: 8 bytes each in a table that grows, so that a million of them take 16 MiB. They are kept as hashes of
 * 52 bits. If two ids had the same one, one would be missing in the count, and the read would not be certified.
 */
export class IdSet {
  #slots = new Float64Array(1024);
  size = 0;

  /** @returns whether the id was not there before */
  add(id: string): boolean {
    const hash = hashOf(id);
    if (this.#find(hash) !== 'free') return false;
    if (this.size * 2 >= this.#slots.length) this.#grow();
    this.#put(hash);
    this.size += 1;
    return true;
  }

  has(id: string): boolean {
    return this.#find(hashOf(id)) === 'taken';
  }

  #find(hash: number): 'taken' | 'free' {
    const { length } = this.#slots;
    for (let at = hash % length; ; at = (at + 1) % length) {
      if (this.#slots[at] === hash) return 'taken';
      if (this.#slots[at] === 0) return 'free';
    }
  }

  #put(hash: number): void {
    const { length } = this.#slots;
    let at = hash % length;
    while (this.#slots[at] !== 0) at = (at + 1) % length;
    this.#slots[at] = hash;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2);
    for (const hash of before) if (hash !== 0) this.#put(hash);
  }
}

/** From 1 on: 0 is a free slot. */
function hashOf(id: string): number {
  const digest = createHash('sha256').update(id).digest();
  return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) & 15) + 1;
}
