import { amount } from '../../../domain/amount.ts';
import { row } from '../../database.ts';
import { count, type Detector, type Finding, type Search } from '../detector.ts';
import { fewestOf } from '../fewest.ts';
import type { PropertyChange } from '../property-changes.ts';
import type { CauseSubject } from '../subject.ts';

const nearlyAll = 0.95;
const ofUpdates = 0.9;
const ofStored = 0.5;
/** Of what is stored, if nothing has another value afterwards. */
const ifNothingElse = 0.15;

/** One property gets the same value nearly everywhere. */
export const propertySetToOneValue: Detector = {
  code: 'property-set-to-one-value',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects)
      for (const change of await search.changesOf(type)) {
        const { property, commonest } = change;
        const lines = Math.round((change.commonestLines * type.updated) / change.of);
        if (!(await isEverywhere(search, type, change, lines))) continue;
        found.push({
          entityType: type.name,
          property,
          message:
            commonest === null
              ? `${property} becomes empty in ${count(lines)} of ${amount(type.stored, 'resource')}.`
              : `${property} gets the same value in ${count(lines)} of ${amount(type.stored, 'resource')}.`,
          examples: [property],
          counts: { changed: lines, updated: type.updated, stored: type.stored, valuesBefore: change.valuesBefore },
          explains: [
            { kind: 'resource', type: type.id, operation: 'u', where: { changes: [property], to: commonest } },
          ],
        });
      }
    return found;
  },
};

async function isEverywhere(
  search: Search,
  type: CauseSubject,
  { property, lines: changed, of, commonest, commonestLines }: PropertyChange,
  lines: number,
): Promise<boolean> {
  const { stored, id } = type;
  if (lines < fewestOf(stored) || commonestLines < nearlyAll * changed || changed < ofUpdates * of) return false;
  if (lines >= ofStored * stored) return true;
  if (lines < 10 || lines < ifNothingElse * stored) return false;
  const others = await row<{ n: number }>(
    search.tx,
    `select count(*)::int as n from syncline.resource
     where entity_type = ? and jsonb_exists(attributes, ?) and attributes -> ? <> ?::jsonb`,
    [id, property, property, JSON.stringify(commonest)],
  );
  return (others?.n ?? 0) - lines <= (1 - nearlyAll) * stored;
}
