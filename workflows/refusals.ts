import { ApplicationFailure } from '@temporalio/workflow';
import type { DecisionOutcome } from '../activities/decide.ts';
import type { SyncStatus } from '../domain/sync.ts';

/** Why a decision does not count, as the failure of the Update that brought it. The type is the code. */

export const notHeld = (status: SyncStatus): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`The sync is not held, it is ${status}.`, 'sync-not-held');

export const staleDigest = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable(messages['stale-digest'], 'stale-digest');

const messages = {
  'stale-digest':
    'The digest is neither that of the change set that is held nor of a draft of it: review the changes again.',
  forbidden: 'The decision has no record of its own that says the same.',
  'too-late': 'The decision was asked for too long ago to be taken now. It changed nothing: repeat it.',
  'configuration-changed':
    'The configuration of what the changes are about has changed since they were found. Reject the sync, and start another one.',
  'counts-differ': 'A count that was confirmed is not that of what would be applied.',
};

/** @param outcome of a decision that was not accepted */
export function refusalOf({ result, status }: DecisionOutcome): ApplicationFailure {
  if (result === 'not-held' || result === 'accepted') return notHeld(status);
  return ApplicationFailure.nonRetryable(messages[result], result);
}
