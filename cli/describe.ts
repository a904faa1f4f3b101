import type { Sync } from './client.ts';
import { amount, count, time } from './output.ts';
import type { Reach } from './reach.ts';

/** A sync for people: its state, its changes, and what to do next. */
export function describeSync(sync: Sync, hint: Reach['hint']): string {
  const lines = [`${sync.connector}, ${sync.mode} sync ${sync.id}: ${sync.status}${sync.applied ? ', applied' : ''}`];
  for (const [type, counters] of Object.entries(sync.counters)) {
    lines.push(
      `  ${type}: ${count(counters.inserted)} inserted, ${count(counters.updated)} updated, ${count(counters.deleted)} deleted, ` +
        `${count(counters.unchanged)} unchanged${counters.rejected > 0 ? `, ${count(counters.rejected)} rejected` : ''}`,
    );
    for (const [property, links] of Object.entries(counters.links))
      lines.push(
        `    ${property}: ${count(links.inserted)} inserted, ${count(links.updated)} updated, ${count(links.deleted)} deleted` +
          (links.rejected > 0 ? `, ${count(links.rejected)} rejected` : ''),
      );
  }
  const begun = sync.taskResults.filter(({ status }) => status !== 'queued' && status !== 'skipped');
  if (begun.length > 0) lines.push(`  tasks: ${begun.map(describeTask).join(', ')}`);
  lines.push(...delays(sync).map((line) => `  ${line}`));
  if (sync.deletesWithheld > 0)
    lines.push(
      `  ${amount(sync.deletesWithheld, 'delete')} withheld: the source did not prove that it was read to its end`,
    );
  if (sync.overtaken > 0) lines.push(`  ${count(sync.overtaken)} overtaken by later changes`);
  if (sync.compared) lines.push(`  ${beside(sync.compared)}`);
  const held = sync.status === 'held' ? 'held' : sync.dryRun ? 'would be held' : 'was held';
  for (const hold of sync.holds) lines.push(`  ${held}: ${hold.message}`);
  for (const cause of sync.causes) lines.push(`  cause: ${cause.message}`);
  if (sync.error) lines.push(`  ${sync.error.code}: ${sync.error.message}`);
  if (sync.decision)
    lines.push(
      `  ${sync.decision.action} by ${sync.decision.by}${sync.decision.reason === null ? '' : `: ${sync.decision.reason}`}`,
    );
  if (rejected(sync) > 0) lines.push(`  rejected rows and links, with reasons: ${hint(`errors ${sync.id}`)}`);
  if (sync.status === 'held')
    lines.push(
      ...expiry(sync).map((line) => `  ${line}`),
      `  digest ${sync.digest ?? ''}`,
      '',
      `review  ${hint(`review ${sync.id}`)}`,
      `changes ${hint(`changes ${sync.id}`)}`,
      `apply   ${hint(`resume ${sync.id}`)}`,
      `refuse  ${hint(`reject ${sync.id} --reason "…"`)}`,
      `read the source again  ${hint(`refresh ${sync.id} --watch`)}`,
    );
  return lines.join('\n');
}

/** Why a sync waits: the limits of its source, or a step that will be tried again. */
export function delays({ waitingFor, retry }: Pick<Sync, 'waitingFor' | 'retry'>): string[] {
  const lines = waitingFor?.detail === undefined ? [] : [`waits since ${time(waitingFor.since)}: ${waitingFor.detail}`];
  if (!retry) return lines;
  const of = retry.maximumAttempts === null ? '' : ` of ${count(retry.maximumAttempts)}`;
  return [
    ...lines,
    `attempt ${count(retry.attempt)}${of} failed, ${retry.code}: ${retry.message}`,
    `the next one is at ${time(retry.nextAt)}`,
  ];
}

/** Since when a held sync waits, and until when. */
export function expiry({ waitingFor }: { waitingFor: Sync['waitingFor'] }): string[] {
  if (waitingFor?.reason !== 'approval') return [];
  const stage = waitingFor.stage === undefined || waitingFor.stage === 'waiting' ? '' : `, ${waitingFor.stage}`;
  const lines = [`held since ${time(waitingFor.since)}${stage}`];
  return waitingFor.expiresAt
    ? [...lines, `if nobody decides, it is rejected at ${time(waitingFor.expiresAt)}`]
    : lines;
}

/** The changes of a refresh beside those of the sync that it replaced. */
function beside(compared: NonNullable<Sync['compared']>): string {
  const { same, new: fresh, gone, changed } = compared;
  return `beside ${compared.with}: ${amount(same, 'change')} the same, ${count(fresh)} new, ${count(gone)} gone, ${count(changed)} changed`;
}

function describeTask({ task, status, startedAt, endedAt }: Sync['taskResults'][number]): string {
  if (startedAt === null || endedAt === null) return `${task} ${status}`;
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return `${task} ${status} in ${seconds.toFixed(1)} s`;
}

const rejected = (sync: Sync): number =>
  Object.values(sync.counters).reduce(
    (sum, type) => sum + type.rejected + Object.values(type.links).reduce((links, link) => links + link.rejected, 0),
    0,
  );
