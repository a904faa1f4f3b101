/** Seeded randomness: the same seed gives the same choices, in order. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(of: readonly T[]): T {
    const found = of[Math.floor(this.next() * of.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  /** So many different ones, in random order. */
  some<T>(of: readonly T[], count: number): T[] {
    return this.shuffle(of).slice(0, count);
  }

  shuffle<T>(of: readonly T[]): T[] {
    const all = [...of];
    for (let i = all.length - 1; i > 0; i--) {
      const j = this.between(0, i);
      [all[i], all[j]] = [all[j] as T, all[i] as T];
    }
    return all;
  }

  word(from = 4, to = 9): string {
    const consonants = 'bcdfghklmnprstvz'.split('');
    const vowels = 'aeiou'.split('');
    let word = '';
    for (let n = this.between(from, to); word.length < n;)
      word += this.pick(word.length % 2 === 0 ? consonants : vowels);
    return word;
  }

  name(): string {
    const word = this.word();
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
}
