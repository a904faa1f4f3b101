import { setTimeout as sleep } from 'node:timers/promises';

const shortest = 20;
const longest = 400;

/**
 * Pauses between two looks at something that is waited for: short ones at first, longer ones as it takes longer. Every look is work
 * of the processes that are waited for.
 * @returns waits once
 */
export function patience(): () => Promise<void> {
  const begun = Date.now();
  return () => sleep(Math.min(longest, Math.max(shortest, (Date.now() - begun) / 8)));
}
