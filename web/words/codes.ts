/** Why something cannot be done with a sync, in a sentence with the way out. */
export const mayNotWords: Record<string, string> = {
  role: 'You may look at this, but not decide. Ask somebody who approves.',
  'four-eyes': 'You started or changed this yourself: a second person decides. Send them the link to this page.',
  'hidden-changes': 'Some of these changes are of people whom you may not see: somebody who may has to decide.',
  'not-held': 'The sync is not held: there is nothing to decide.',
  'configuration-changed':
    'The configuration of what this would change has changed since. It can only be rejected; the next sync finds what is right now.',
  'sync-not-applied': 'Nothing of this sync was applied: there is nothing to undo.',
  'changes-removed': 'The changes of this sync have been removed by retention.',
};
