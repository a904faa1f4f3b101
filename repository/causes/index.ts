import { causeAdvice } from '../../domain/cause-advice.ts';
import type { Cause } from '../../domain/sync.ts';
import { row, type Queryable } from '../database.ts';
import type { CauseInput, Search } from './detector.ts';
import { detectors } from './detectors.ts';
import { explainedConditions, type Explained, type ExplainedCondition, type ExplainedConditions } from './explained.ts';
import { proposed } from './proposed.ts';
import { copies } from './copies.ts';
import { firstSync } from './detect/first-sync.ts';
import { createGone, dropGone } from './gone.ts';
import { countExplained, examplesOf } from './count-explained.ts';
import { createLost, dropLost } from './lost-links.ts';
import { propertyChanges } from './property-changes.ts';
import type { CauseSubject } from './subject.ts';
import { rank, type Counted } from './rank.ts';
import { createSample, dropSample } from './sample.ts';

export type { CauseInput, CutTable } from './detector.ts';
export type { CauseLink, CauseSubject } from './subject.ts';

/** Causes as the API shows them, and by the id of each the changes that it explains. */
export interface FoundCauses {
  causes: Cause[];
  explained: Record<string, Explained[]>;
}

export const noCauses: FoundCauses = { causes: [], explained: {} };

const nameOf = ({ id }: CauseSubject) => id;

/** Change sets with more changes are searched, and every one that is held. */
const fewChanges = 10;

/** Searches for likely causes of a change set, the most likely first. */
export async function findCauses(tx: Queryable, input: CauseInput): Promise<FoundCauses> {
  if (!input.held && input.changes <= fewChanges) return noCauses;
  const isFirst = input.subjects.every(({ stored }) => stored === 0);
  const gone = once(() => createGone(tx, input.sync));
  await createSample(tx, input.sync, isFirst ? [] : input.subjects, gone);
  const search: Search = {
    ...input,
    tx,
    gone,
    lostLinks: once(async () => createLost(tx, input.sync, input.subjects, await gone())),
    changesOf: once((subject) => propertyChanges(tx, subject), nameOf),
    copiesOf: once((subject) => copies(tx, subject), nameOf),
  };
  const found: Counted[] = [];
  const counted = once((terms: Explained[]) => countExplained(search, terms), JSON.stringify);
  for (const { code, find } of isFirst ? [firstSync] : detectors)
    for (const finding of await find(search))
      found.push({ ...finding, code, lines: (await counted(finding.explains)).lines, changes: [] });
  await dropSample(tx);
  await dropGone(tx);
  await dropLost(tx);
  const ranked = rank(found);
  for (const each of ranked)
    each.changes = (await counted(each.explains)).first ?? (await examplesOf(search, each.explains));
  return {
    causes: ranked.map((each, i) => causeOf(each, `c${String(i + 1)}`, input.changes)),
    explained: Object.fromEntries(ranked.map(({ explains }, i) => [`c${String(i + 1)}`, explains])),
  };
}

/** Each question is asked once, by whichever detectors ask. */
function once<Answer, Asked = void>(
  ask: (of: Asked) => Promise<Answer>,
  name: (of: Asked) => unknown = (of) => of,
): (of: Asked) => Promise<Answer> {
  const known = new Map<unknown, Promise<Answer>>();
  return (of) => {
    const answer = known.get(name(of)) ?? ask(of);
    known.set(name(of), answer);
    return answer;
  };
}

function causeOf(found: Counted, id: string, changes: number): Cause {
  const { code, entityType, property, lines, message, examples, counts, syncId } = found;
  const { hint, meant } = causeAdvice[code];
  return {
    id,
    code,
    entityType,
    ...(property === undefined ? {} : { property }),
    lines,
    share: changes === 0 ? 0 : Math.round((10_000 * lines) / changes) / 10_000,
    message,
    examples,
    evidence: { counts, changes: found.changes },
    hint,
    meant,
    ...(syncId === undefined ? {} : { syncId }),
  };
}

/**
 * The conditions of the changes that a cause of a sync explains: `c` is syncline.change for resources, syncline.link_change
 * for links; undefined for a kind of which it explains none. They fit proposed
 * changes of this sync only.
 * @returns undefined if the sync has no such cause, or its changes were removed
 */
export async function causeConditions(
  db: Queryable,
  sync: number,
  cause: string,
): Promise<ExplainedConditions | undefined> {
  const found = await row<{ terms: Explained[] | null }>(
    db,
    'select cause_rows -> ? as terms from syncline.sync where no = ?',
    [cause, sync],
  );
  if (!found?.terms) return undefined;
  const { resource, link } = explainedConditions(sync, found.terms);
  const limited = (condition: ExplainedCondition | undefined) =>
    condition && { ...condition, sql: `${proposed(sync, 'c')} and ${condition.sql}` };
  return { resource: limited(resource), link: limited(link) };
}
