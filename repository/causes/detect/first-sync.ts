import type { Detector } from '../detector.ts';
import { wholeType } from '../whole-type.ts';

/** Nothing of the type was stored before. */
export const firstSync: Detector = {
  code: 'first-sync',
  find: ({ subjects, changes }) =>
    Promise.resolve(
      subjects
        .filter(({ stored, inserted }) => stored === 0 && inserted > 0 && inserted >= 0.1 * changes)
        .map((type) => ({
          entityType: type.name,
          message: `This is the first sync of ${type.name}: nothing was stored before.`,
          examples: [],
          counts: { inserted: type.inserted },
          explains: wholeType(subjects, type, 'i'),
        })),
    ),
};
