import type { components } from './generated/api.ts';
import { time } from './output.ts';
import type { Reach } from './reach.ts';

export type Job = components['schemas']['Job'];
export type Execution = components['schemas']['Execution'];

/** `0 2 * * * Europe/Paris`. */
export const schedule = ({ cron, timezone }: Job) => `${cron} ${timezone}`;

/** A job for people: what it does, when, and what to do next. */
export function describeJob(job: Job, hint: Reach['hint']): string {
  const lines = [
    `${job.name}: ${job.mode} syncs of ${job.connectors.includes('*') ? 'all active connectors' : job.connectors.join(', ')}` +
      (job.managedOnly ? ', managed resources only' : ''),
    `  ${schedule(job)}; if another execution is running, a new one ${job.overlap === 'wait' ? 'waits for its end' : 'is skipped'}`,
  ];
  if (job.paused)
    lines.push(
      `  paused${job.pauseNote === null ? '' : `: ${job.pauseNote}`}`,
      '',
      `let it run again  ${hint(`jobs unpause ${job.name}`)}`,
    );
  else lines.push('  next runs (UTC):', ...job.nextRuns.map((run) => `    ${time(run)}`));
  if (job.lastExecution)
    lines.push(
      `  last execution ${job.lastExecution.id}: ${job.lastExecution.status}, ${time(job.lastExecution.createdAt)}`,
    );
  return lines.join('\n');
}

/** An execution for people: the result of each connector, and what to do next. */
export function describeExecution(execution: Execution, hint: Reach['hint']): string {
  const { job, id, status, reason, metExecutionId, results } = execution;
  const lines = [
    `${job}, execution ${id}: ${status}${reason === null ? '' : ` (${reason}${metExecutionId === null ? '' : `, in the way: ${metExecutionId}`})`}`,
  ];
  const width = Math.max(0, ...results.map(({ connector }) => connector.length));
  for (const each of results)
    lines.push(
      `  ${each.connector.padEnd(width)}  ${each.status}${each.reason === null ? '' : `, ${each.reason}`}` +
        (each.syncId === null ? '' : `  ${each.syncId}`),
    );
  const held = results.flatMap((each) => (each.status === 'held' ? (each.syncId ?? []) : []));
  if (held.length > 0) lines.push('', ...held.map((sync) => `review  ${hint(`changes ${sync}`)}`));
  return lines.join('\n');
}
