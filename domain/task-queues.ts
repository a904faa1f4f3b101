/** Whose workers have the database. */
export const centralQueues = ['sync', 'export', 'prepare', 'apply'] as const;

/** Whether a connection is read on a task queue of its own: its workers need no database. */
export const hasOwnQueue = (taskQueue: string | undefined): boolean =>
  taskQueue !== undefined && !centralQueues.some((each) => each === taskQueue);
