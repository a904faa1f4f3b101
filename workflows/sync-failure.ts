import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { SyncFailure } from '../domain/sync.ts';

/** The text for people about the failure that ended the sync. The place (table, line, column) comes with the failure. */
export function toFailure(error: unknown): SyncFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const place = (cause.details?.[0] ?? {}) as Omit<SyncFailure, 'code' | 'message'>;
    return { ...place, code: (cause.type ?? 'internal') as SyncFailure['code'], message: cause.message };
  }
  return {
    code: 'internal',
    message: 'The sync could not go on: a step took longer than it may or its worker is gone. Start it again.',
  };
}
