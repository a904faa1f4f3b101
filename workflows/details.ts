import { workflowInfo } from '@temporalio/workflow';
import { amount } from '../domain/amount.ts';
import type { Breaker } from '../domain/breaker.ts';
import { timesIn, type ReviewTimes } from '../domain/review/times.ts';
import type { HoldStage, SyncStatus, Task } from '../domain/sync.ts';
import type { SyncInput } from './messages.ts';

/** The state that the workflow itself has; counts and words only. */
export interface Standing {
  status: SyncStatus;
  phase: Task | null;
  digest: string | null;
  changes?: number;
  /** Messages of the holds. */
  holds?: string[];
  /** When the timers of the hold are due; absent until it is held. */
  times?: ReviewTimes | undefined;
  stage?: HoldStage;
  /** Decisions that were refused. */
  notes: string[];
}

/** Markdown for the Temporal Web UI: the status of the sync, and what a held sync waits for. */
export function describeStanding(input: SyncInput, standing: Standing): string {
  const lines = [
    `**${standing.status}**${standing.phase ? `, ${standing.phase}` : ''}: ${input.mode} sync of \`${input.connector}\``,
  ];
  if (standing.changes !== undefined) lines.push('', amount(standing.changes, 'change'));
  if (standing.status === 'held') {
    lines.push(
      '',
      'Nothing has been applied. It is held because:',
      '',
      ...(standing.holds ?? []).map((hold) => `- ${hold}`),
      '',
      ...waits(standing),
      `Review: \`./syncline changes ${input.syncId}\``,
      '',
      `Apply: \`./syncline resume ${input.syncId}\`, or`,
      `\`temporal workflow signal --workflow-id ${workflowInfo().workflowId} --name resume --input '{"digest":"${standing.digest ?? ''}"}'\``,
      '',
      `Refuse: \`./syncline reject ${input.syncId}\`, or the signal \`reject\` with the same input`,
    );
  }
  if (standing.notes.length > 0) lines.push('', ...standing.notes.slice(-10).map((note) => `- ${note}`));
  return lines.join('\n');
}

/** The timers of a hold: which of them were due, and when the others are. */
function waits({ times, stage }: Standing): string[] {
  const { remindAt, escalateAt, expiresAt } = timesIn(times ?? null);
  const lines = [
    remindAt === null ? [] : `${stage === undefined ? 'Reminder' : 'Reminded'}: ${remindAt}`,
    escalateAt === null ? [] : `${stage === 'escalated' ? 'Escalated' : 'Escalation'}: ${escalateAt}`,
    expiresAt === null ? [] : `Rejected, if nobody decides: ${expiresAt}`,
  ].flat();
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${line}`), ''];
}

/** Markdown for the Temporal Web UI: the state of a poll, and how to reset its breaker. */
export function describePoll(poll: {
  connector: string;
  connection: string;
  breaker: Breaker;
  nextAt: number;
  /** What the poll does now, or the result of its last sync. */
  last: string;
}): string {
  const { state, failures, completeNext } = poll.breaker;
  const lines = [
    `**${state}**, ${String(failures)} failures in a row: poll of \`${poll.connection}\` of \`${poll.connector}\``,
    '',
    poll.last,
    '',
    `Next: ${new Date(poll.nextAt).toISOString()}, ${completeNext ? 'a complete sync' : 'an incremental sync'}`,
  ];
  if (state !== 'closed' || failures > 0)
    lines.push(
      '',
      `Try at once: \`./syncline breakers reset ${poll.connector} ${poll.connection}\`, or the signal \`resetBreaker\``,
    );
  return lines.join('\n');
}
