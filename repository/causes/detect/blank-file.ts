import { amount, some } from '../../../domain/amount.ts';
import type { Detector, Finding } from '../detector.ts';
import { wholeType } from '../whole-type.ts';

/** A table that was read whole has no rows. A table of which only delta files are read never counts. */
export const blankFile: Detector = {
  code: 'blank-file',
  find({ subjects }) {
    const found: Finding[] = [];
    for (const type of subjects) {
      if (type.whole && type.read === 0 && type.deleted > 0)
        found.push({
          entityType: type.name,
          message: `${type.table} has no rows, but ${amount(type.stored, 'resource')} ${some(type.stored, 'is', 'are')} stored.`,
          examples: [type.table],
          counts: { stored: type.stored, deleted: type.deleted },
          explains: wholeType(subjects, type, 'd'),
        });
      for (const link of type.links)
        if (type.whole && link.table !== null && link.read === 0 && link.deleted > 0)
          found.push({
            entityType: type.name,
            property: link.name,
            message: `${link.table} has no rows, but ${amount(link.stored, 'link')} of ${link.name} ${some(link.stored, 'is', 'are')} stored.`,
            examples: [link.table],
            counts: { stored: link.stored, deleted: link.deleted },
            explains: [{ kind: 'link', property: link.id, operation: 'd' }],
          });
    }
    return Promise.resolve(found);
  },
};
