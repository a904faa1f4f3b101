import {
  memoriesOf,
  memorySeconds,
  mostNamed,
  usualMemory,
  type DraftFilter,
  type DraftRule,
  type RowDecision,
} from '../domain/draft.ts';
import { toPointer, type Fault } from '../domain/fault.ts';
import { findEntityType } from '../repository/catalog.ts';
import { readChangeId, type ChangeFilter } from '../repository/change-filter.ts';
import type { Queryable } from '../repository/database.ts';
import type { Rule } from '../repository/drafts/match.ts';
import { Problem } from './problems.ts';
import { askedKey } from './resource-body.ts';

/** The rules of a draft, checked: as they are stored and shown, as they are matched, and how long refusals are remembered. */
export interface CheckedRules {
  rules: DraftRule[];
  matched: Rule[];
  memories: (number | null)[];
}

/** @throws Problem `invalid` that points at what does not make sense */
export async function checkRules(
  db: Queryable,
  asked: readonly DraftRule[],
  otherwise: RowDecision,
): Promise<CheckedRules> {
  const named = asked.reduce((sum, { filter }) => sum + (filter.keys?.length ?? 0) + (filter.ids?.length ?? 0), 0);
  if (named > mostNamed)
    throw faulty([
      {
        pointer: '/rules',
        detail: `The filters name ${named.toLocaleString('en-US')} keys and ids. A draft has at most ${mostNamed.toLocaleString('en-US')} of them.`,
      },
    ]);
  const faults: Fault[] = [];
  const matched: Rule[] = [];
  for (const [i, rule] of asked.entries()) {
    faults.push(...faultsOfMemory(rule, i));
    const keys = await keysOf(db, rule.filter, i, faults);
    for (const [n, id] of (rule.filter.ids ?? []).entries())
      if (readChangeId(id) === undefined)
        faults.push({
          pointer: at(i, 'filter', 'ids', n),
          detail: 'The id of a change is an r or an l and a number: r123.',
        });
    matched.push({ decision: rule.decision, filter: { ...rule.filter, keys } as ChangeFilter });
  }
  if (faults.length > 0) throw faulty(faults);
  const rules = asked.map((rule) => (rule.decision === 'refuse' ? { remember: usualMemory, ...rule } : rule));
  return { rules, matched, memories: memoriesOf(rules, otherwise) };
}

/** Of rules that mean no change; places from 1. */
export const emptyRules = (places: readonly number[]): Problem =>
  faulty(
    places.map((place) => ({ pointer: at(place - 1, 'filter'), detail: 'No change of the sync fits this rule.' })),
  );

function faultsOfMemory({ decision, remember }: DraftRule, i: number): Fault[] {
  if (remember === undefined) return [];
  if (decision !== 'refuse')
    return [{ pointer: at(i, 'remember'), detail: 'Only a refusal is remembered: leave it out.' }];
  if (memorySeconds(remember) === undefined)
    return [
      { pointer: at(i, 'remember'), detail: 'A refusal is remembered for 1d to 365d. Write it like 30d or 36h.' },
    ];
  return [];
}

/** The texts of the keys, in the form of the repository and in the form in which the source would write them. */
async function keysOf(
  db: Queryable,
  { keys, entityType }: DraftFilter,
  i: number,
  faults: Fault[],
): Promise<string[] | undefined> {
  if (keys === undefined) return undefined;
  const type = entityType === undefined ? undefined : await findEntityType(db, entityType);
  if (!type) {
    const why = entityType === undefined ? 'Keys need entityType.' : `There is no entity type ${entityType}.`;
    faults.push({ pointer: at(i, 'filter', 'entityType'), detail: why });
    return [];
  }
  const wrong = keys.findIndex((parts) => parts.length !== type.keyProperties.length);
  if (wrong >= 0) {
    const parts = `${String(type.keyProperties.length)} parts (${type.keyProperties.join(', ')})`;
    faults.push({ pointer: at(i, 'filter', 'keys', wrong), detail: `A key of ${type.name} has ${parts}.` });
    return [];
  }
  return keys.flatMap((parts) => {
    const { text, asWritten } = askedKey(type, parts);
    return asWritten ? [text, asWritten.text] : [text];
  });
}

const at = (rule: number, ...path: (string | number)[]) => toPointer(['rules', String(rule), ...path.map(String)]);

function faulty(faults: Fault[]): Problem {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${String(faults.length - 1)} more)` : '';
  return new Problem('invalid', `${first?.pointer ?? ''}: ${first?.detail ?? ''}${more}`, { errors: faults });
}
