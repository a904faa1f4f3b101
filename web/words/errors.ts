/** What an error costs. */
export const effectWords: Record<string, string> = {
  'row-rejected': 'row rejected',
  'link-rejected': 'link rejected',
  'sync-failed': 'sync failed',
  warning: 'warning only',
};

/** What clears an open error (docs/guides/status-and-errors.md). */
export const clearedWords: Record<string, string> = {
  read: 'Cleared by an applied sync that reads the object and does not find the error.',
  'any-sync': 'Cleared by any successful sync of the connector.',
  'whole-sync': 'Cleared by a successful sync of everything.',
  'complete-sync': 'Cleared by a successful complete sync of everything.',
};

/** Where no object is known, only a sync that reads all of the table can tell. */
export const clearedWithoutKey = 'Cleared by a complete sync of the entity type that does not find the error.';
