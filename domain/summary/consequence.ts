import { amount, some } from '../amount.ts';
import { told } from '../thresholds/share.ts';
import type { Operation } from '../sync.ts';
import type { SummaryBody, SummaryGroup } from './body.ts';

const verbs: Record<Operation, string> = { delete: 'deletes', update: 'changes', insert: 'adds' };
const order: readonly Operation[] = ['delete', 'update', 'insert'];
const namesAtMost = 4;

/**
 * What happens to what is stored when the change set is applied: `Resume deletes 3 HR_Person and 9 HR_Person.groups, changes
 * 14,000 HR_Person (13,900 of them startDate), adds 12 HR_Person.`
 */
export function resumeWords({ total, groups }: Pick<SummaryBody, 'total' | 'groups'>): string {
  if (total === 0) return 'Resume changes nothing that is stored.';
  const parts = order.flatMap((operation) => {
    const named = groups.filter((group) => group.operation === operation && isNamed(group));
    if (named.length === 0) return [];
    const shown = named.slice(0, namesAtMost).map((group) => nameOf(group, groups));
    const rest = named.slice(namesAtMost).reduce((sum, { lines }) => sum + lines, 0);
    return [`${verbs[operation]} ${listed([...shown, ...(rest > 0 ? [amount(rest, 'other')] : [])])}`];
  });
  return `Resume ${parts.join(', ')}.`;
}

export function rejectWords({ total }: SummaryBody): string {
  const which = total === 1 ? 'this change is not applied' : `none of these ${told(total)} changes is applied`;
  return `Reject ends the sync: ${which}, and what is stored stays as it is. The next sync compares again: it finds the same changes unless the source has been corrected.`;
}

/** Resources by their type, and links by their property. */
const isNamed = ({ kind, property, transition }: SummaryGroup): boolean =>
  transition === null && (kind === 'resource') === (property === null);

function nameOf(group: SummaryGroup, groups: readonly SummaryGroup[]): string {
  const { entityType, kind, property, operation, lines } = group;
  const name = `${told(lines)} ${entityType}${kind === 'link' ? `.${property ?? ''} ${some(lines, 'link', 'links')}` : ''}`;
  if (kind === 'link' || operation !== 'update') return name;
  const most = groups.find(
    (each) =>
      each.entityType === entityType &&
      each.kind === 'resource' &&
      each.operation === 'update' &&
      each.property !== null &&
      each.transition === null,
  );
  if (!most?.property || 2 * most.lines < lines) return name;
  return `${name} (${most.lines === lines ? 'all' : told(most.lines)} of them ${most.property})`;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
