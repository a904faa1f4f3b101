import type { IconName } from '../theme/icons.tsx';

export type Tone = 'ok' | 'warn' | 'danger' | 'accent' | 'dim';

/** How a status looks: a shape of its own, and a tone. The word is that of the API. */
const looks: Record<string, { icon: IconName; tone: Tone }> = {
  queued: { icon: 'waiting', tone: 'dim' },
  running: { icon: 'running', tone: 'accent' },
  held: { icon: 'paused', tone: 'warn' },
  completed: { icon: 'done', tone: 'ok' },
  'completed-with-errors': { icon: 'partly', tone: 'warn' },
  rejected: { icon: 'refused', tone: 'dim' },
  failed: { icon: 'failed', tone: 'danger' },
  cancelled: { icon: 'refused', tone: 'dim' },
  skipped: { icon: 'skipped', tone: 'dim' },
  superseded: { icon: 'replaced', tone: 'dim' },
  closed: { icon: 'done', tone: 'ok' },
  open: { icon: 'failed', tone: 'danger' },
  'half-open': { icon: 'partly', tone: 'warn' },
  active: { icon: 'done', tone: 'ok' },
  'not active': { icon: 'refused', tone: 'dim' },
  'never synced': { icon: 'waiting', tone: 'dim' },
  paused: { icon: 'paused', tone: 'warn' },
};

export const lookOf = (status: string) => looks[status] ?? { icon: 'partly' as const, tone: 'dim' as const };

/** `completed-with-errors` as words. */
export const statusWords = (status: string): string => status.replaceAll('-', ' ');

export const hasEnded = (status: string): boolean => !['queued', 'running', 'held'].includes(status);
