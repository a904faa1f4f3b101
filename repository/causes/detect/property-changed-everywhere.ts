import { amount } from '../../../domain/amount.ts';
import { count, type Detector, type Finding, type Search } from '../detector.ts';
import { fewestOf } from '../fewest.ts';
import type { PropertyChange } from '../property-changes.ts';
import type { CauseSubject } from '../subject.ts';

/** Of the updates of the type. */
const ofUpdates = 0.9;
/** Of what is stored of the type. */
const ofStored = 0.5;
/** A property that tells resources apart, such as a name, hardly ever changes in so many at once. */
const identifying = { distinct: 0.8, lines: 10, ofStored: 0.03 };

/** One property changes nearly everywhere, or one that tells the resources apart changes in many. */
export const propertyChangedEverywhere: Detector = {
  code: 'property-changed-everywhere',
  async find(search: Search) {
    const found: Finding[] = [];
    for (const type of search.subjects)
      for (const change of await search.changesOf(type)) {
        const lines = Math.round((change.lines * type.updated) / change.of);
        if (!isEverywhere(type, change, lines)) continue;
        found.push({
          entityType: type.name,
          property: change.property,
          message: `${change.property} changes in ${count(lines)} of ${amount(type.stored, 'resource')}.`,
          examples: [change.property],
          counts: { changed: lines, updated: type.updated, stored: type.stored },
          explains: [{ kind: 'resource', type: type.id, operation: 'u', where: { changes: [change.property] } }],
        });
      }
    return found;
  },
};

function isEverywhere({ stored, updated }: CauseSubject, change: PropertyChange, lines: number): boolean {
  if (lines < fewestOf(stored) || lines < ofUpdates * updated) return false;
  if (lines >= ofStored * stored) return true;
  const had = change.lines - change.wasNull;
  return (
    lines >= identifying.lines &&
    lines >= identifying.ofStored * stored &&
    had >= ofUpdates * change.lines &&
    change.valuesBefore >= identifying.distinct * change.lines
  );
}
