import { changesGap } from '../connectors/registry.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { hasOwnQueue } from '../domain/task-queues.ts';
import { tablesToRead } from '../domain/incremental.ts';
import type { SyncRow } from '../repository/syncs.ts';

export interface ConnectionToRead {
  name: string;
  taskQueue: string;
  /** It has a task queue of its own, whose workers may have no database. Absent in histories of earlier versions. */
  apart?: true;
}

/** The connections that a sync reads: an incremental sync leaves out those that cannot report changes. */
export function connectionsToRead(file: ConnectorFile, sync: Pick<SyncRow, 'mode' | 'scope'>): ConnectionToRead[] {
  return file.connections
    .filter(({ name }) => tablesToRead(file, sync, name, changesGap).length > 0)
    .map(({ name, taskQueue }) => ({
      name,
      taskQueue: taskQueue ?? 'export',
      ...(hasOwnQueue(taskQueue) ? { apart: true } : {}),
    }));
}
