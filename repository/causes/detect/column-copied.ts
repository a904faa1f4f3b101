import { amount } from '../../../domain/amount.ts';
import { count, type Detector, type Finding } from '../detector.ts';

/** A property has the values of another property now, which keeps its own. */
export const columnCopied: Detector = {
  code: 'column-copied',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects)
      for (const { to, from, lines } of (await search.copiesOf(type)).filter(({ changed }) => !changed))
        found.push({
          entityType: type.name,
          property: to,
          message: `${to} gets the values of ${from} in ${count(lines)} of ${amount(type.stored, 'resource')}.`,
          examples: [to, from],
          counts: { copied: lines, updated: type.updated, stored: type.stored },
          explains: [{ kind: 'resource', type: type.id, operation: 'u', where: { changes: [to] } }],
        });
    return found;
  },
};
