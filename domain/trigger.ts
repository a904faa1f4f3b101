/** What starts syncs. */

export const triggers = [
  'manual',
  'high-priority',
  'scheduled',
  'event',
  'poll',
  'force',
  'revert',
  'purge',
  'configuration',
] as const;
export type Trigger = (typeof triggers)[number];

/** Whether the changes of such a sync are found without a read of the source: there is nothing to export or prepare. */
export const findsChangesItself = (trigger: Trigger): boolean => trigger === 'purge' || trigger === 'revert';
