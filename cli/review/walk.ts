import { bodyOf, type Api, type Sync } from '../client.ts';
import { describeChange } from '../describe-change.ts';
import type { components } from '../generated/api.ts';
import { amount, count } from '../output.ts';
import { describeCause, describeGroup, describeSummary, wholeGroups, type Summary } from './describe-summary.ts';

export type Rule = components['schemas']['DraftRequest']['rules'][number];
export type Draft = components['schemas']['Draft'];
type Counts = Summary['counts'];
type RowDecision = Rule['decision'];

/** Where a person reads and answers. */
export interface Terminal {
  tell: (text: string) => void;
  /** An empty text where the person ended the input. */
  ask: (question: string) => Promise<string>;
}

/** What a person decided. `confirm` repeats the counts that the person saw. */
export type Decision =
  | { action: 'resume'; digest: string; draftId: string | null; confirm: Counts; reason: string }
  | { action: 'reject'; digest: string; reason: string; deactivate: boolean }
  | { action: 'nothing' };

/** Leads a person through a held sync. Nothing is decided here: only drafts are written. */
export async function walkThrough(api: Api, sync: Sync, summary: Summary, terminal: Terminal): Promise<Decision> {
  const { tell } = terminal;
  tell(describeSummary(summary));
  tell('\nThe changes');
  for (const group of wholeGroups(summary)) tell(`  ${describeGroup(group)}`);
  for (;;) {
    const answer = await choose(terminal, '\nApply all, reject all, decide by group, show examples, or quit?', [
      'apply',
      'reject',
      'groups',
      'examples',
      'quit',
    ]);
    if (answer === 'quit') return { action: 'nothing' };
    if (answer === 'examples') tell(await examples(api, sync, {}));
    else if (answer === 'reject') {
      tell(summary.reject);
      const reason = await askReason(terminal);
      if (reason !== undefined)
        return {
          ...{ action: 'reject', digest: summary.digest, reason },
          deactivate: summary.previous !== null && (await asksForPause(terminal, sync.connector)),
        };
    } else if (answer === 'apply') {
      const reason = await confirmed(terminal, summary.counts, summary.resume);
      if (reason !== undefined)
        return { action: 'resume', digest: summary.digest, draftId: null, confirm: summary.counts, reason };
    } else {
      const decision = await byGroup(api, sync, summary, terminal);
      if (decision) return decision;
    }
  }
}

/** Asks about each likely mistake, then about each group, and writes a draft. */
async function byGroup(api: Api, sync: Sync, summary: Summary, terminal: Terminal): Promise<Decision | undefined> {
  const rules: Rule[] = [];
  for (const group of wholeGroups(summary)) {
    const decision = await decideOn(api, sync, terminal, describeGroup(group), { group: group.id });
    if (decision !== 'apply') rules.push({ decision, filter: { group: group.id } });
  }
  // a later rule wins: a cause is more exact than a group
  for (const cause of summary.causes) {
    if (cause.meant === 'often' || cause.lines === summary.total) continue;
    const decision = await decideOn(api, sync, terminal, describeCause(cause).join('\n  '), { cause: cause.id });
    rules.push({ decision, filter: { cause: cause.id } });
  }
  if (rules.every(({ decision }) => decision === 'apply')) {
    terminal.tell('Nothing was refused or deferred.');
    return undefined;
  }
  const draft = bodyOf(
    await api.POST('/v1/syncs/{id}/decisions', {
      params: { path: { id: sync.id } },
      body: { digest: summary.digest, rules, otherwise: 'apply' },
    }),
  );
  terminal.tell(describeDraft(draft));
  const reason = await confirmed(terminal, draft.counts.applied, 'The draft decides as above.');
  if (reason === undefined) return undefined;
  return { action: 'resume', digest: draft.digest, draftId: draft.draftId, confirm: draft.counts.applied, reason };
}

type Filter = { group: string } | { cause: string };

async function decideOn(api: Api, sync: Sync, terminal: Terminal, what: string, filter: Filter): Promise<RowDecision> {
  terminal.tell(`\n${what}`);
  for (;;) {
    const answer = await choose(terminal, 'Apply, refuse, defer, or show examples?', [
      'apply',
      'refuse',
      'defer',
      'examples',
    ]);
    if (answer !== 'examples') return answer as RowDecision;
    terminal.tell(await examples(api, sync, filter));
  }
}

/** Ten changes chosen by chance, the same ones for everybody. */
async function examples(api: Api, sync: Sync, filter: Filter | object): Promise<string> {
  const { items } = bodyOf(
    await api.GET('/v1/syncs/{id}/changes', {
      params: { path: { id: sync.id }, query: { sample: '10' as never, ...filter } },
    }),
  );
  return items
    .map(
      (change) =>
        `  ${change.operation} ${change.entityType} ${change.key.join(',')} ${change.label ?? ''}: ${describeChange(change)}`,
    )
    .join('\n');
}

export function describeDraft({ draftId, counts, conflicts }: Draft): string {
  const lines = [
    `\nDraft ${draftId}: ${amount(counts.apply, 'change')} ${counts.apply === 1 ? 'is' : 'are'} applied, ${count(counts.refuse)} refused, ${count(counts.defer)} deferred.`,
    `Applied: ${describeCounts(counts.applied)}`,
  ];
  if (counts.follows > 0)
    lines.push(
      `${amount(counts.follows, 'change')} ${counts.follows === 1 ? 'follows other decisions, because it' : 'follow other decisions, because they'} cannot stand alone. Rules said otherwise for ${count(conflicts.count)} of them.`,
    );
  if (counts.mixed > 0)
    lines.push(
      counts.mixed === 1
        ? '1 of the chosen updates changes other properties, too. It is decided as a whole change.'
        : `${count(counts.mixed)} of the chosen updates change other properties, too. They are decided as whole changes.`,
    );
  if (counts.suppressedAfter > 0)
    lines.push(
      counts.suppressedAfter === 1
        ? '1 change is remembered: later syncs leave it out until it changes.'
        : `${amount(counts.suppressedAfter, 'change')} are remembered: later syncs leave them out until they change.`,
    );
  return lines.join('\n');
}

const describeCounts = (counts: Counts): string =>
  `${count(counts.deleted)} deleted, ${count(counts.updated)} updated, ${count(counts.inserted)} inserted; links: ` +
  `${count(counts.linksDeleted)} deleted, ${count(counts.linksUpdated)} updated, ${count(counts.linksInserted)} inserted`;

/** A person types the number of deletes, so that nobody applies them by habit. @returns the reason; undefined: not confirmed */
async function confirmed(terminal: Terminal, counts: Counts, what: string): Promise<string | undefined> {
  terminal.tell(`\n${what}\n${describeCounts(counts)}`);
  const deletes = counts.deleted + counts.linksDeleted;
  const wanted = deletes > 0 ? String(deletes) : 'yes';
  const question =
    deletes > 0 ? 'Type the number of deletes (resources and links together) to apply:' : 'Type yes to apply:';
  const typed = (await terminal.ask(`${question} `)).trim().replaceAll(/[,.\s]/g, '');
  if (typed !== wanted) {
    terminal.tell(deletes > 0 ? 'That is not the number of deletes. Nothing was decided.' : 'Nothing was decided.');
    return undefined;
  }
  return askReason(terminal);
}

async function askReason(terminal: Terminal): Promise<string | undefined> {
  const reason = (await terminal.ask('Reason: ')).trim();
  if (reason !== '') return reason;
  terminal.tell('A decision needs a reason. Nothing was decided.');
  return undefined;
}

/** Whoever rejects the same changes again may not want to do so every day. */
async function asksForPause(terminal: Terminal, connector: string): Promise<boolean> {
  const answers = ['no', 'yes'];
  const question = `\nThe same changes were found before. Deactivate ${connector} until its source is repaired?`;
  return (await choose(terminal, question, answers)) === 'yes';
}

/** Takes the first letters of an answer, as far as they tell the answers apart; an end of the input is `quit` or the first. */
async function choose(terminal: Terminal, question: string, answers: readonly string[]): Promise<string> {
  const shown = answers.map((answer) => `[${answer.slice(0, 1)}]${answer.slice(1)}`).join(' ');
  for (;;) {
    const typed = (await terminal.ask(`${question} ${shown}: `)).trim().toLowerCase();
    const found = answers.filter((answer) => typed !== '' && answer.startsWith(typed));
    if (found.length === 1 && found[0] !== undefined) return found[0];
    terminal.tell(`Type one of ${answers.join(', ')}.`);
  }
}
