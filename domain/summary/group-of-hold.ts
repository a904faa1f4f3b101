import { keyText } from '../key.ts';
import { messageOf } from '../thresholds/words.ts';
import type { HoldCode } from '../codes.ts';
import type { Hold, Operation, ThresholdVerdict } from '../sync.ts';
import type { SummaryGroup } from './body.ts';

/**
 * The group whose changes are exactly those that a hold is about; undefined if they are those of several groups, of a part of
 * one, or no changes, as rejected rows are none. `/changes?hold=` lists them in any case.
 */
export function groupOfHold(
  hold: Hold,
  thresholds: readonly ThresholdVerdict[],
  groups: readonly SummaryGroup[],
): SummaryGroup | undefined {
  const verdict = verdictOf(hold, thresholds);
  if (verdict?.watch) return groupOfWatch(verdict, groups);
  const about = subjectOf(hold, thresholds);
  if (!about) return undefined;
  const [entityType, property] = hold.scope === 'connector' ? [] : splitScope(hold.scope, groups);
  const kind = property === undefined ? about.kind : 'link';
  const found = groups.filter(
    (group) =>
      group.transition === null &&
      group.operation === about.operation &&
      group.kind === kind &&
      group.property === (property ?? null) &&
      (hold.scope === 'connector' || group.entityType === entityType),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** The exceeded limit that a hold tells. */
export const verdictOf = (
  { scope, message }: Hold,
  thresholds: readonly ThresholdVerdict[],
): ThresholdVerdict | undefined =>
  thresholds.find((each) => each.exceeded && each.scope === scope && messageOf(each) === message);

/** What kind of changes a hold counts, of a hold that is about one kind and operation in its scope. */
export function subjectOf(
  hold: Hold,
  thresholds: readonly ThresholdVerdict[],
): { kind: 'resource' | 'link'; operation: Operation } | undefined {
  if (losing.includes(hold.code)) return { kind: 'resource', operation: 'delete' };
  const verdict = verdictOf(hold, thresholds);
  const operation = verdict ? operationOf(verdict.name) : undefined;
  return operation && { kind: verdict?.name.includes('Link') ? 'link' : 'resource', operation };
}

/**
 * A watch counts some of the changes of its scope. A group has exactly these if it is one of them by its values, or if all
 * that the group has was counted.
 */
function groupOfWatch(
  { scope, actual, watch }: ThresholdVerdict,
  groups: readonly SummaryGroup[],
): SummaryGroup | undefined {
  if (!watch) return undefined;
  const isOneOf = (values: readonly (string | readonly string[])[], value: unknown) =>
    values.some((each) => keyText([each].flat()) === value);
  const [entityType, navigation] = watch.property === undefined ? splitScope(scope, groups) : [scope];
  const property = watch.property ?? navigation;
  const kind = watch.property === undefined ? 'link' : 'resource';
  const own = groups.filter(
    (group) => group.entityType === entityType && group.kind === kind && group.property === property,
  );
  const byValues = own.filter(({ transition }) => {
    if (!transition) return false;
    const { from, to } = transition;
    if (kind === 'link') return isOneOf(watch.to, from) || isOneOf(watch.to, to);
    return isOneOf(watch.to, to) && !isOneOf(watch.to, from) && (!watch.from || isOneOf(watch.from, from));
  });
  const counted = byValues.reduce((sum, { lines }) => sum + lines, 0);
  if (byValues.length === 1 && counted === actual) return byValues[0];
  // what a watch of links counts is part of the changes of the property, so equal numbers are equal changes
  const whole = own.filter(({ operation, transition }) => !transition && (kind === 'link' || operation === 'update'));
  const all = whole.reduce((sum, { lines }) => sum + lines, 0);
  if (whole.length === 1 && all === actual && (kind === 'link' || counted === actual)) return whole[0];
  const pairs = own.reduce((sum, { lines, transition }) => (transition ? sum + lines : sum), 0);
  // no update is counted: then all that is counted comes
  if (kind !== 'resource' || counted > 0 || pairs < all) return undefined;
  const come = groups.filter(
    (group) => group.entityType === entityType && group.kind === kind && group.operation === 'insert',
  );
  return (
    come.find((group) => group.property === property && group.lines === actual) ??
    come.find((group) => group.property === null && group.lines === actual)
  );
}

/** Holds of what a scope would lose. */
const losing: readonly HoldCode[] = ['zero-rows', 'unreadable-key', 'filter-changed'];

function operationOf(name: string): Operation | undefined {
  if (name.includes('Deleted')) return 'delete';
  if (name.includes('Updated')) return 'update';
  return name.includes('Inserted') ? 'insert' : undefined;
}

/** Names of entity types may have dots: the type is one that has changes. */
export function splitScope(
  scope: string,
  groups: readonly Pick<SummaryGroup, 'entityType'>[],
): [entityType: string, property?: string] {
  const type = groups.find(({ entityType }) => scope.startsWith(`${entityType}.`))?.entityType;
  if (type === undefined || groups.some(({ entityType }) => entityType === scope)) return [scope];
  return [type, scope.slice(type.length + 1)];
}
