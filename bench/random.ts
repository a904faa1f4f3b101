/**
 * A 32-bit hash of a seed and two numbers: the randomness of all generated data. There is no state, so every row can be
 * made alone and in any order, and comes out the same.
 */
export function hash(seed: number, row: number, field: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ row;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15) ^ Math.imul(field + 1, 0xc2b2ae35), 0x846ca68b);
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A whole number from 0 up to, not including, `below`. */
export const pick = (below: number, seed: number, row: number, field: number): number =>
  Math.floor((hash(seed, row, field) / 0x1_0000_0000) * below);

/**
 * Another order of 0 … size - 1, a number at a time: a Feistel network over the next even power of two, walked on until
 * it lands inside. So ten million rows are shuffled without an array of them.
 */
export function shuffled(size: number, seed: number): (position: number) => number {
  const half = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
  const mask = 2 ** half - 1;
  const once = (position: number): number => {
    let left = Math.floor(position / 2 ** half);
    let right = position & mask;
    for (let round = 0; round < 4; round++) [left, right] = [right, left ^ (hash(seed, right, round) & mask)];
    return left * 2 ** half + right;
  };
  return (position) => {
    let at = once(position);
    while (at >= size) at = once(at);
    return at;
  };
}

export const inOrder = (position: number): number => position;
