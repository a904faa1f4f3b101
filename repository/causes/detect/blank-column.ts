import { amount } from '../../../domain/amount.ts';
import { row } from '../../database.ts';
import { count, type Detector, type Finding } from '../detector.ts';
import type { PropertyChange } from '../property-changes.ts';

const nearlyAll = 0.9;
const fewest = 2;
/** Of the pairs of texts that were tried. */
const practicallyAll = 0.99;

/** Nearly all resources that had a value have none any more. */
export const blankColumn: Detector = {
  code: 'blank-column',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      for (const change of await search.changesOf(type)) {
        const { property, becameNull, lines, of } = change;
        if (becameNull < fewest || becameNull < nearlyAll * lines || saysNoByNothing(change)) continue;
        const had = await row<{ n: number }>(
          search.tx,
          'select count(*)::int as n from syncline.resource where entity_type = ? and jsonb_exists(attributes, ?)',
          [type.id, property],
        );
        const became = Math.round((becameNull * type.updated) / of);
        if (!had || became < nearlyAll * had.n) continue;
        found.push({
          entityType: type.name,
          property,
          message: `${property} becomes empty in ${count(became)} of ${amount(type.stored, 'resource')}.`,
          examples: [property],
          counts: { becameEmpty: became, hadValue: had.n, stored: type.stored },
          explains: [{ kind: 'resource', type: type.id, operation: 'u', where: { changes: [property], to: null } }],
        });
      }
      for (const link of type.links)
        if (
          link.table === null &&
          type.whole &&
          type.read > 0 &&
          link.wanted === 0 &&
          link.deleted >= fewest &&
          link.deleted >= nearlyAll * link.stored
        )
          found.push({
            entityType: type.name,
            property: link.name,
            message: `No row of ${type.table} has a value for ${link.name} any more.`,
            examples: [link.name],
            counts: { stored: link.stored, deleted: link.deleted },
            explains: [{ kind: 'link', property: link.id, operation: 'd' }],
          });
    }
    return found;
  },
};

/** A column that has another word for yes now, and none for no, is not blank: see boolean-format-changed. */
const saysNoByNothing = ({ becameNull, lines, tried, forms }: PropertyChange): boolean =>
  becameNull < lines && (forms.boolean ?? 0) >= practicallyAll * tried;
