import { rm, utimes, writeFile } from 'node:fs/promises';
import type { Worker } from '@temporalio/worker';
import { beatSeconds, signOfLife } from './sign-file.ts';

/**
 * Touches a file as long as every task queue is polled, for the health check of a container. A check that asked Temporal
 * would take seconds, and also get pollers that no longer exist.
 * @param folder the data folder
 * @returns how to end it
 */
export function showLife(folder: string, workers: readonly Worker[], warn: (error: unknown) => void): () => void {
  const file = signOfLife(folder);
  let warned = false;
  const beat = async () => {
    if (!workers.every(polls)) return;
    const now = new Date();
    await utimes(file, now, now).catch(() => writeFile(file, ''));
  };
  const tell = () => {
    beat().catch((error: unknown) => {
      if (!warned) warn(error);
      warned = true;
    });
  };
  tell();
  const timer = setInterval(tell, beatSeconds * 1000);
  return () => {
    clearInterval(timer);
    void rm(file, { force: true });
  };
}

function polls(worker: Worker): boolean {
  const { runState, workflowPollerState, activityPollerState } = worker.getStatus();
  return runState === 'RUNNING' && [workflowPollerState, activityPollerState].every((state) => state !== 'FAILED');
}
