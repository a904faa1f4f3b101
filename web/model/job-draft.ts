import type { components } from '../generated/api.ts';

type Job = components['schemas']['Job'];
export type JobRequest = components['schemas']['JobRequest'];

/** A job as it stands in the form. */
export interface JobDraft {
  name: string;
  mode: 'complete' | 'incremental';
  /** Every active connector, instead of those that are named. */
  every: boolean;
  connectors: readonly string[];
  managedOnly: boolean;
  cron: string;
  timezone: string;
  overlap: 'skip' | 'wait';
}

export const emptyJob = (timezone: string): JobDraft => ({
  name: '',
  mode: 'complete',
  every: true,
  connectors: [],
  managedOnly: false,
  cron: '0 2 * * *',
  timezone,
  overlap: 'skip',
});

export function draftOf({ name, mode, connectors, managedOnly, cron, timezone, overlap }: Job): JobDraft {
  const every = connectors.includes('*');
  return { name, mode, every, connectors: every ? [] : connectors, managedOnly, cron, timezone, overlap };
}

/** What is saved. Whether the job is paused stays as it is: other buttons change that. */
export function requestOf(draft: JobDraft, job: Pick<Job, 'paused' | 'pauseNote'> | undefined): JobRequest {
  const { mode, every, connectors, managedOnly, cron, timezone, overlap } = draft;
  return {
    mode,
    connectors: every ? ['*'] : [...connectors],
    managedOnly,
    cron: cron.trim(),
    timezone: timezone.trim(),
    overlap,
    paused: job?.paused ?? false,
    ...(job?.pauseNote == null ? {} : { pauseNote: job.pauseNote }),
  };
}

/** What is missing before it can be saved, in a sentence. What cron and zone mean, the API says. */
export function missingOf(draft: JobDraft, taken: readonly string[]): string | undefined {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(draft.name))
    return 'A job is named with small letters, digits and -, at most 63, a letter first.';
  if (taken.includes(draft.name)) return 'There is a job of this name.';
  if (!draft.every && draft.connectors.length === 0) return 'Choose a connector.';
  return undefined;
}
