import type { Sync } from '../../server/types.ts';

export interface Lock {
  kind: 'decided' | 'other' | 'superseded' | 'ended' | 'refused';
}

/**
 * Why this page can no longer decide: somebody has decided, or what would be decided on is not what is on the screen.
 * @param pinned the digest that the page has rendered
 * @param answered the digest of the newest summary
 */
export function lockOf(sync: Sync, pinned: string, answered: string): Lock | undefined {
  if (sync.status === 'superseded') return { kind: 'superseded' };
  if (sync.decision !== null) return { kind: 'decided' };
  if (sync.status !== 'held') return { kind: 'ended' };
  if (sync.digest !== pinned || answered !== pinned) return { kind: 'other' };
  return undefined;
}
