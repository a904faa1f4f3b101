import type { components } from '../generated/api.ts';
import type { Sync } from '../client.ts';
import { amount, count, time } from '../output.ts';

export type Summary = components['schemas']['Summary'];
export type Group = Summary['groups'][number];
export type Cause = Summary['causes'][number];
type Previous = NonNullable<Summary['previous']>;

/** How likely it is that somebody wanted what a cause recognises. */
const meanings: Record<Cause['meant'], string> = {
  'hardly-ever': 'hardly ever meant',
  maybe: 'may be meant',
  often: 'often meant',
};
const judgedByLimits: ReadonlySet<string> = new Set([
  'threshold-exceeded',
  'rejected-rows',
  'window-exceeded',
  'watched-transition',
]);
const verbs: Record<Group['operation'], string> = { insert: 'inserted', update: 'updated', delete: 'deleted' };

/** What a person reads first: what resume would do, which limits are exceeded, what is usual, and the likely causes. */
export const describeSummary = (summary: Summary): string =>
  [summary.resume, ...describeFindings(summary, 'Why it is held')].join('\n');

/** The same of a sync on which nobody can decide any more. */
export function describeEnded({ status, decision }: Sync, summary: Summary): string {
  const end = decision
    ? ` It was decided: ${decision.action} by ${decision.by}${decision.reason ? `: ${decision.reason}` : ''}`
    : '';
  return [
    `This sync is not held: it is ${status}.${end}`,
    ...describeFindings(summary, summary.holds.length > 0 ? 'Why it was held' : 'Limits that it exceeded'),
  ].join('\n');
}

function describeFindings(summary: Summary, title: string): string[] {
  const { thresholds, usual, previous, causes, compared } = summary;
  const lines: string[] = [];
  if (previous) lines.push(describePrevious(previous, summary.total));
  if (compared)
    lines.push(
      `Compared with the sync ${compared.with}: ${amount(compared.same, 'change')} the same, ${count(compared.new)} new, ${count(compared.changed)} changed, ${count(compared.gone)} gone.`,
    );
  lines.push('', title);
  const exceeded = thresholds.filter((each) => each.exceeded);
  for (const { scope, words } of exceeded) lines.push(`  ${scope === 'connector' ? '' : `${scope}: `}${words}`);
  // the other holds have their figures above
  for (const { code, message } of summary.holds) if (!judgedByLimits.has(code)) lines.push(`  ${message}`);
  lines.push('', usual.syncs === 0 ? 'Usual: there is no earlier sync to compare with.' : usualOf(summary), '');
  if (causes.length === 0) lines.push('No likely cause was found.');
  else lines.push('Likely causes');
  causes.forEach((cause, i) =>
    lines.push(
      ...describeCause(cause).map((line, at) => (at === 0 ? `${String(i + 1).padStart(3)}. ${line}` : `     ${line}`)),
    ),
  );
  lines.push(...describeWaits(summary));
  return lines;
}

/** What does not happen as long as the sync is held. */
function describeWaits({ waits, polls }: Summary): string[] {
  const lines = [
    ...waits.map(
      ({ connector, job, at, skipped }) =>
        `  ${time(at)}  the job ${job} ${skipped ? 'left out' : 'will leave out'} ${connector}`,
    ),
    ...polls.map(({ connector, connection, at }) => `  ${time(at)}  the poll of ${connector}/${connection} waits`),
  ];
  return lines.length === 0 ? [] : ['', 'Because it is held', ...lines];
}

/** The whole story once a day; else that there is one. */
function describePrevious({ syncId, status, decision, times, tell }: Previous, total: number): string {
  if (!tell)
    return times === 1
      ? `An earlier sync had the same changes: ${syncId}.`
      : `${count(times)} earlier syncs had the same changes, the last of them ${syncId}.`;
  const decided = decision
    ? `, ${decision.action} by ${decision.by} at ${decision.at}${reasonOf(decision.reason)}`
    : '';
  return `The same ${total === 1 ? 'change was' : `${amount(total, 'change')} were`} in the sync ${syncId}: ${status}${decided}.`;
}

const reasonOf = (reason: string | null | undefined) => (reason ? `: "${reason}"` : '');

function usualOf({ usual }: Summary): string {
  const types = Object.entries(usual.counters).map(
    ([name, { deleted, updated, inserted }]) =>
      `  ${name}: ${count(deleted.median)} deleted (at most ${count(deleted.max)}), ${count(updated.median)} updated (${count(updated.max)}), ${count(inserted.median)} inserted (${count(inserted.max)})`,
  );
  return [
    usual.syncs === 1 ? 'In the one sync before' : `Usual in the last ${amount(usual.syncs, 'sync')}`,
    ...types,
  ].join('\n');
}

export function describeCause({ message, share, meant, hint }: Cause): string[] {
  return [`${message} (${percent(share)} of the changes, ${meanings[meant]})`, hint];
}

/** `11 HR_Person deleted (40 %)` */
export function describeGroup({ entityType, kind, operation, property, transition, lines, share }: Group): string {
  const what = kind === 'link' ? `${lines === 1 ? 'link' : 'links'} ${entityType}.${property ?? ''}` : entityType;
  const of = kind === 'resource' && property !== null ? `, ${property}` : '';
  const values = transition ? `: ${text(transition.from)} → ${text(transition.to)}` : '';
  return `${count(lines)} ${what} ${verbs[operation]}${of}${values} (${percent(share)})`;
}

const text = (value: unknown) =>
  value === null || value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);

export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? '< 1' : value.toFixed(0)} %`;
}

/** The groups that together are the whole change set: by type, kind and operation, links by their property. */
export const wholeGroups = ({ groups }: Summary): Group[] =>
  groups.filter(
    ({ kind, property, transition }) => transition === null && (kind === 'resource') === (property === null),
  );
