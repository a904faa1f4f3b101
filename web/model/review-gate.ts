import type { Summary } from '../server/types.ts';

/** The six counters of a change set, in the order in which a tie between them is broken. */
export const counterNames = [
  'deleted',
  'linksDeleted',
  'updated',
  'linksUpdated',
  'inserted',
  'linksInserted',
] as const;
export type CounterName = (typeof counterNames)[number];
type Counts = Summary['counts'];
type Verdict = Summary['thresholds'][number];

export const counterTitles: Record<CounterName, string> = {
  deleted: 'Deletes',
  linksDeleted: 'Link deletes',
  updated: 'Updates',
  linksUpdated: 'Link updates',
  inserted: 'Inserts',
  linksInserted: 'Link inserts',
};

/** Which counter a limit is about; undefined if it is about something else, such as rejected rows. */
export function counterOf({ name, watch }: Pick<Verdict, 'name' | 'watch'>): CounterName | undefined {
  if (watch !== undefined) return undefined;
  const [, link, operation] = /^max(?:imum)?(Link)?(?:Percentage)?(Inserted|Updated|Deleted)Lines$/.exec(name) ?? [];
  if (operation === undefined) return undefined;
  return (link === undefined ? operation.toLowerCase() : `links${operation}`) as CounterName;
}

/** How many times over its limit a counter is. */
export const timesOver = ({ actual, limitLines }: Pick<Verdict, 'actual' | 'limitLines'>): number =>
  actual / Math.max(1, limitLines);

/** The counter that exceeds its limit most, of those that the decision applies at all. */
export function mostExceeded(thresholds: readonly Verdict[], counts: Counts): CounterName | undefined {
  let most: { name: CounterName; times: number } | undefined;
  for (const name of counterNames)
    for (const verdict of thresholds) {
      if (!verdict.exceeded || counterOf(verdict) !== name || counts[name] === 0) continue;
      const times = timesOver(verdict);
      if (most === undefined || times > most.times) most = { name, times };
    }
  return most?.name;
}

/** A field of the dialog: what has to be typed there. */
export type TypedField =
  | { kind: 'counter'; name: CounterName; label: string; wanted: number }
  | { kind: 'total'; label: string; wanted: number }
  | { kind: 'connector'; label: string; wanted: string };

/** What has to be typed before the changes are applied: never the same word twice, but what is about to happen. */
export function typedFields(summary: Pick<Summary, 'thresholds' | 'counts'>, connector: string): TypedField[] {
  const { counts, thresholds } = summary;
  const deletes = counts.deleted > 0 ? 'deleted' : counts.linksDeleted > 0 ? 'linksDeleted' : undefined;
  const names = new Set<CounterName>();
  for (const name of [deletes, mostExceeded(thresholds, counts)] as const) if (name !== undefined) names.add(name);
  if (names.size > 0)
    return [...names].map((name) => ({ kind: 'counter', name, label: counterTitles[name], wanted: counts[name] }));
  const total = counterNames.reduce((sum, name) => sum + counts[name], 0);
  return total > 0
    ? [{ kind: 'total', label: 'All changes', wanted: total }]
    : [{ kind: 'connector', label: 'Connector name', wanted: connector }];
}

/** A number as people type it: `14000`, `14 000`, `14,000`. */
export function typedNumber(text: string): number | undefined {
  const digits = text.replaceAll(/[\s,.'’\u00a0\u202f]/g, '');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

export const isTyped = (field: TypedField, text: string): boolean =>
  field.kind === 'connector' ? text.trim() === field.wanted : typedNumber(text) === field.wanted;

export type ListName = 'deletes' | 'updates' | 'inserts' | 'links';

const lists: Record<CounterName, ListName> = {
  deleted: 'deletes',
  updated: 'updates',
  inserted: 'inserts',
  linksDeleted: 'links',
  linksUpdated: 'links',
  linksInserted: 'links',
};

export const listEvidence = (list: ListName): string => `list:${list}`;

/** For each hold, what shows its changes: one of the four lists, or a list of its own. */
export function holdEvidence({ holds, thresholds }: Pick<Summary, 'holds' | 'thresholds'>): string[] {
  const exceeded = thresholds.filter((verdict) => verdict.exceeded && counterOf(verdict) !== undefined);
  // the limits of a kind and the holds because of them are in one order
  const counterOfHold = (hold: Summary['holds'][number]): CounterName | undefined => {
    const isWindow = hold.code === 'window-exceeded';
    if (!isWindow && hold.code !== 'threshold-exceeded') return undefined;
    const same = holds.filter(({ code }) => code === hold.code);
    const limits = exceeded.filter(({ window }) => (window !== undefined) === isWindow);
    const verdict = same.length === limits.length ? limits[same.indexOf(hold)] : undefined;
    return verdict && counterOf(verdict);
  };
  const first = new Map<string, string>();
  return holds.map((hold, place) => {
    const counter = counterOfHold(hold);
    if (counter === undefined) return `hold:${String(place)}`;
    if (hold.scope === 'connector') return listEvidence(lists[counter]);
    // two limits of one counter are about the same changes
    const known = first.get(`${hold.scope} ${counter}`) ?? `hold:${String(place)}`;
    first.set(`${hold.scope} ${counter}`, known);
    return known;
  });
}

export interface Evidence {
  id: string;
  /** What is still to be done, in words. */
  todo: string;
  done: boolean;
}

/** What has to have been on the screen, and answered, before anything can be applied. */
export function evidenceOf(
  summary: Pick<Summary, 'holds' | 'thresholds' | 'counts' | 'causes'>,
  seen: ReadonlySet<string>,
  answers: Readonly<Record<string, string>>,
): Evidence[] {
  const found = new Map<string, string>();
  if (summary.counts.deleted > 0) found.set(listEvidence('deletes'), 'Look at the list of deletes');
  if (summary.counts.linksDeleted > 0) found.set(listEvidence('links'), 'Look at the links that go');
  const shownBy = holdEvidence(summary);
  summary.holds.forEach((hold, place) => {
    const id = shownBy[place] ?? '';
    if (found.has(id)) return;
    const list = id.startsWith('list:') ? id.slice(5) : undefined;
    found.set(id, list === undefined ? `Look at the changes of: ${hold.message}` : `Look at the ${list}`);
  });
  const evidence = [...found].map(([id, todo]) => ({ id, todo, done: seen.has(id) }));
  for (const { id, meant, message } of summary.causes)
    if (meant === 'hardly-ever')
      evidence.push({
        id: `cause:${id}`,
        todo: `Say why this is meant: ${message}`,
        done: (answers[id] ?? '').trim() !== '',
      });
  return evidence;
}

/** "3 deletes, 14,000 updates and 12 inserts", of the counts that are not 0. */
export function countsWords(counts: Counts, format: (n: number) => string): string {
  const words: Record<CounterName, [string, string]> = {
    deleted: ['delete', 'deletes'],
    linksDeleted: ['link delete', 'link deletes'],
    updated: ['update', 'updates'],
    linksUpdated: ['link update', 'link updates'],
    inserted: ['insert', 'inserts'],
    linksInserted: ['link insert', 'link inserts'],
  };
  const parts = counterNames
    .filter((name) => counts[name] > 0)
    .map((name) => `${format(counts[name])} ${words[name][counts[name] === 1 ? 0 : 1]}`);
  return parts.length === 0 ? '0 changes' : parts.join(', ');
}
